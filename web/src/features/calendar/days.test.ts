import { expect, test } from "vitest";

import { daysOf, isDay, monthOf, shifted, weekOf } from "./days";

test("a week does not begin on Monday, or breaks over the end of a year", () => {
  expect(weekOf("2026-11-30")).toEqual(["2026-11-30", "2026-12-01", "2026-12-02", "2026-12-03", "2026-12-04", "2026-12-05", "2026-12-06"]);
  expect(weekOf("2027-01-01")[0]).toBe("2026-12-28");
  expect(weekOf("2026-12-06")[0]).toBe("2026-11-30");
});

test.each([
  { day: "2026-11-15", first: "2026-10-26", last: "2026-12-06", weeks: 6 },
  { day: "2027-02-28", first: "2027-02-01", last: "2027-02-28", weeks: 4 },
  { day: "2026-12-01", first: "2026-11-30", last: "2027-01-03", weeks: 5 },
])("a month is not whole weeks: $day", ({ day, first, last, weeks }) => {
  const days = monthOf(day);
  expect([days[0], days.at(-1), days.length / 7]).toEqual([first, last, weeks]);
});

test("the next month of a long day is skipped", () => {
  expect(shifted("month", "2026-01-31", 1)).toBe("2026-02-01");
  expect(shifted("month", "2026-01-31", -1)).toBe("2025-12-01");
  expect(shifted("week", "2026-12-30", 1)).toBe("2027-01-06");
});

test("an address with another day than there is breaks the page", () => {
  expect([isDay("2026-02-30"), isDay("tomorrow"), isDay(undefined), isDay("2026-02-28")]).toEqual([false, false, false, true]);
  expect(daysOf("month", "2026-02-28").length).toBeLessThanOrEqual(42);
});
