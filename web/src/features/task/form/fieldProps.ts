/** What form-js hands to a field, as far as ours read it. */
import type { FormComponent } from "./component";

export interface FieldProps {
  field: FormComponent;
  domId: string;
  value: unknown;
  errors: string[];
  disabled: boolean;
  readonly: boolean;
  onChange: (change: { field?: FormComponent; value: unknown }) => void;
  onBlur: () => void;
  onFocus: () => void;
}

export function fieldClass(type: string, { errors, disabled, readonly }: Pick<FieldProps, "errors" | "disabled" | "readonly">): string {
  return ["fjs-form-field", `fjs-form-field-${type}`, errors.length ? "fjs-has-errors" : "", disabled ? "fjs-disabled" : "", readonly ? "fjs-readonly" : ""].filter(Boolean).join(" ");
}

export const idsOf = (domId: string) => ({ description: `${domId}-description`, error: `${domId}-error-message` });
