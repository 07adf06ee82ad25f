import { beforeEach, expect, test } from "vitest";

import { dropKept, keep, readKept } from "./keeping";

beforeEach(() => localStorage.clear());

test("a killed tab loses what was typed", () => {
  keep({ agreed: "2026-11", content: { area_code: "1" } });
  expect(readKept()).toEqual({ agreed: "2026-11", content: { area_code: "1" } });
  keep({ token: "x", agreed: "2026-11" });
  expect(readKept()).toEqual({ token: "x", agreed: "2026-11" });
  dropKept();
  expect(readKept()).toEqual({});
});

test.each(["", "null", "[1", '"text"', '{"token":7,"agreed":{}}'])("what somebody else left there (%j) breaks the page", (left) => {
  localStorage.setItem("tingzhu.application", left);
  expect(readKept()).toEqual({});
});
