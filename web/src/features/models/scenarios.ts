/** Scenarios by process, and what became of them, counted. */
import type { Schemas } from "@/client/api";

export type Scenario = Schemas["Scenario"];

export interface Group {
  folder: string;
  name: string;
  scenarios: Scenario[];
  good: number;
  failed: number;
  never: number;
}

/** Puts scenarios together by their folder; `names` are those of the processes by key. */
export function groupScenarios(scenarios: readonly Scenario[], names: ReadonlyMap<string, string>): Group[] {
  const groups = new Map<string, Group>();
  for (const scenario of scenarios) {
    let group = groups.get(scenario.folder);
    if (!group) groups.set(scenario.folder, (group = { folder: scenario.folder, name: names.get(scenario.folder) ?? scenario.folder, scenarios: [], good: 0, failed: 0, never: 0 }));
    group.scenarios.push(scenario);
    group[!scenario.last_result ? "never" : scenario.last_result.is_good ? "good" : "failed"] += 1;
  }
  return [...groups.values()];
}

export function isUnderWay(run: { state: string } | undefined): boolean {
  return run?.state === "waiting" || run?.state === "running";
}
