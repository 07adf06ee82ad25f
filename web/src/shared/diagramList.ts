/** A BPMN file as a list: what a diagram shows, for whoever reads it by ear, by keyboard or on a small screen. */

export interface ListedElement {
  id: string;
  name: string;
  /** Local name of the BPMN element, e.g. `userTask`. */
  type: string;
  lane: string;
  /** Name of the activity whose boundary the event stands on. */
  attachedTo: string;
  /** What follows: name of the element, and of the way there if it has one. */
  next: { id: string; name: string; way: string }[];
}

const NODES = new Set([
  "startEvent",
  "endEvent",
  "intermediateCatchEvent",
  "intermediateThrowEvent",
  "boundaryEvent",
  "task",
  "userTask",
  "manualTask",
  "serviceTask",
  "scriptTask",
  "sendTask",
  "receiveTask",
  "businessRuleTask",
  "callActivity",
  "subProcess",
  "transaction",
  "adHocSubProcess",
  "exclusiveGateway",
  "inclusiveGateway",
  "parallelGateway",
  "eventBasedGateway",
  "complexGateway",
]);

const clean = (text: string | null) => (text ?? "").replace(/\s+/g, " ").trim();

/** Returns the elements of a BPMN file along its flow, beginning with the starts; none when it cannot be read. */
export function listElements(xml: string): ListedElement[] {
  const root = new DOMParser().parseFromString(xml, "text/xml");
  const all = [...root.getElementsByTagName("*")];
  if (all.some((element) => element.localName === "parsererror")) return [];
  const nodes = all.filter((element) => NODES.has(element.localName) && element.getAttribute("id"));
  const byId = new Map(nodes.map((element) => [element.getAttribute("id") ?? "", element]));
  const nameOf = (element: Element | undefined) => clean(element?.getAttribute("name") ?? "") || clean(element?.getAttribute("id") ?? "");
  const lanes = new Map<string, string>();
  for (const lane of all.filter((element) => element.localName === "lane")) {
    for (const reference of [...lane.getElementsByTagName("*")].filter((element) => element.localName === "flowNodeRef")) {
      lanes.set(clean(reference.textContent), clean(lane.getAttribute("name")));
    }
  }
  const flows = new Map<string, Element[]>();
  for (const flow of all.filter((element) => element.localName === "sequenceFlow")) {
    const source = flow.getAttribute("sourceRef") ?? "";
    flows.set(source, [...(flows.get(source) ?? []), flow]);
  }
  const boundary = new Map<string, string[]>();
  for (const [id, node] of byId) {
    const host = node.getAttribute("attachedToRef");
    if (host) boundary.set(host, [...(boundary.get(host) ?? []), id]);
  }

  const order: string[] = [];
  const seen = new Set<string>();
  const walk = (start: string) => {
    const waiting = [start];
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      if (seen.has(id) || !byId.has(id)) continue;
      seen.add(id);
      order.push(id);
      waiting.unshift(...(boundary.get(id) ?? []), ...(flows.get(id) ?? []).map((flow) => flow.getAttribute("targetRef") ?? ""));
    }
  };
  for (const [id, node] of byId) if (node.localName === "startEvent") walk(id);
  for (const id of byId.keys()) walk(id);

  return order.flatMap((id) => {
    const node = byId.get(id);
    if (!node) return [];
    return [
      {
        id,
        name: nameOf(node),
        type: node.localName,
        lane: lanes.get(id) ?? "",
        attachedTo: node.getAttribute("attachedToRef") ? nameOf(byId.get(node.getAttribute("attachedToRef") ?? "")) : "",
        next: (flows.get(id) ?? []).map((flow) => {
          const target = flow.getAttribute("targetRef") ?? "";
          return { id: target, name: nameOf(byId.get(target)) || target, way: clean(flow.getAttribute("name")) };
        }),
      },
    ];
  });
}

/** Returns the ids of the flows that lead along `way` (element ids in the order in which they were passed): to each element the one from whatever before it was passed last, to a join all. */
export function takenFlows(xml: string, way: readonly string[]): string[] {
  const root = new DOMParser().parseFromString(xml, "text/xml");
  const into = new Map<string, { id: string; source: string }[]>();
  const joins = new Set<string>();
  for (const element of root.getElementsByTagName("*")) {
    if (element.localName === "parallelGateway" || element.localName === "inclusiveGateway") joins.add(element.getAttribute("id") ?? "");
    if (element.localName !== "sequenceFlow") continue;
    const target = element.getAttribute("targetRef") ?? "";
    into.set(target, [...(into.get(target) ?? []), { id: element.getAttribute("id") ?? "", source: element.getAttribute("sourceRef") ?? "" }]);
  }
  const last = new Map<string, number>();
  const taken = new Set<string>();
  way.forEach((id, index) => {
    const before = (into.get(id) ?? []).filter((flow) => last.has(flow.source)).sort((a, b) => (last.get(b.source) ?? 0) - (last.get(a.source) ?? 0));
    for (const flow of joins.has(id) ? before : before.slice(0, 1)) taken.add(flow.id);
    last.set(id, index);
  });
  return [...taken];
}
