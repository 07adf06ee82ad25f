import { expect, test } from "vitest";

import { addressOf, filtersOf, filtersOfSaved, isNarrowed, isSame, requestOf, type Filters } from "./filters";

const PLAIN: Filters = { view: "mine", sort: "law", q: "", cause: "", stage: "", flag: "", days: null };
const NARROW: Filters = { view: "all", sort: "due", q: " 网络 科技 ", cause: "wages", stage: "med_accepted", flag: "migrant-wage", days: 0 };

test("an address does not lead back to the list it was made of", () => {
  for (const filters of [PLAIN, { ...NARROW, q: "网络 科技" }, { ...PLAIN, view: "done", sort: "newest" } as const]) {
    expect(filtersOf(addressOf(filters) as Record<string, string>)).toEqual(filters);
  }
});

test("an address with nonsense in it shows something else than the usual list", () => {
  expect(filtersOf({ view: "x", sort: "y", days: "-1", q: null, cause: ["wages", "other"] })).toEqual({ ...PLAIN, cause: "wages" });
});

test("the server is asked for what is not filtered", () => {
  expect(requestOf(PLAIN)).toEqual({ view: "mine", sort: "law" });
  expect(requestOf(NARROW)).toEqual({ sort: "due", q: "网络 科技", cause_code: ["wages"], stage: ["med_accepted"], flag: "migrant-wage", law_within_days: 0 });
});

test("a saved filter is not the one that was saved", () => {
  for (const filters of [PLAIN, NARROW]) {
    const saved = { id: "1", name: "x", query: requestOf(filters) as unknown as Record<string, never> };
    expect(isSame(filtersOfSaved(saved), filters)).toBe(true);
  }
  expect(isSame(PLAIN, { ...PLAIN, days: 3 })).toBe(false);
});

test("a filter of today is taken for none", () => {
  expect(isNarrowed({ ...PLAIN, days: 0 })).toBe(true);
  expect(isNarrowed({ ...PLAIN, q: " " })).toBe(false);
});
