import { describe, expect, it } from "vitest";

import { groupScenarios, isUnderWay, type Scenario } from "./scenarios";

function scenario(folder: string, isGood?: boolean): Scenario {
  const last = isGood === undefined ? null : ({ is_good: isGood } as NonNullable<Scenario["last_result"]>);
  return { file: `${folder}/scenarios/a.yaml`, folder, name: "a", last_result: last };
}

describe("scenarios by process", () => {
  it("are counted by what came of them", () => {
    const [mediation, other] = groupScenarios(
      [scenario("mediation", true), scenario("mediation", false), scenario("mediation"), scenario("leave", true)],
      new Map([["mediation", "调解"]]),
    );
    expect(mediation).toMatchObject({ folder: "mediation", name: "调解", good: 1, failed: 1, never: 1 });
    expect(other).toMatchObject({ folder: "leave", name: "leave", good: 1, failed: 0, never: 0 });
  });
});

describe("a run", () => {
  it("is under way until it has finished or failed", () => {
    expect(["waiting", "running", "finished", "failed"].map((state) => isUnderWay({ state }))).toEqual([true, true, false, false]);
    expect(isUnderWay(undefined)).toBe(false);
  });
});
