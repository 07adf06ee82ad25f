/** Who signs on this device, and how their signatures stand. The gate of the server decides what counts. */
import type { Schemas } from "@/client/api";

type Gate = Schemas["EffectGate"];
type Party = Schemas["Party"];

export interface Signer {
  code: string;
  party: Party;
  signature: Schemas["Signature"] | undefined;
  /** Whether the signature on record brings the agreement nearer to its effect. */
  counts: boolean;
  /** A drawn signature never takes the place of a stronger one, and none is needed for an agreement in effect. */
  maySign: boolean;
  ways: Way[];
}
export interface Way {
  signedBy: "self" | "agent";
  name: string;
}

/** Returns the parties that must sign, in the gate's order. */
export function signersOf(gate: Gate, parties: readonly Party[]): Signer[] {
  return gate.signatories.flatMap(({ code, signer, party_id }) => {
    const party = parties.find((each) => each.id === party_id);
    if (signer !== "party" || !party) return [];
    const signature = gate.signatures.find((each) => each.is_current && each.signatory === code);
    const counts = Boolean(signature) && !gate.missing.some((each) => each.signatory === code);
    return [{ code, party, signature, counts, maySign: gate.effective_on === null && (!signature || signature.level === "basic"), ways: waysOf(party) }];
  });
}

/** A party signs itself, an organisation through its legal representative; an agent needs special powers. */
function waysOf(party: Party): Way[] {
  const own: Way = { signedBy: "self", name: party.kind === "organisation" ? (party.legal_representative ?? "") : party.name };
  const agents = party.agents.filter((agent) => agent.powers === "special").map((agent): Way => ({ signedBy: "agent", name: agent.name }));
  return [own, ...agents];
}

/** Writes a signature into the form's row of its signatory, so that the form says what is on record. */
export function withSignature(rows: unknown, code: string, signed: { signed_on: string; signed_by: string; proof: string }): unknown[] {
  const known = Array.isArray(rows) ? (rows as Record<string, unknown>[]) : [];
  const row = { ...known.find((each) => each.signatory === code), signatory: code, level: "basic", ...signed };
  return known.some((each) => each.signatory === code) ? known.map((each) => (each.signatory === code ? row : each)) : [...known, row];
}
