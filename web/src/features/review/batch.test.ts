import { describe, expect, it } from "vitest";

import type { Schemas } from "@/client/api";
import { itemsOf, needsCommon, rowsOf, takeResults, waiting, type BatchTask } from "./batch";

const task = (id: string, agreement_reviewability: BatchTask["agreement_reviewability"] = "all"): BatchTask => ({
  id,
  case_id: id,
  business_key: id,
  number: id,
  element_id: "Task_review",
  element_name: "审查调解协议",
  assignee: null,
  due_at: null,
  safe_on: null,
  is_provisional: false,
  applicant: { name: "示例", kind: "person", count: 1 },
  claim_total: "1.00",
  agreement_reviewability,
});
const problem = (code: string): Schemas["Problem"] => ({ code, status: 422, detail: "有内容需要修改。", title: "", type: "", instance: "", errors: [], data: {}, findings: [] }) as Schemas["Problem"];
const answer = (user_task_id: string, result: "done" | "refused" | "already-done"): Schemas["ItemCompletion"] => ({
  user_task_id,
  result,
  outcome: null,
  problem: result === "refused" ? problem("form_invalid") : null,
});

describe("decisions about many cases", () => {
  it("do not choose by themselves what has items that cannot be reviewed", () => {
    expect(rowsOf([task("a"), task("b", "mixed"), task("c", "none"), task("d", null)]).map((row) => row.isChosen)).toEqual([true, false, false, true]);
  });
  it("send what is shared, and its own for a case that has it", () => {
    const rows = rowsOf([task("a"), task("b")]);
    rows[1]!.own = { review_outcome: "refused" };
    expect(itemsOf(rows, { review_outcome: "issued" }).map((item) => item.variables)).toEqual([{ review_outcome: "issued" }, { review_outcome: "refused" }]);
    expect(needsCommon(rows)).toBe(true);
    rows[0]!.isChosen = false;
    expect(needsCommon(rows)).toBe(false);
    expect(itemsOf(rows, null)).toHaveLength(1);
  });
  it("keep a refused case with its values and its sentence, and send it alone the next time", () => {
    const rows = rowsOf([task("a"), task("b"), task("c")]);
    rows[1]!.own = { review_outcome: "refused" };
    takeResults(rows, [answer("a", "done"), answer("b", "refused"), answer("c", "already-done")]);
    expect(rows[1]).toMatchObject({ isChosen: true, own: { review_outcome: "refused" }, result: "refused" });
    expect(rows[1]?.problem?.message).toBe("有内容需要修改。");
    expect(waiting(rows).map((row) => row.task.id)).toEqual(["b"]);
    takeResults(rows, [answer("b", "done")]);
    expect(waiting(rows)).toEqual([]);
    expect(rows[1]?.problem).toBeNull();
  });
});
