/** For whom a caseworker acts, handed from the case page to the page of a task in its address: ids and a date, no names. */
import type { LocationQuery } from "vue-router";

import type { Schemas } from "@/client/api";

export type Behalf = Schemas["OnBehalfOfBody"];

export const METHODS = ["window", "phone", "paper", "video", "message"] as const satisfies readonly Behalf["method"][];

const one = (value: LocationQuery[string] | undefined): string => (typeof value === "string" ? value : "");
const ID = /^[0-9a-f-]{36}$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function behalfQuery(behalf: Behalf): Record<string, string> {
  return { for: behalf.party_id, by: behalf.method, on: behalf.at, ...(behalf.proof_document_id ? { proof: behalf.proof_document_id } : {}) };
}

/** Returns what an address says, or null when it says nothing that could be right. */
export function behalfFrom(query: LocationQuery): Behalf | null {
  const [party_id, on, proof] = [one(query["for"]), one(query["on"]), one(query["proof"])];
  const method = METHODS.find((each) => each === query["by"]);
  if (!ID.test(party_id) || !DAY.test(on) || !method) return null;
  return { party_id, method, at: on, proof_document_id: ID.test(proof) ? proof : null };
}
