import { expect, test } from "vitest";

import { behalfFrom, behalfQuery } from "./behalf";

const PARTY = "01a22c6f-2101-7669-83a2-5b6525c90c42";

test("what the case page says of a party is lost on the way to the task", () => {
  const behalf = { party_id: PARTY, method: "phone" as const, at: "2026-11-30", proof_document_id: PARTY };
  expect(behalfFrom(behalfQuery(behalf))).toEqual(behalf);
  expect(behalfFrom(behalfQuery({ ...behalf, proof_document_id: null }))?.proof_document_id).toBeNull();
});

test("an address made up by hand acts for somebody", () => {
  expect(behalfFrom({ for: "x", by: "phone", on: "2026-11-30" })).toBeNull();
  expect(behalfFrom({ for: PARTY, by: "telepathy", on: "2026-11-30" })).toBeNull();
  expect(behalfFrom({ for: [PARTY, PARTY], by: "phone", on: "2026-11-30" })).toBeNull();
  expect(behalfFrom({})).toBeNull();
});
