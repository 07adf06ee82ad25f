import { describe, expect, it } from "vitest";

import { halvesOf, passing, refusal, spanOf } from "./grounds";

const ground = (item: string, article = "七十八") => ({
  code: "x",
  label: item,
  article: { zh: `《劳动人事争议仲裁办案规则》第${article}条第（${item}）项`, en: "" },
});

describe("grounds of a refusal", () => {
  it("are cited as one span when they are items of one article", () => {
    expect(spanOf(["一", "二", "六"].map((item) => ground(item)))).toBe("《劳动人事争议仲裁办案规则》第七十八条第（一）项至第（六）项");
    expect(spanOf([ground("一")])).toBe("《劳动人事争议仲裁办案规则》第七十八条第（一）项");
  });
  it("are cited one after the other when the articles differ", () => {
    expect(spanOf([ground("一"), ground("二", "七十五")])).toContain("、《劳动人事争议仲裁办案规则》第七十五条");
    expect(spanOf([{ code: "x", label: "", article: null }])).toBe("");
  });
  it("are read as statute and article in both languages", () => {
    expect(halvesOf("《劳动人事争议仲裁办案规则》第七十八条第（一）项")).toEqual({ statute: "《劳动人事争议仲裁办案规则》", article: "第七十八条第（一）项" });
    expect(halvesOf("Rules on Arbitration Cases Art. 78 item 1")).toEqual({ statute: "Rules on Arbitration Cases", article: "Art. 78 item 1" });
    expect(halvesOf("何处")).toEqual({ statute: "", article: "何处" });
  });
  it("enter the decision and the ground of the form", () => {
    expect(refusal("review-decision", "review_decision_ground", "78-3")).toEqual({ review_outcome: "refused", review_decision_ground: "78-3" });
    expect(refusal("award-service", "x", "78-3")).toEqual({});
  });
  it("never overwrite what the reviewer wrote when none applies", () => {
    const first = passing("review-decision", "均无。", { review_opinion: "已电话核实。" });
    expect(first).toEqual({ review_outcome: "issued", review_opinion: "已电话核实。\n均无。" });
    expect(passing("review-decision", "均无。", first)).toEqual(first);
    expect(passing("review-acceptance", "均无。", {})).toEqual({ review_acceptance: "accepted" });
  });
});
