import { expect, test } from "vitest";

import type { Schemas } from "@/client/api";
import { runningLimits } from "./running";

const NAMES: Record<string, { zh: string; en: string }> = { "MED-15R": { zh: "调解十五日", en: "Mediation" }, "REV-5": { zh: "仲裁审查", en: "Review" } };

function timer(rule: string | null, dueAt: string, due: string): Schemas["RunningDeadline"] {
  return {
    timer_id: `timer-${dueAt}`,
    process_key: "mediation",
    element_id: "Event",
    element_name: "提醒",
    due_on: null,
    due_at: dueAt,
    days_left: 1,
    safe_on: due,
    is_provisional: false,
    has_passed: false,
    is_suspended: false,
    explanation: rule ? { rule, due } : null,
    rule_name: rule ? NAMES[rule]! : null,
  };
}

function task(rule: string | null, dueAt: string): Schemas["OpenTask"] {
  return {
    id: `task-${dueAt}`,
    process_key: "arbitration-review",
    element_id: "Task",
    element_name: "审查",
    form_key: null,
    state: "created",
    assignee: null,
    assignee_name: null,
    candidate_groups: [],
    groups: [],
    due_at: dueAt,
    safe_on: null,
    is_provisional: false,
    due_explanation: rule ? { rule } : null,
    rule_name: rule ? NAMES[rule]! : null,
    created_at: dueAt,
  };
}

test("a period stands twice, with the day of its reminder, or is missing where only a task has it", () => {
  const found = runningLimits(
    [timer("MED-15R", "2026-12-05T01:00:00+00:00", "2026-12-07"), timer("MED-15R", "2026-12-07T16:00:00+00:00", "2026-12-07"), timer(null, "2026-12-01T01:00:00+00:00", "2026-12-01")],
    [task("REV-5", "2026-11-27T16:00:00+00:00"), task("MED-15R", "2026-12-07T16:00:00+00:00"), task(null, "2026-12-02T16:00:00+00:00")],
  );
  expect(found.map((each) => [each.name, each.dueOn])).toEqual([
    ["仲裁审查", "2026-11-27"],
    ["调解十五日", "2026-12-07"],
  ]);
});
