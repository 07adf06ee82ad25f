/** What a correction changes: the fields of a completed form whose values are others now, and how they read. */
import { labelOf, type FormComponent } from "@/features/task/form/component";
import type { FormData } from "@/features/task/form/engine";

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === "" || (Array.isArray(value) && !value.length);

/** Returns the fields of `entered` that differ from `known`; what was empty and still is, does not. */
export function changedFields(known: FormData, entered: FormData): FormData {
  return Object.fromEntries(
    Object.entries(entered).filter(([key, value]) => {
      if (isEmpty(value) && isEmpty(known[key])) return false;
      return JSON.stringify(value ?? null) !== JSON.stringify(known[key] ?? null);
    }),
  );
}

function fieldOf(components: readonly FormComponent[], key: string): FormComponent | undefined {
  for (const component of components) {
    if (component.key === key) return component;
    const inside = component.components && !component.path ? fieldOf(component.components, key) : undefined;
    if (inside) return inside;
  }
  return components.find((component) => component.path === key);
}

/** Returns what a field is called on its form; its key where it is not on it. */
export function fieldName(components: readonly FormComponent[], key: string): string {
  const field = fieldOf(components, key);
  return (field && labelOf(field)) || key;
}

/** Returns a value as the form shows it: choices by their words. Rows of lists are counted by whoever calls. */
export function valueText(components: readonly FormComponent[], key: string, value: unknown, words: { yes: string; no: string; none: string; rows: (count: number) => string }): string {
  if (isEmpty(value)) return words.none;
  if (typeof value === "boolean") return value ? words.yes : words.no;
  const choices = fieldOf(components, key)?.values ?? [];
  const wordOf = (one: unknown) => choices.find((choice) => choice.value === one)?.label ?? String(one);
  if (!Array.isArray(value)) return typeof value === "object" ? words.rows(1) : wordOf(value);
  return value.every((one) => typeof one !== "object") ? value.map(wordOf).join("、") : words.rows(value.length);
}
