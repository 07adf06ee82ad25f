import { expect, test } from "vitest";

import { fileName } from "./files";

test("a file of a checkout goes live under another name than from the command line", () => {
  expect(fileName("leave.bpmn")).toBe("leave.bpmn");
  expect(fileName("./tingzhu/processes/leave/leave.bpmn")).toBe("leave/leave.bpmn");
  expect(fileName("forms\\intake.form")).toBe("intake.form");
});
