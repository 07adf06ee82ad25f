import { expect, test } from "vitest";

import { passwordFault } from "./password";

test.each([
  ["", "bamboo in rain", "bamboo in rain", "incomplete"],
  ["old", "short", "short", "short"],
  ["old", "bamboo in rain", "bamboo in wind", "different"],
  ["old", "bamboo in rain", "bamboo in rain", undefined],
])("a new password that does not fit is sent: %s %s %s", (current, next, again, fault) => {
  expect(passwordFault(current, next, again)).toBe(fault);
});
