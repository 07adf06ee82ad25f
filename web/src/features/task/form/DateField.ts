/** A date, time or both, by the browser's own picker: it speaks the reader's language, and on phones it is the one people know. */
import { Datetime } from "@bpmn-io/form-js-viewer";
import { h, type ComponentChild } from "preact";

import { ZONE, showDay } from "@/shared/dates";
import { FieldDescription, FieldErrors, FieldLabel } from "./parts";
import { fieldClass, idsOf, type FieldProps } from "./fieldProps";

const INPUT = { date: "date", time: "time", datetime: "datetime-local" } as const;

const inShanghai = new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE, dateStyle: "short", timeStyle: "short" });

/** Returns a value as the browser's input holds it; an instant of another offset as the bureau's clock shows it. */
export function inputValue(subtype: keyof typeof INPUT, value: unknown): string {
  if (typeof value !== "string") return "";
  if (subtype === "time") return value.slice(0, 5);
  if (subtype === "date") return value;
  return /(Z|[+-]\d{2}:\d{2})$/.test(value) ? inShanghai.format(new Date(value)).replace(" ", "T") : value.slice(0, 16);
}

export function DateField(props: FieldProps): ComponentChild {
  const { field, domId, value, errors, disabled, readonly } = props;
  const subtype = field.subtype === "time" || field.subtype === "datetime" ? field.subtype : "date";
  const ids = idsOf(domId);
  const shown = inputValue(subtype, value);
  const isFull = subtype === "date" && /^[12]\d{3}-\d{2}-\d{2}$/.test(shown);
  return h("div", { class: fieldClass("datetime", props) }, [
    h(FieldLabel, { id: `${domId}-label`, htmlFor: domId, label: field.dateLabel ?? field.timeLabel ?? field.label ?? "", required: field.validate?.required ?? false }),
    h("div", { class: "our-date" }, [
      h("input", {
        id: domId,
        class: "fjs-input",
        type: INPUT[subtype],
        value: shown,
        min: subtype === "date" ? "1900-01-01" : undefined,
        max: subtype === "date" ? "2999-12-31" : undefined,
        disabled,
        readOnly: readonly,
        required: field.validate?.required ?? false,
        "aria-describedby": `${ids.description} ${ids.error}`,
        "aria-invalid": errors.length > 0,
        onInput: (event: Event) => props.onChange({ field, value: (event.target as HTMLInputElement).value || null }),
        onBlur: () => props.onBlur(),
        onFocus: () => props.onFocus(),
      }),
      isFull ? h("span", { class: "our-weekday", "aria-hidden": true }, showDay(shown)) : null,
    ]),
    h(FieldDescription, { id: ids.description, description: field.description }),
    h(FieldErrors, { id: ids.error, errors }),
  ]);
}
DateField.config = { ...Datetime.config };
