import { afterEach, expect, test, vi } from "vitest";

import { copyText } from "./copyText";

afterEach(() => {
  vi.unstubAllGlobals();
  document.body.innerHTML = "";
});

test("a page without a clipboard cannot copy, or leaves traces and takes the focus away", async () => {
  vi.stubGlobal("navigator", { ...navigator, clipboard: undefined });
  let copied = "";
  document.execCommand = () => {
    copied = document.querySelector("textarea")?.value ?? "";
    return true;
  };
  document.body.innerHTML = "<button>复制</button>";
  const button = document.querySelector("button");
  button?.focus();
  expect(await copyText("370402199001011234")).toBe(true);
  expect(copied).toBe("370402199001011234");
  expect(document.querySelector("textarea")).toBeNull();
  expect(document.activeElement).toBe(button);
});

test("a refusal of the browser is told as a copy", async () => {
  vi.stubGlobal("navigator", { ...navigator, clipboard: { writeText: () => Promise.reject(new Error("no")) } });
  document.execCommand = () => false;
  expect(await copyText("x")).toBe(false);
});
