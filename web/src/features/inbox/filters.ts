/** What the inbox is narrowed to: in the page's address, in a request, and in a saved filter. */
import type { LocationQuery, LocationQueryRaw } from "vue-router";

import type { Schemas } from "@/client/api";

export const VIEWS = ["mine", "groups", "waiting", "done", "all"] as const;
export const SORTS = ["law", "due", "newest", "priority"] as const;
export const DAYS = [0, 3, 7, 15] as const;
export type View = (typeof VIEWS)[number];
export type Sort = (typeof SORTS)[number];

export interface Filters {
  /** `all`: every open task of the cases in scope, for those who give work to others. */
  view: View;
  sort: Sort;
  q: string;
  cause: string;
  stage: string;
  flag: string;
  /** The next day that the law sets is at most this many days away, or past. */
  days: number | null;
}

const LONGEST_SEARCH = 100;
const text = (value: unknown): string => (typeof value === "string" ? value : Array.isArray(value) && typeof value[0] === "string" ? value[0] : "");
const days = (value: unknown): number | null => (/^\d{1,3}$/.test(String(value ?? "")) ? Number(value) : null);

export function filtersOf(query: LocationQuery): Filters {
  const view = VIEWS.find((name) => name === query["view"]) ?? "mine";
  return {
    view,
    sort: SORTS.find((name) => name === query["sort"]) ?? (view === "done" ? "newest" : "law"),
    q: text(query["q"]).slice(0, LONGEST_SEARCH),
    cause: text(query["cause"]),
    stage: text(query["stage"]),
    flag: text(query["flag"]),
    days: days(query["days"]),
  };
}

/** Returns the address of a list; what is as usual is left out. */
export function addressOf(filters: Filters): LocationQueryRaw {
  const { view, sort, q, cause, stage, flag } = filters;
  const usual = view === "done" ? "newest" : "law";
  const entries = { view, sort: sort === usual ? "" : sort, q: q.trim(), cause, stage, flag, days: filters.days === null ? "" : String(filters.days) };
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value));
}

/** Returns the filters as `GET /user-tasks` takes them; also what a saved filter holds. */
export function requestOf(filters: Filters) {
  return {
    sort: filters.sort,
    ...(filters.view === "all" ? {} : { view: filters.view }),
    ...(filters.q.trim() ? { q: filters.q.trim() } : {}),
    ...(filters.cause ? { cause_code: [filters.cause] } : {}),
    ...(filters.stage ? { stage: [filters.stage] } : {}),
    ...(filters.flag ? { flag: filters.flag } : {}),
    ...(filters.days === null ? {} : { law_within_days: filters.days }),
  };
}

/** Returns the filters of a saved one. */
export function filtersOfSaved(saved: Schemas["SavedFilter"]): Filters {
  const kept = saved.query;
  const view = VIEWS.find((name) => name === kept["view"]) ?? "all";
  return {
    view,
    sort: SORTS.find((name) => name === kept["sort"]) ?? "law",
    q: text(kept["q"]),
    cause: text(kept["cause_code"]),
    stage: text(kept["stage"]),
    flag: text(kept["flag"]),
    days: days(kept["law_within_days"]),
  };
}

export function isSame(one: Filters, other: Filters): boolean {
  return JSON.stringify(requestOf(one)) === JSON.stringify(requestOf(other));
}

export function isNarrowed(filters: Filters): boolean {
  return Boolean(filters.q.trim() || filters.cause || filters.stage || filters.flag || filters.days !== null);
}
