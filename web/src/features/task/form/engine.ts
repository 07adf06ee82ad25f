/**
 * form-js with our fields, our sentences and our files. Loaded when a task is opened, never before.
 *
 * form-js 1.23 is pinned: what it calls internal (`_getState`, `_setState`, `_getInitializedFieldData`) is used here and nowhere else.
 */
import { Form, runExpressionEvaluation } from "@bpmn-io/form-js-viewer";
import "@bpmn-io/form-js-viewer/dist/assets/form-js.css";

import { check, sentenceOf, type Bounds, type Row } from "./check";
import { labelOf, ownNames, type Choice, type FormComponent } from "./component";
import { DateField } from "./DateField";
import { FileField, type FileDesk } from "./FileField";
import { SelectField } from "./SelectField";
import { translateFixedWords } from "./fixedWords";
import "./form.css";

export type FormData = Record<string, unknown>;
export interface FormSchema {
  id: string;
  components: FormComponent[];
}

interface Instance {
  id: string;
  valuePath: (string | number)[];
  indexes?: Record<string, number>;
  expressionContextInfo: unknown;
}
interface Registry {
  get(id: string): FormComponent | undefined;
}
interface InstanceRegistry {
  getAllKeyed(): Instance[];
}

/** A problem of a field, as the server names it: `applicants[1].name`. */
export interface FieldNote {
  path: string;
  message: string;
}

const BOUNDS = ["min", "max", "minLength", "maxLength"] as const;

class OurValidator {
  static $inject = ["expressionLanguage", "formFieldRegistry"];
  constructor(
    private readonly expressionLanguage: unknown,
    private readonly fields: Registry,
  ) {}

  validateFieldInstance(instance: Instance, value: unknown): string[] {
    const field = this.fields.get(instance.id);
    if (!field) return [];
    const bounds: Bounds = {};
    for (const name of BOUNDS) {
      const given = field.validate?.[name];
      bounds[name] = given === undefined ? undefined : runExpressionEvaluation(this.expressionLanguage as FeelLanguage, given, instance.expressionContextInfo as object);
    }
    const fault = check(field, value, bounds);
    return fault ? [sentenceOf(fault, field, rowsOf(instance, this.fields))] : [];
  }
}
type FeelLanguage = Parameters<typeof runExpressionEvaluation>[0];

function rowsOf(instance: Instance, fields: Registry): Row[] {
  return Object.entries(instance.indexes ?? {}).map(([id, index]) => {
    const list = fields.get(id);
    return { list: list ? labelOf(list) : "", index };
  });
}

class OurFields {
  static $inject = ["formFields"];
  constructor(formFields: { register(type: string, field: unknown): void }) {
    formFields.register("select", SelectField);
    formFields.register("datetime", DateField);
    formFields.register("filepicker", FileField);
  }
}

export interface OpenedForm {
  /** Everything entered, hidden fields too: what a draft keeps. */
  entered(): FormData;
  /** Fills these fields in, as if somebody had; the others stay. */
  enter(values: FormData): void;
  /** Checks every visible field, shows what is wrong, and returns what to send; null when something is wrong. */
  submission(): FormData | null;
  /** Shows problems at their fields; returns those whose field is not on the page. */
  show(notes: readonly FieldNote[]): FieldNote[];
  /** Label and value of every visible field, as text that can be kept elsewhere. */
  asText(): string;
  setReadOnly(isReadOnly: boolean): void;
  refresh(): void;
  destroy(): void;
}

export interface OpenOptions {
  container: HTMLElement;
  schema: FormSchema;
  known: FormData;
  draft: FormData | null;
  isReadOnly: boolean;
  files: FileDesk;
  onChange: () => void;
}

export async function openForm({ container, schema, known, draft, isReadOnly, files, onChange }: OpenOptions): Promise<OpenedForm> {
  const form = new Form({
    container,
    properties: { readOnly: isReadOnly },
    additionalModules: [
      {
        __init__: ["ourFields"],
        ourFields: ["type", OurFields],
        validator: ["type", OurValidator],
        fileDesk: ["value", files],
      },
    ],
  });
  await form.importSchema(schema, known);
  // conditions go on seeing what the form was opened with, as they do on the server
  const enter = (values: FormData) => form._setState({ data: form._getInitializedFieldData({ ...form._getState().data, ...values }), errors: {} });
  if (draft) enter(draft);
  const names = ownNames(schema.components);
  const instances = form.get<InstanceRegistry>("formFieldInstanceRegistry");
  const fields = form.get<Registry>("formFieldRegistry");
  const stopTranslating = translateFixedWords(container);
  const expressionLanguage = form.get<FeelLanguage>("expressionLanguage");

  /** What a field offers, wherever its form says that it comes from. */
  function choicesOf(field: FormComponent, instance: Instance, data: FormData): Choice[] {
    if (field.values) return field.values;
    const found: unknown = field.valuesKey ? data[field.valuesKey] : runExpressionEvaluation(expressionLanguage, field.valuesExpression, instance.expressionContextInfo as object);
    return Array.isArray(found) ? (found as Choice[]) : [];
  }

  const entered = (): FormData => {
    const data = form._getState().data as FormData;
    return Object.fromEntries(Object.entries(data).filter(([name]) => names.has(name)));
  };
  let last = JSON.stringify(entered());
  form.on("changed", () => {
    const now = JSON.stringify(entered());
    if (now === last) return;
    last = now;
    onChange();
  });

  return {
    entered,
    enter,
    submission() {
      const { data, errors } = form.submit();
      return Object.keys(errors).length ? null : (data as FormData);
    },
    show(notes) {
      const errors: Record<string, unknown> = {};
      const elsewhere: FieldNote[] = [];
      const byPath = new Map(instances.getAllKeyed().map((instance) => [pathText(instance.valuePath), instance]));
      for (const note of notes) {
        const instance = byPath.get(note.path);
        if (instance) put(errors, [instance.id, ...Object.values(instance.indexes ?? {})], [note.message]);
        else elsewhere.push(note);
      }
      form._setState({ errors });
      return elsewhere;
    },
    asText() {
      const data = form._getState().data as FormData;
      return instances
        .getAllKeyed()
        .map((instance) => {
          const field = fields.get(instance.id);
          const value = instance.valuePath.reduce<unknown>((inner, name) => (inner as FormData | undefined)?.[name], data);
          if (!field || value === null || value === undefined || value === "" || value === false) return "";
          const row = rowsOf(instance, fields).at(-1);
          return `${row ? `${row.list} ${row.index + 1} ` : ""}${labelOf(field)}：${shown(choicesOf(field, instance, data), value)}`;
        })
        .filter(Boolean)
        .join("\n");
    },
    setReadOnly: (value) => form.setProperty("readOnly", value),
    refresh() {
      if (Object.keys(form._getState().errors).length) form.validate();
      else form._setState({});
    },
    destroy() {
      stopTranslating();
      // form-js looks, when a field loses the focus, at elements that are gone once it is destroyed
      if (document.activeElement instanceof HTMLElement && container.contains(document.activeElement)) document.activeElement.blur();
      form.destroy();
    },
  };
}

function shown(choices: readonly Choice[], value: unknown): string {
  if (value === true) return "✓";
  const label = (item: unknown) => choices.find((choice) => choice.value === item)?.label ?? String(item);
  return Array.isArray(value) ? value.map(label).join("、") : label(value);
}

function pathText(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, part) => (typeof part === "number" ? `${text}[${part}]` : text ? `${text}.${part}` : part), "");
}

/** Errors lie as form-js reads them: by the field's id, then by the number of each row around it. */
function put(errors: Record<string, unknown>, path: (string | number)[], value: unknown): void {
  let inner = errors as Record<string | number, unknown>;
  for (const part of path.slice(0, -1)) inner = (inner[part] ??= {}) as Record<string | number, unknown>;
  const last = path.at(-1);
  if (last !== undefined) inner[last] = value;
}
