/** What is different between two versions of a process: element by element, the drawing itself left out. */

export interface Detail {
  /** Name of the attribute, or of the element inside, e.g. `camunda:formKey`. */
  what: string;
  before: string;
  after: string;
}
export interface Change {
  id: string;
  name: string;
  /** Local name of the BPMN element, e.g. `userTask`. */
  type: string;
  kind: "added" | "removed" | "changed";
  details: Detail[];
}

/** Parts that only repeat what flows say, or how things are drawn. */
const REPEATED = new Set(["incoming", "outgoing", "flowNodeRef"]);
const OUTSIDE = new Set(["BPMNDiagram", "BPMNPlane", "BPMNShape", "BPMNEdge", "BPMNLabel", "Bounds", "waypoint", "definitions", "laneSet", "extensionElements"]);

interface Found {
  element: Element;
  parts: Map<string, string>;
}

const clean = (text: string) => text.replace(/\s+/g, " ").trim();

/** Collects what an element says by itself: attributes, and the elements inside that have no id of their own. */
function partsOf(element: Element): Map<string, string> {
  const parts = new Map<string, string>();
  const put = (what: string, value: string) => parts.set(what, parts.has(what) ? `${parts.get(what)}; ${value}` : value);
  for (const { name, value } of element.attributes) if (name !== "id") put(name, clean(value));
  const walk = (inside: Element, way: string) => {
    for (const child of inside.children) {
      if (REPEATED.has(child.localName) || OUTSIDE.has(child.localName)) {
        if (child.localName === "extensionElements") walk(child, way);
        continue;
      }
      // what has an id of its own is told on its own, event definitions excepted: nobody draws those
      if (child.hasAttribute("id") && !child.localName.endsWith("EventDefinition")) continue;
      const attributes = [...child.attributes].filter(({ name }) => name !== "id" && !name.startsWith("xsi:") && name !== "name").map(({ name, value }) => `${name}=${clean(value)}`);
      const label = [way, child.localName, child.getAttribute("name") ?? ""].filter(Boolean).join(" › ");
      const text = child.children.length ? "" : clean(child.textContent ?? "");
      const said = [...attributes, text].filter(Boolean).join(" ");
      if (said || !child.children.length) put(label, said);
      walk(child, label);
    }
  };
  walk(element, "");
  return parts;
}

function read(xml: string): Map<string, Found> {
  const root = new DOMParser().parseFromString(xml, "text/xml");
  const found = new Map<string, Found>();
  for (const element of root.getElementsByTagName("*")) {
    const id = element.getAttribute("id");
    if (!id || OUTSIDE.has(element.localName) || element.localName.endsWith("EventDefinition")) continue;
    found.set(id, { element, parts: partsOf(element) });
  }
  return found;
}

function told(id: string, { element }: Found, kind: Change["kind"], details: Detail[] = []): Change {
  return { id, name: clean(element.getAttribute("name") ?? "") || id, type: element.localName, kind, details };
}

/** Returns the elements that were removed, added and changed on the way from one file to another, in the order of the file. */
export function compareVersions(before: string, after: string): Change[] {
  const [old, now] = [read(before), read(after)];
  const changes = [...old].filter(([id]) => !now.has(id)).map(([id, found]) => told(id, found, "removed"));
  for (const [id, found] of now) {
    const was = old.get(id);
    if (!was) {
      changes.push(told(id, found, "added"));
      continue;
    }
    const details = [...new Set([...was.parts.keys(), ...found.parts.keys()])]
      .map((what) => ({ what, before: was.parts.get(what) ?? "", after: found.parts.get(what) ?? "" }))
      .filter((detail) => detail.before !== detail.after);
    if (was.element.localName !== found.element.localName) details.unshift({ what: "type", before: was.element.localName, after: found.element.localName });
    if (details.length) changes.push(told(id, found, "changed", details));
  }
  return changes;
}
