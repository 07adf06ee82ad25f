import { afterEach, expect, test } from "vitest";

import { language } from "@/i18n/language";
import { check, sentenceOf } from "./check";
import { ownNames, type FormComponent } from "./component";
import examples from "./examples.json";

afterEach(() => (language.value = "zh"));

interface Example {
  component: FormComponent;
  value: unknown;
  problem: { code: string; zh: string; en: string } | null;
}

// digits beyond what a page lets people enter are counted by the server only
test.each((examples as Example[]).map((example, place) => [place, example] as const))("the page says of example %i what the server does not", (_place, example) => {
  const fault = check(example.component, example.value);
  const said = (speaks: "zh" | "en") => {
    language.value = speaks;
    return fault && sentenceOf(fault, example.component);
  };
  expect(said("zh")).toBe(example.problem?.zh ?? null);
  expect(said("en")).toBe(example.problem?.en ?? null);
});

test("a field in a row is called as if it stood alone", () => {
  const field: FormComponent = { id: "F", type: "textfield", key: "name", label: "姓名" };
  expect(sentenceOf({ name: "required" }, field, [{ list: "申请人", index: 1 }])).toBe("请填写“申请人”第 2 行的“姓名”。");
});

test("a draft keeps what the form does not own", () => {
  const components: FormComponent[] = [
    { id: "a", type: "textfield", key: "a" },
    { id: "g", type: "group", components: [{ id: "b", type: "number", key: "b" }] },
    { id: "p", type: "group", path: "p", components: [{ id: "c", type: "number", key: "c" }] },
    { id: "l", type: "dynamiclist", path: "l", components: [{ id: "d", type: "number", key: "d" }] },
    { id: "t", type: "text" },
  ];
  expect([...ownNames(components)]).toEqual(["a", "b", "p", "l"]);
});
