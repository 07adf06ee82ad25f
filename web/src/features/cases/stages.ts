/** The chain as people picture it: a few stations, of which a case has passed some and stands at one. */
import type { Schemas } from "@/client/api";

export interface Station {
  key: string;
  zh: string;
  en: string;
}

export const STATIONS: readonly Station[] = [
  { key: "intake", zh: "受理登记", en: "Intake" },
  { key: "negotiation", zh: "协商", en: "Negotiation" },
  { key: "mediation", zh: "调解", en: "Mediation" },
  { key: "effect", zh: "协议效力确认", en: "Effect confirmed" },
  { key: "performance", zh: "履行回访", en: "Performance" },
  { key: "end", zh: "结案归档", en: "Archive" },
];

const STATION_OF: readonly [RegExp, string][] = [
  [/^(draft|registered|transferred|referred_out)$/, "intake"],
  [/^neg_/, "negotiation"],
  [/^med_/, "mediation"],
  [/^(rev|jc)_/, "effect"],
  [/^(perf|po)_|^enforcement$/, "performance"],
];

/** Returns the station of a stage. What leaves the chain (arbitration, suit, withdrawal) stands at its end. */
export function stationOf(stage: string): string {
  return STATION_OF.find(([pattern]) => pattern.test(stage))?.[1] ?? "end";
}

export interface Stop extends Station {
  state: "passed" | "here" | "skipped" | "ahead";
  stages: Schemas["StageChange"][];
}

/** Returns the stations with what a case did at each; those it never saw on the way are skipped. */
export function stopsOf(stages: readonly Schemas["StageChange"][], current: string): Stop[] {
  const here = STATIONS.findIndex((station) => station.key === stationOf(current));
  return STATIONS.map((station, index) => {
    const seen = stages.filter((stage) => stationOf(stage.code) === station.key);
    const state = index === here ? "here" : index > here ? "ahead" : seen.length ? "passed" : "skipped";
    return { ...station, state, stages: seen };
  });
}
