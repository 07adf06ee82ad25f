import { describe, expect, it } from "vitest";

import type { Schemas } from "@/client/api";
import { cellsOf, codeOf, methodsOf, papersOfReview } from "./services";

const party = (id: string, side: "applicant" | "respondent", position = 1): Schemas["Party"] => ({
  id,
  side,
  position,
  name: id,
  kind: "person",
  is_own: false,
  agents: [],
  address: null,
  email: null,
  id_number: null,
  legal_representative: null,
  phone: null,
});
const record = (party_id: string, changes: Partial<Schemas["Service"]>): Schemas["Service"] => ({
  id: party_id,
  party_id,
  party: "",
  method: "post",
  method_zh: "",
  method_en: "",
  sent_on: "2026-11-20",
  served_on: null,
  counts_on: null,
  is_refused: false,
  has_consent: false,
  has_photographs: false,
  proof_document_id: null,
  note: null,
  recorded_at: "",
  recorded_by: "",
  is_current: true,
  ...changes,
});
const paper = (changes: Partial<Schemas["ServedPaper"]>): Schemas["ServedPaper"] => ({
  kind: "award",
  zh: "",
  en: "",
  document_id: null,
  state: "none",
  served_on: null,
  missing: [],
  services: [],
  ...changes,
});

describe("the register of service", () => {
  const parties = [party("a", "applicant"), party("b", "respondent"), party("c", "respondent", 2)];
  it("names parties as the server does", () => {
    expect(parties.map(codeOf)).toEqual(["applicant", "respondent", "respondent-2"]);
  });
  it("shows who was served, who was not, and to whom a paper is not addressed", () => {
    const cells = cellsOf(paper({ missing: ["respondent"], services: [record("a", { counts_on: "2026-11-21" })] }), parties);
    expect(cells.map((cell) => cell.state)).toEqual(["served", "none", "other"]);
  });
  it("does not take a paper that was sent or refused for served, nor a record that was superseded", () => {
    const services = [record("a", {}), record("b", { is_refused: true }), record("c", { counts_on: "2026-11-21", is_current: false })];
    const cells = cellsOf(paper({ missing: ["applicant", "respondent", "respondent-2"], services }), parties);
    expect(cells.map((cell) => cell.state)).toEqual(["sent", "refused", "none"]);
  });
  it("shows the papers of the review only", () => {
    const kinds = ["rights-notice", "review-acceptance-notice", "award", "award-refusal-notice"];
    expect(papersOfReview(kinds.map((kind) => paper({ kind }))).map((found) => found.kind)).toEqual(kinds.slice(1));
  });
  it("offers for the award only what is signed for", () => {
    expect(methodsOf("award")).toEqual(["direct", "post", "agent"]);
    expect(methodsOf("review-acceptance-notice")).toContain("electronic");
  });
});
