import { expect, test } from "vitest";

import { nameOf } from "./parties";

const party = (side: string, position: number, name: string) => ({ side, position, name }) as never;

test("whoever was not served is called by a code", () => {
  const parties = [party("applicant", 1, "示例甲"), party("respondent", 2, "示例乙公司")];
  expect(nameOf("respondent-2", parties)).toBe("示例乙公司");
  expect(nameOf("respondent-1", parties)).toBe("respondent-1");
  expect(nameOf("applicant", parties)).toBe("示例甲");
  expect(nameOf("organisation", parties)).toBe("organisation");
});
