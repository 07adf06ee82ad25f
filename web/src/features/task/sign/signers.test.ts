import { describe, expect, it } from "vitest";

import type { Schemas } from "@/client/api";
import { signersOf, withSignature } from "./signers";

const party = (id: string, changes: Partial<Schemas["Party"]> = {}): Schemas["Party"] => ({
  id,
  side: "applicant",
  position: 1,
  name: id,
  kind: "person",
  is_own: false,
  agents: [],
  address: null,
  email: null,
  id_number: null,
  legal_representative: null,
  phone: null,
  ...changes,
});
const signature = (signatory: string, level: string): Schemas["Signature"] => ({
  id: signatory,
  signatory,
  signer: "party",
  party_id: signatory,
  document_id: null,
  level,
  signed_by: "self",
  signed_on: "2026-11-24",
  consented_on: null,
  proof_document_id: null,
  recorded_at: "",
  recorded_by: "",
  is_current: true,
  reason: null,
});
const gate = (changes: Partial<Schemas["EffectGate"]> = {}): Schemas["EffectGate"] => ({
  gate: "open",
  effective_on: null,
  demanded_level: "paper-scan",
  is_scan_required: true,
  signatories: [
    { code: "applicant-1", signer: "party", party_id: "a" },
    { code: "respondent-1", signer: "party", party_id: "b" },
    { code: "mediator-1", signer: "mediator", party_id: null },
  ],
  missing: [
    { signatory: "applicant-1", code: "level-too-low", zh: "", en: "" },
    { signatory: "respondent-1", code: "not-signed", zh: "", en: "" },
  ],
  signatures: [signature("applicant-1", "basic")],
  ...changes,
});
const parties = [
  party("a"),
  party("b", {
    side: "respondent",
    kind: "organisation",
    legal_representative: "李四",
    agents: [
      { id: "1", kind: "lawyer", name: "甲", powers: "special", phone: null, id_number: null },
      { id: "2", kind: "lawyer", name: "乙", powers: "general", phone: null, id_number: null },
    ],
  }),
];

describe("who signs on this device", () => {
  it("are the parties alone, an organisation through its legal representative or an agent with special powers", () => {
    const found = signersOf(gate(), parties);
    expect(found.map((signer) => signer.code)).toEqual(["applicant-1", "respondent-1"]);
    expect(found[1]?.ways).toEqual([
      { signedBy: "self", name: "李四" },
      { signedBy: "agent", name: "甲" },
    ]);
  });
  it("has signed without counting where the gate demands more", () => {
    expect(signersOf(gate(), parties)[0]).toMatchObject({ counts: false, maySign: true });
    expect(signersOf(gate({ missing: [], demanded_level: "basic" }), parties)[0]?.counts).toBe(true);
  });
  it("may not replace a stronger signature, nor sign what is in effect", () => {
    expect(signersOf(gate({ signatures: [signature("applicant-1", "paper-scan")] }), parties)[0]?.maySign).toBe(false);
    expect(signersOf(gate({ effective_on: "2026-11-24" }), parties).some((signer) => signer.maySign)).toBe(false);
  });
  it("shows in the form's own row, and in no other", () => {
    const signed = { signed_on: "2026-11-24", signed_by: "self", proof: "x" };
    const rows = withSignature([{ signatory: "applicant-1" }, { signatory: "mediator-1", signed_on: "2026-11-23" }], "applicant-1", signed);
    expect(rows).toEqual([
      { signatory: "applicant-1", level: "basic", ...signed },
      { signatory: "mediator-1", signed_on: "2026-11-23" },
    ]);
    expect(withSignature(null, "respondent-1", signed)).toHaveLength(1);
  });
});
