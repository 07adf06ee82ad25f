import { expect, test } from "vitest";

import type { Schemas } from "@/client/api";
import { runningLimits } from "./running";

function timer(rule: string | null, dueOn: string): Schemas["RunningDeadline"] {
  return {
    timer_id: `timer-${dueOn}`,
    process_key: "mediation",
    element_id: "Event",
    element_name: "期限",
    due_on: dueOn,
    due_at: `${dueOn}T16:00:00+00:00`,
    days_left: 1,
    safe_on: dueOn,
    is_provisional: false,
    has_passed: false,
    is_suspended: false,
    explanation: rule ? { rule } : null,
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
    created_at: dueAt,
  };
}

test("a task that the law sets a day for is missing beside the timers, or stands twice", () => {
  const found = runningLimits([timer("MED-15R", "2026-12-07"), timer(null, "2026-12-01")], [task("REV-5", "2026-11-27T16:00:00+00:00"), task("MED-15R", "2026-12-07T16:00:00+00:00"), task(null, "2026-12-02T16:00:00+00:00")]);
  expect(found.map((each) => [each.name, each.dueOn])).toEqual([
    ["审查", "2026-11-27"],
    ["期限", "2026-12-07"],
  ]);
});
