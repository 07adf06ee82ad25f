import { expect, test } from "vitest";

import { blankWish, bodyOf, servable, type Offer } from "./request";

const offer = (news: Partial<Offer> = {}): Offer => ({
  kind: "intake-receipt",
  title: "来访（来电）登记表",
  title_en: "Intake registration",
  grounds: [
    { code: "mediation", zh: "引导调解", en: "Guided to mediation" },
    { code: "neither", zh: "均未经过", en: "Neither" },
  ],
  is_for_one_party: false,
  is_about_paper: false,
  is_of_session: false,
  is_next_version: false,
  ...news,
});

test("what was ticked on another paper is sent along", () => {
  const wish = { ...blankWish(), grounds: ["on-site", "neither", "mediation"], partyId: "p", aboutKind: "agreement", heldAt: "2026-12-01T14:00", reason: "错字" };
  expect(bodyOf(offer(), wish)).toEqual({ kind: "intake-receipt", grounds: ["mediation", "neither"], party_id: null, about_kind: null, held_at: null, reason: null });
});

test("the time of a session is taken as that of the reader's machine", () => {
  expect(bodyOf(offer({ is_of_session: true }), { ...blankWish(), heldAt: "2026-12-01T14:00" }).held_at).toBe("2026-12-01T14:00:00+08:00");
});

test("a scan or a voided paper is offered for service", () => {
  const paper = (kind: string, number: string | null, state: "current" | "superseded" | "voided") => ({ kind, number, state }) as never;
  expect(servable([paper("agreement", "1", "current"), paper("evidence", null, "current"), paper("notice", "2", "voided")])).toHaveLength(1);
});
