import { expect, test } from "vitest";

import { showAmount } from "./money";

test("an amount loses cents or is grouped wrongly", () => {
  expect(showAmount("18000.00")).toBe("¥18,000.00");
  expect(showAmount("999")).toBe("¥999.00");
  expect(showAmount("12345678901234567.89")).toBe("¥12,345,678,901,234,567.89");
});
