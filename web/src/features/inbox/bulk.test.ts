import { expect, test } from "vitest";

import type { FormComponent } from "../task/form/component";
import { allowsSeveral, commonValues, ownValues } from "./bulk";

const field = (type: string, required = false) => ({ id: type, type, key: type, validate: { required } }) as unknown as FormComponent;

test.each([
  { form: [field("text"), field("radio", true), field("datetime", true)], allows: true },
  { form: [field("radio", true), field("textarea")], allows: true },
  { form: [field("radio", true), field("textarea", true)], allows: false },
  { form: [field("radio", true), field("number")], allows: false },
  { form: [field("radio", true), field("filepicker")], allows: false },
  { form: [field("radio", true), { ...field("dynamiclist"), components: [field("radio")] } as unknown as FormComponent], allows: false },
  { form: [field("text"), field("textarea")], allows: false },
  { form: [], allows: false },
])("a form is taken for one that many cases answer alike, or not: $allows $form.length", ({ form, allows }) => {
  expect(allowsSeveral(form)).toBe(allows);
});

test("what one case knows is filled in for another", () => {
  expect(commonValues([{ a: 1, b: "x", c: "" }, { a: 1, b: "y", c: "" }])).toEqual({ a: 1 });
  expect(commonValues([])).toEqual({});
});

test("a task loses what it knows itself, or keeps it against what was entered for all", () => {
  const begun = { way: "phone" };
  const entered = { way: "phone", outcome: "agreed", received_on: null, told: false };
  expect(ownValues(entered, begun, { way: "phone", received_on: "2026-11-02", outcome: "refused", told: true })).toEqual({
    way: "phone",
    outcome: "agreed",
    received_on: "2026-11-02",
    told: true,
  });
  expect(ownValues({ way: "letter" }, begun, { way: "phone" })).toEqual({ way: "letter" });
});
