import { expect, test } from "vitest";

import type { FormComponent } from "@/features/task/form/component";
import { changedFields, fieldName, valueText } from "./changes";

const words = { yes: "是", no: "否", none: "（空）", rows: (count: number) => `${count} 行` };
const form = [
  { id: "1", type: "number", key: "amount", label: "金额" },
  { id: "2", type: "group", components: [{ id: "3", type: "radio", key: "way", label: "途径", values: [{ label: "调解", value: "mediation" }] }] },
  { id: "4", type: "dynamiclist", path: "items", label: "条款", components: [{ id: "5", type: "textfield", key: "amount", label: "条款金额" }] },
] as unknown as FormComponent[];

test("a field that nobody touched is corrected too", () => {
  const known = { amount: 18000, way: null, items: [{ amount: 1 }] };
  expect(changedFields(known, { amount: 18000, way: "", items: [{ amount: 1 }] })).toEqual({});
  expect(changedFields(known, { amount: 15000, way: "mediation", items: [{ amount: 2 }] })).toEqual({ amount: 15000, way: "mediation", items: [{ amount: 2 }] });
});

test("a change is told by codes", () => {
  expect(fieldName(form, "way")).toBe("途径");
  expect(fieldName(form, "amount")).toBe("金额");
  expect(fieldName(form, "unknown")).toBe("unknown");
  expect(valueText(form, "way", "mediation", words)).toBe("调解");
  expect(valueText(form, "items", [{ amount: 1 }, { amount: 2 }], words)).toBe("2 行");
  expect(valueText(form, "way", null, words)).toBe("（空）");
  expect(valueText(form, "amount", true, words)).toBe("是");
});
