import { expect, test } from "vitest";

import { fileName, whoDeployed } from "./files";

test("a file of a checkout goes live under another name than from the command line", () => {
  expect(fileName("leave.bpmn")).toBe("leave.bpmn");
  expect(fileName("./tingzhu/processes/leave/leave.bpmn")).toBe("leave/leave.bpmn");
  expect(fileName("forms\\intake.form")).toBe("intake.form");
});

test("names who deployed, and the installation where nobody did", () => {
  expect(whoDeployed("user:designer", "系统安装")).toBe("designer");
  expect(whoDeployed("designer", "系统安装")).toBe("designer");
  expect(whoDeployed("system", "系统安装")).toBe("系统安装");
});
