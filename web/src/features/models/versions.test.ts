import { describe, expect, it } from "vitest";

import { compareVersions } from "./versions";

const file = (content: string, x = 10) => `<?xml version="1.0"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" id="d">
  <bpmn:process id="leave" name="请假">${content}</bpmn:process>
  <bpmndi:BPMNDiagram id="p"><bpmndi:BPMNShape id="s" bpmnElement="ask"><dc:Bounds x="${x}" y="1" /></bpmndi:BPMNShape></bpmndi:BPMNDiagram>
</bpmn:definitions>`;
const ask = (name: string, form: string, inside = "") => `<bpmn:userTask id="ask" name="${name}" camunda:formKey="${form}">${inside}</bpmn:userTask>`;
const timer = (span: string) => `<bpmn:boundaryEvent id="late" attachedToRef="ask"><bpmn:timerEventDefinition id="t1"><bpmn:timeDuration>${span}</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>`;

describe("two versions of a process", () => {
  it("do not differ by how they are drawn or which flows lead where", () => {
    expect(compareVersions(file(ask("审批", "a")), file(ask("审批", "a", "<bpmn:incoming>f</bpmn:incoming>"), 99))).toEqual([]);
  });

  it("differ by attributes, and each is told with both values", () => {
    expect(compareVersions(file(ask("审批", "a")), file(ask("审核", "b")))).toEqual([
      {
        id: "ask",
        name: "审核",
        type: "userTask",
        kind: "changed",
        details: [
          { what: "name", before: "审批", after: "审核" },
          { what: "camunda:formKey", before: "a", after: "b" },
        ],
      },
    ]);
  });

  it("differ by what stands inside an element", () => {
    const inside = (value: string) =>
      `<bpmn:extensionElements><camunda:inputOutput><camunda:inputParameter name="fee">${value}</camunda:inputParameter></camunda:inputOutput></bpmn:extensionElements>`;
    const [change] = compareVersions(file(ask("审批", "a", inside("1"))), file(ask("审批", "a", inside("2"))));
    expect(change?.details).toEqual([{ what: "inputOutput › inputParameter › fee", before: "1", after: "2" }]);
    const [late] = compareVersions(file(timer("P1D")), file(timer("P5D")));
    expect(late?.details).toEqual([{ what: "timerEventDefinition › timeDuration", before: "P1D", after: "P5D" }]);
  });

  it("tell what came and what went", () => {
    const changes = compareVersions(file(ask("审批", "a")), file(timer("P1D")));
    expect(changes.map(({ id, kind }) => [id, kind])).toEqual([
      ["ask", "removed"],
      ["late", "added"],
    ]);
  });

  it("tell that an element became another kind of element", () => {
    const [change] = compareVersions(file('<bpmn:task id="a" name="x" />'), file('<bpmn:userTask id="a" name="x" />'));
    expect(change?.details).toEqual([{ what: "type", before: "task", after: "userTask" }]);
  });
});
