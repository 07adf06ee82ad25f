/** Dates as the bureau's clocks show them: Asia/Shanghai, whatever the reader's machine says. */
import { language } from "@/i18n/language";

export const ZONE = "Asia/Shanghai";
const DAY_MS = 86_400_000;

const isoDay = new Intl.DateTimeFormat("en-CA", { timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit" });
const clock = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, hour: "2-digit", minute: "2-digit" });

/** Returns the bureau's day of a moment as `2026-11-24`. */
export function dayOf(moment: string | Date): string {
  return isoDay.format(typeof moment === "string" ? new Date(moment) : moment);
}

/** Returns the last day of a time limit whose moment is the midnight after it. */
export function lastDayOf(due: string): string {
  return dayOf(new Date(new Date(due).getTime() - 1));
}

/** Returns whole days from `from` to `to`, both `2026-11-24`; negative when `to` lies before. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Returns `2026-11-24` as a person reads it: with its weekday, and the year only where it is another one. */
export function showDay(day: string, today: string = dayOf(new Date())): string {
  const sameYear = day.slice(0, 4) === today.slice(0, 4);
  const locale = language.value === "zh" ? "zh-CN" : "en-GB";
  const month = language.value === "zh" ? "long" : "short";
  return new Intl.DateTimeFormat(locale, {
    timeZone: "UTC",
    ...(sameYear ? {} : { year: "numeric" }),
    month,
    day: "numeric",
    weekday: "short",
  }).format(new Date(`${day}T00:00:00Z`));
}

/** Returns the time of day of a moment, `14:30`. */
export function showTime(moment: string): string {
  return clock.format(new Date(moment));
}

/** Returns a moment as day and time. */
export function showMoment(moment: string): string {
  return `${showDay(dayOf(moment))} ${clock.format(new Date(moment))}`;
}
