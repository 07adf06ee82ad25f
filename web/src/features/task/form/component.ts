/** What a form-js file says of its components, as far as our pages read it. */
export interface Rules {
  required?: boolean;
  min?: number | string;
  max?: number | string;
  minLength?: number | string;
  maxLength?: number | string;
  pattern?: string;
  patternErrorMessage?: string;
  validationType?: string;
}

export interface Choice {
  label?: string;
  value: unknown;
}

export interface FormComponent {
  type: string;
  id: string;
  key?: string;
  path?: string;
  label?: string;
  dateLabel?: string;
  timeLabel?: string;
  description?: string;
  subtype?: string;
  validate?: Rules;
  values?: Choice[];
  valuesKey?: string;
  valuesExpression?: string;
  decimalDigits?: number;
  increment?: number | string;
  serializeToString?: boolean;
  multiple?: boolean | string;
  accept?: string;
  disabled?: boolean;
  isRepeating?: boolean;
  components?: FormComponent[];
  properties?: Record<string, string>;
}

/** Returns what a person calls a component; the same rule as the server's. */
export function labelOf(component: FormComponent): string {
  for (const name of ["label", "dateLabel", "timeLabel", "key", "path", "type"] as const) {
    const found = component[name];
    if (typeof found === "string" && found.trim() && !found.startsWith("=") && !found.includes("{{")) return found.trim().slice(0, 200);
  }
  return "";
}

/** Returns the names under which a form keeps what is entered: those of its fields, groups with a path, and lists. */
export function ownNames(components: readonly FormComponent[]): Set<string> {
  const names = new Set<string>();
  for (const component of components) {
    const own = component.key ?? component.path;
    if (own) names.add(own);
    else if (component.components) ownNames(component.components).forEach((name) => names.add(name));
  }
  return names;
}

/** Calls `visit` with every component, inner ones too. */
export function walk(components: readonly FormComponent[], visit: (component: FormComponent) => void): void {
  for (const component of components) {
    visit(component);
    if (component.components) walk(component.components, visit);
  }
}
