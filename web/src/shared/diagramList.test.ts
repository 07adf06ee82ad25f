import { describe, expect, it } from "vitest";

import { listElements, takenFlows } from "./diagramList";

const FILE = `<?xml version="1.0"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d">
  <bpmn:process id="leave">
    <bpmn:laneSet><bpmn:lane id="l" name="窗口"><bpmn:flowNodeRef>ask</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>
    <bpmn:endEvent id="end" name="结束" />
    <bpmn:exclusiveGateway id="way" name="同意？" />
    <bpmn:boundaryEvent id="late" name="超期" attachedToRef="ask" />
    <bpmn:userTask id="ask" name="审批
 申请" />
    <bpmn:startEvent id="start" />
    <bpmn:serviceTask id="lonely" name="无人到达" />
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="ask" />
    <bpmn:sequenceFlow id="f2" sourceRef="ask" targetRef="way" />
    <bpmn:sequenceFlow id="f3" sourceRef="way" targetRef="end" name="是" />
    <bpmn:sequenceFlow id="f4" sourceRef="way" targetRef="ask" name="否" />
  </bpmn:process>
</bpmn:definitions>`;

describe("a diagram as a list", () => {
  it("tells the elements along the flow, and every one of them once", () => {
    expect(listElements(FILE).map((element) => element.id)).toEqual(["start", "ask", "late", "way", "end", "lonely"]);
  });

  it("says where an element stands and what follows", () => {
    const [, ask, late, way] = listElements(FILE);
    expect(ask).toMatchObject({ name: "审批 申请", type: "userTask", lane: "窗口", next: [{ id: "way", name: "同意？", way: "" }] });
    expect(late).toMatchObject({ attachedTo: "审批 申请", next: [] });
    expect(way?.next).toEqual([
      { id: "end", name: "结束", way: "是" },
      { id: "ask", name: "审批 申请", way: "否" },
    ]);
  });

  it("is empty for a file that cannot be read", () => {
    expect(listElements("这不是 XML")).toEqual([]);
  });
});

describe("the way through a diagram", () => {
  it("is drawn from what was passed last before each element", () => {
    expect(takenFlows(FILE, ["start", "ask", "way"])).toEqual(["f1", "f2"]);
    expect(takenFlows(FILE, ["start", "ask", "way", "end"])).toEqual(["f1", "f2", "f3"]);
    expect(takenFlows(FILE, ["start", "ask", "way", "ask", "way"])).toEqual(["f1", "f2", "f4"]);
  });

  it("leads from all sides into a join", () => {
    const file = FILE.replace('<bpmn:exclusiveGateway id="way" name="同意？" />', '<bpmn:parallelGateway id="way" />').replace(
      '<bpmn:sequenceFlow id="f4"',
      '<bpmn:sequenceFlow id="f5" sourceRef="lonely" targetRef="way" /><bpmn:sequenceFlow id="f4"',
    );
    expect(takenFlows(file, ["start", "ask", "lonely", "way"]).sort()).toEqual(["f1", "f2", "f5"]);
  });
});
