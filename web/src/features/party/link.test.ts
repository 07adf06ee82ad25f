import { expect, test } from "vitest";

import { letterOf, linkOf } from "./link";

test("a link is read wrongly from the address", () => {
  expect(linkOf("#link=abc-DEF_1")).toBe("abc-DEF_1");
  expect(linkOf("")).toBe("");
  expect(linkOf("#other=1")).toBe("");
});

test("a letter is read wrongly from the address", () => {
  expect(letterOf("#number=%E6%9E%A3%E8%B0%83%E3%80%942026%E3%80%951%E5%8F%B7&code=ABCD-EFGH-JKLM")).toEqual({ number: "枣调〔2026〕1号", code: "ABCD-EFGH-JKLM" });
  expect(letterOf("#link=x")).toEqual({ number: "", code: "" });
});
