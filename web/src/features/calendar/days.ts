/** Weeks and months as lists of days, all `2026-11-24`; a week begins on Monday. */
import { addDays } from "@/shared/dates";

const WEEK = 7;

export type Span = "week" | "month";

/** Returns 0 for Monday to 6 for Sunday. */
export function weekday(day: string): number {
  return (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % WEEK;
}

export function weekOf(day: string): string[] {
  const monday = addDays(day, -weekday(day));
  return Array.from({ length: WEEK }, (_, index) => addDays(monday, index));
}

/** Returns the whole weeks that a day's month touches. */
export function monthOf(day: string): string[] {
  const first = `${day.slice(0, 7)}-01`;
  const days: string[] = [];
  for (let monday = addDays(first, -weekday(first)); monday <= first || monday.slice(0, 7) === day.slice(0, 7); monday = addDays(monday, WEEK)) {
    days.push(...weekOf(monday));
  }
  return days;
}

export const daysOf = (span: Span, day: string): string[] => (span === "week" ? weekOf(day) : monthOf(day));

/** Returns the day at the same place of the week, or the first day of the month, `steps` further. */
export function shifted(span: Span, day: string, steps: number): string {
  if (span === "week") return addDays(day, steps * WEEK);
  const [year = 0, month = 1] = day.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1 + steps, 1)).toISOString().slice(0, 10);
}

export function isDay(value: unknown): value is string {
  return typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)) && new Date(value).toISOString().startsWith(value);
}
