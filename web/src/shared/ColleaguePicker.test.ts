import { mount } from "@vue/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { i18n } from "@/i18n";
import ColleaguePicker, { type Colleague } from "./ColleaguePicker.vue";

const colleague = (username: string): Colleague => ({ username, display_name: `${username} 的姓名`, roles: [{ code: "mediator", zh: "调解员", en: "Mediator" }], organisation: null });
let asked: URL[] = [];

beforeEach(() => {
  asked = [];
  vi.useFakeTimers();
  vi.stubGlobal("fetch", (request: Request) => {
    const url = new URL(request.url);
    asked.push(url);
    const q = url.searchParams.get("q") ?? "";
    const items = ["li", "wang", "zhao"].filter((name) => name.includes(q)).map(colleague);
    return Promise.resolve(Response.json({ items, has_more: false }));
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function picker(more: { multiple?: boolean; except?: string[] } = {}) {
  const found = mount(ColleaguePicker, {
    props: {
      purpose: "handover" as const,
      label: "交给谁",
      taskIds: ["t1"],
      modelValue: [],
      "onUpdate:modelValue": (chosen: Colleague[]) => found.setProps({ modelValue: chosen }),
      ...more,
    },
    global: { plugins: [i18n] },
  });
  return found;
}
const settle = () => vi.advanceTimersByTimeAsync(300);
const chosen = (found: ReturnType<typeof picker>) => found.props("modelValue").map((each) => each.username);

test("a colleague cannot be found and chosen by keyboard alone", async () => {
  const found = picker();
  const input = found.get("input");
  await input.trigger("focus");
  await settle();
  expect(found.findAll("[role=option]")).toHaveLength(3);
  await input.setValue("a");
  await settle();
  expect(asked.at(-1)?.searchParams.get("q")).toBe("a");
  expect(asked.at(-1)?.searchParams.getAll("user_task_id")).toEqual(["t1"]);
  await input.trigger("keydown", { key: "ArrowDown" });
  await input.trigger("keydown", { key: "Enter" });
  expect(chosen(found)).toEqual(["zhao"]);
  expect(found.find("input").exists()).toBe(false);
});

test("several readers cannot be chosen, or the last not taken back", async () => {
  const found = picker({ multiple: true });
  await found.get("input").trigger("focus");
  await settle();
  await found.get("input").trigger("keydown", { key: "Enter" });
  await settle();
  expect(found.findAll("[role=option]").map((each) => each.get(".small").text())).toEqual(["wang", "zhao"]);
  await found.get("input").trigger("keydown", { key: "ArrowDown" });
  await found.get("input").trigger("keydown", { key: "Enter" });
  expect(chosen(found)).toEqual(["li", "wang"]);
  await found.get("input").trigger("keydown", { key: "Backspace" });
  expect(chosen(found)).toEqual(["li"]);
});

test("whoever holds the task already is offered, or Enter in an empty list sends the form", async () => {
  const found = picker({ except: ["li", "wang", "zhao"] });
  await found.get("input").trigger("focus");
  await settle();
  expect(found.text()).toContain("没有可选的同事");
  const event = new KeyboardEvent("keydown", { key: "Enter", cancelable: true });
  found.get("input").element.dispatchEvent(event);
  expect(event.defaultPrevented).toBe(true);
  expect(chosen(found)).toEqual([]);
});
