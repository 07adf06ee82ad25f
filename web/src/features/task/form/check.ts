/** Checks a field as the server will, and says it in the server's own words (`sentences.json`, made by the engine). */
import { byLanguage } from "@/i18n/language";
import { labelOf, type FormComponent } from "./component";
import { isEmail, isPhone } from "./contacts";
import { compare, decimals, neighbours, parseDecimal } from "./decimal";
import { faults, longest, subjects } from "./sentences.json";

export type FaultName = keyof typeof faults;

export interface Fault {
  name: FaultName;
  values?: Record<string, string>;
  /** A sentence of the form's own author. */
  own?: string;
}

/** `validate.min` and so on, with their FEEL evaluated; undefined where there is none. */
export interface Bounds {
  min?: unknown;
  max?: unknown;
  minLength?: unknown;
  maxLength?: unknown;
}

/** A row that a field stands in: what the list is called, and its place from 0. */
export interface Row {
  list: string;
  index: number;
}

type Words = { zh: string; en: string };

const fill = (words: Words, values: Record<string, string>): string =>
  byLanguage(words.zh, words.en).replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);

/** Returns a fault as the sentence that stands at its field. */
export function sentenceOf(fault: Fault, field: FormComponent, rows: readonly Row[] = []): string {
  if (fault.own) return fault.own;
  const row = rows.at(-1);
  const label = labelOf(field);
  const subject = row ? fill(subjects.inRow, { label, list: row.list, row: String(row.index + 1) }) : fill(subjects.field, { label });
  return fill(faults[fault.name], { ...fault.values, subject });
}

/** Returns the first rule that a field's value breaks, in the server's order; null when it keeps all. */
export function check(field: FormComponent, value: unknown, bounds: Bounds = field.validate ?? {}): Fault | null {
  return shape(field, value) ?? presence(field, value) ?? rules(field, value, bounds);
}

const isEmpty = (value: unknown): boolean => value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length);

function presence(field: FormComponent, value: unknown): Fault | null {
  if (!field.validate?.required) return null;
  if (field.type === "checkbox") return value === true ? null : { name: "requiredTick" };
  if (typeof value === "string" ? value.trim() : !isEmpty(value)) return null;
  if (["radio", "select", "checklist", "taglist", "datetime"].includes(field.type)) return { name: "requiredChoice" };
  return { name: field.type === "filepicker" ? "requiredFile" : "required" };
}

function shape(field: FormComponent, value: unknown): Fault | null {
  if (isEmpty(value)) return null;
  if (field.type === "number") return numberShape(field, value);
  if (field.type === "datetime") return momentShape(field, String(value));
  return null;
}

function numberShape(field: FormComponent, value: unknown): Fault | null {
  const number = parseDecimal(String(value));
  if (!number) return { name: "notANumber" };
  const digits = field.decimalDigits;
  if (digits !== undefined && decimals(number) > digits) {
    return digits === 0 ? { name: "notAnInteger" } : { name: "tooManyDecimals", values: { digits: String(digits) } };
  }
  const step = field.increment === undefined ? null : parseDecimal(String(field.increment));
  const near = step && neighbours(number, step);
  return near ? { name: "notAStep", values: { step: String(field.increment), lower: near[0], higher: near[1] } } : null;
}

function momentShape(field: FormComponent, value: string): Fault | null {
  if (field.subtype === "time") return isTime(value) ? null : { name: "wrongTime" };
  if (field.subtype === "datetime") {
    const [day = "", time = "", ...more] = value.split("T");
    return !more.length && isDay(day) && isTime(time) ? null : { name: "wrongDatetime" };
  }
  return isDay(value) ? null : { name: "wrongDate" };
}

function isDay(text: string): boolean {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!found) return false;
  const day = new Date(`${text}T00:00:00Z`);
  const year = Number(found[1]);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text) && year >= 1900 && year <= 2999;
}

function isTime(text: string): boolean {
  const found = /^(\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:\d{2})?$/.exec(text);
  return found !== null && Number(found[1]) < 24 && Number(found[2]) < 60 && Number(found[3] ?? 0) < 60;
}

function rules(field: FormComponent, value: unknown, bounds: Bounds): Fault | null {
  if (isEmpty(value)) return null;
  switch (field.type) {
    case "textfield":
    case "textarea":
      return textRules(field, String(value), bounds);
    case "number":
      return numberRules(String(value), bounds);
    case "radio":
    case "select":
    case "checklist":
    case "taglist":
      return choiceRules(field, value);
    default:
      return null;
  }
}

function textRules(field: FormComponent, value: string, bounds: Bounds): Fault | null {
  const length = value.trim().length;
  const least = limit(bounds.minLength);
  if (least !== null && length < least) return { name: "tooShort", values: { least: String(least) } };
  const most = Math.min(limit(bounds.maxLength) ?? longest[field.type === "textfield" ? "textfield" : "textarea"], longest.textarea);
  if (length > most) return { name: "tooLong", values: { most: String(most) } };
  const { pattern, patternErrorMessage, validationType } = field.validate ?? {};
  if (pattern && !new RegExp(pattern).test(value)) return { name: "wrongFormat", own: patternErrorMessage?.trim() || undefined };
  if (validationType === "email" && !isEmail(value)) return { name: "wrongEmail" };
  return validationType === "phone" && !isPhone(value) ? { name: "wrongPhone" } : null;
}

function numberRules(value: string, bounds: Bounds): Fault | null {
  const number = parseDecimal(value);
  const least = bound(bounds.min);
  if (number && least && compare(number, least.value) < 0) return { name: "tooSmall", values: { least: least.text } };
  const most = bound(bounds.max);
  if (number && most && compare(number, most.value) > 0) return { name: "tooLarge", values: { most: most.text } };
  return null;
}

function choiceRules(field: FormComponent, value: unknown): Fault | null {
  if (!field.values) return null; // options that depend on other data: the field itself offers no others
  const offered = field.values.map((choice) => choice.value);
  const chosen = Array.isArray(value) ? value : [value];
  return chosen.every((item) => offered.includes(item)) ? null : { name: "notAChoice" };
}

function limit(given: unknown): number | null {
  const number = given === undefined || given === null || given === "" ? NaN : Number(given);
  return Number.isFinite(number) ? number : null;
}

function bound(given: unknown): { text: string; value: NonNullable<ReturnType<typeof parseDecimal>> } | null {
  if (given === undefined || given === null || given === "") return null;
  const value = parseDecimal(String(given));
  return value && { text: String(given).trim(), value };
}
