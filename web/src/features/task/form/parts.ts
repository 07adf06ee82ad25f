/** The parts that form-js draws around every field; its own types are those of plain functions. */
import { Description, Errors, Label } from "@bpmn-io/form-js-viewer";
import type { FunctionComponent } from "preact";

interface LabelProps {
  id?: string;
  htmlFor: string;
  label: string;
  required: boolean;
}

export const FieldLabel = Label as unknown as FunctionComponent<LabelProps>;
export const FieldDescription = Description as unknown as FunctionComponent<{ id: string; description: string | undefined }>;
export const FieldErrors = Errors as unknown as FunctionComponent<{ id: string; errors: string[] }>;
