import { expect, test } from "vitest";

import { stationOf, stopsOf } from "./stages";

const stage = (code: string) => ({ code, zh: code, en: code, at: "2026-09-01T00:00:00Z" });

test("a stage stands at the wrong station", () => {
  expect(stationOf("registered")).toBe("intake");
  expect(stationOf("jc_confirmed")).toBe("effect");
  expect(stationOf("po_issued")).toBe("performance");
  expect(stationOf("arb_handed_over")).toBe("end");
  expect(stationOf("archived")).toBe("end");
});

test("a station that was left out counts as passed, or one ahead as skipped", () => {
  const stops = stopsOf([stage("registered"), stage("med_running"), stage("med_agreed")], "med_agreed");
  expect(stops.map((stop) => stop.state)).toEqual(["passed", "skipped", "here", "ahead", "ahead", "ahead"]);
});
