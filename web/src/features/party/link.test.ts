import { expect, test } from "vitest";

import { linkOf } from "./link";

test("a link is read wrongly from the address", () => {
  expect(linkOf("#link=abc-DEF_1")).toBe("abc-DEF_1");
  expect(linkOf("")).toBe("");
  expect(linkOf("#other=1")).toBe("");
});
