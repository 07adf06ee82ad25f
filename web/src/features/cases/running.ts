/** The time limits that run in a case: timers that count a day, and open tasks that must be done by one. */
import type { Schemas } from "@/client/api";
import { lastDayOf } from "@/shared/dates";

export interface Running {
  key: string;
  name: string;
  dueOn: string;
  safeOn: string | null;
  isSuspended: boolean;
  isProvisional: boolean;
  explanation: Readonly<Record<string, unknown>>;
}

/** Returns them, what ends first in front. What the system reminds itself of has no rule behind it and is left out. */
export function runningLimits(timers: readonly Schemas["RunningDeadline"][], tasks: readonly Schemas["OpenTask"][]): Running[] {
  const found: Running[] = [];
  for (const timer of timers) {
    if (!timer.explanation) continue;
    found.push({
      key: timer.timer_id,
      name: timer.element_name,
      dueOn: timer.due_on ?? lastDayOf(timer.due_at),
      safeOn: timer.safe_on ?? null,
      isSuspended: timer.is_suspended,
      isProvisional: timer.is_provisional,
      explanation: timer.explanation,
    });
  }
  const counted = new Set(found.map((each) => each.explanation.rule));
  for (const task of tasks) {
    const explanation = task.due_explanation;
    if (!explanation || !task.due_at || !explanation.rule || counted.has(explanation.rule)) continue;
    found.push({
      key: task.id,
      name: task.element_name,
      dueOn: lastDayOf(task.due_at),
      safeOn: task.safe_on ?? null,
      isSuspended: Boolean(explanation.suspended),
      isProvisional: task.is_provisional,
      explanation,
    });
  }
  return found.sort((a, b) => a.dueOn.localeCompare(b.dueOn));
}
