/** The time limits that run in a case, each once: timers that count a day by a rule, and open tasks that must be done by one. */
import type { Schemas } from "@/client/api";
import { byLanguage } from "@/i18n/language";
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

interface Counted {
  id: string;
  element_name: string;
  due_at: string | null;
  safe_on: string | null;
  is_provisional: boolean;
  rule_name: { zh: string; en: string } | null;
  explanation: Readonly<Record<string, unknown>> | null;
}

/**
 * Returns them, what ends first in front. Several timers may look at one period (a reminder, its end, what comes after): the day
 * is that of the period, not that of the reminder. What the system reminds itself of has no rule behind it and is left out.
 */
export function runningLimits(timers: readonly Schemas["RunningDeadline"][], tasks: readonly Schemas["OpenTask"][]): Running[] {
  const found = new Map<unknown, Running>();
  const all: Counted[] = [...timers.map((timer) => ({ ...timer, id: timer.timer_id })), ...tasks.map((task) => ({ ...task, explanation: task.due_explanation }))];
  for (const one of all) {
    const { explanation } = one;
    if (!explanation?.rule || !one.due_at || found.has(explanation.rule)) continue;
    found.set(explanation.rule, {
      key: one.id,
      name: one.rule_name ? byLanguage(one.rule_name.zh, one.rule_name.en) : one.element_name,
      dueOn: typeof explanation.due === "string" ? explanation.due : lastDayOf(one.due_at),
      safeOn: one.safe_on,
      isSuspended: Boolean(explanation.suspended),
      isProvisional: one.is_provisional,
      explanation,
    });
  }
  return [...found.values()].sort((a, b) => a.dueOn.localeCompare(b.dueOn));
}
