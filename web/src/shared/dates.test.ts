import { expect, test } from "vitest";

import { addDays, dayOf, daysBetween, lastDayOf, showDay } from "./dates";

test("an evening in UTC is counted as the day before in Shanghai", () => {
  expect(dayOf("2026-11-24T16:30:00Z")).toBe("2026-11-25");
});

test("a time limit that ends at midnight shows the day after as its last", () => {
  expect(lastDayOf("2026-12-01T00:00:00+08:00")).toBe("2026-11-30");
  expect(lastDayOf("2026-12-01T17:00:00+08:00")).toBe("2026-12-01");
});

test("days are lost between months", () => {
  expect(daysBetween("2026-02-27", "2026-03-02")).toBe(3);
  expect(daysBetween("2026-03-02", "2026-02-27")).toBe(-3);
  expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
});

test("a day of another year hides its year", () => {
  expect(showDay("2027-01-04", "2026-11-24")).toContain("2027");
  expect(showDay("2026-12-01", "2026-11-24")).toBe("12月1日周二");
});
