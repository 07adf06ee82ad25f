/** One of several, by the browser's own list: it works by keyboard, by touch and for screen readers as people know it. */
import { FormContext, Select, useExpressionEvaluation } from "@bpmn-io/form-js-viewer";
import { h, type ComponentChild } from "preact";
import { useContext, useEffect } from "preact/hooks";

import { byLanguage } from "@/i18n/language";
import type { Choice } from "./component";
import { FieldDescription, FieldErrors, FieldLabel } from "./parts";
import { fieldClass, idsOf, type FieldProps } from "./fieldProps";

interface FormState {
  _getState(): { initialData: Record<string, unknown> | null };
}

/** Returns options as value and label; bare values stand for themselves. */
export function choicesOf(given: unknown): Required<Choice>[] {
  if (!Array.isArray(given)) return [];
  return given.flatMap((option: unknown) => {
    if (typeof option === "string" || typeof option === "number" || typeof option === "boolean") return [{ value: option, label: String(option) }];
    if (typeof option !== "object" || option === null) return [];
    const { value, label } = option as Partial<Choice>;
    if (value === undefined && label === undefined) return [];
    return [{ value: value ?? label, label: label ?? String(value) }];
  });
}

export function SelectField(props: FieldProps): ComponentChild {
  const { field, domId, value, errors, disabled, readonly, onChange } = props;
  const { getService } = useContext(FormContext);
  const evaluated: unknown = useExpressionEvaluation(field.valuesExpression);
  const known = (getService("form") as unknown as FormState)._getState().initialData ?? {};
  const choices = choicesOf(field.valuesKey !== undefined ? known[field.valuesKey] : (field.values ?? evaluated));
  const place = choices.findIndex((choice) => choice.value === value);
  const isStray = place < 0 && value !== null && value !== undefined && value !== "";
  useEffect(() => {
    if (isStray && !readonly) onChange({ field, value: null });
  }, [isStray, readonly]);
  const ids = idsOf(domId);
  return h("div", { class: fieldClass("select", props) }, [
    h(FieldLabel, { id: `${domId}-label`, htmlFor: domId, label: field.label ?? "", required: field.validate?.required ?? false }),
    h(
      "select",
      {
        id: domId,
        class: "fjs-input our-select",
        value: place < 0 ? "" : String(place),
        disabled: disabled || readonly,
        required: field.validate?.required ?? false,
        "aria-describedby": `${ids.description} ${ids.error}`,
        "aria-invalid": errors.length > 0,
        onChange: (event: Event) => onChange({ field, value: choices[Number((event.target as HTMLSelectElement).value || "-1")]?.value ?? null }),
        onBlur: () => props.onBlur(),
        onFocus: () => props.onFocus(),
      },
      [h("option", { value: "", key: "none" }, byLanguage("请选择", "Choose")), ...choices.map((choice, index) => h("option", { value: String(index), key: index }, choice.label))],
    ),
    h(FieldDescription, { id: ids.description, description: field.description }),
    h(FieldErrors, { id: ids.error, errors }),
  ]);
}
SelectField.config = { ...Select.config };
