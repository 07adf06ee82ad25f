/** What is asked for when a paper is made at once: only what the chosen paper knows of. */
import type { Schemas } from "@/client/api";

export type Offer = Schemas["OfferedPaper"];

export interface Wish {
  grounds: string[];
  partyId: string;
  aboutKind: string;
  /** As the field of the browser gives it, in the bureau's time: `2026-11-30T14:00`. */
  heldAt: string;
  reason: string;
}

export const blankWish = (): Wish => ({ grounds: [], partyId: "", aboutKind: "", heldAt: "", reason: "" });

/** Returns the body of the request: what does not belong on this paper is left out, though it may still be filled in. */
export function bodyOf(offer: Offer, wish: Wish): Schemas["RenderingBody"] {
  const known = offer.grounds.map((ground) => ground.code);
  return {
    kind: offer.kind,
    grounds: known.filter((code) => wish.grounds.includes(code)),
    party_id: offer.is_for_one_party && wish.partyId ? wish.partyId : null,
    about_kind: offer.is_about_paper && wish.aboutKind ? wish.aboutKind : null,
    held_at: offer.is_of_session && wish.heldAt ? `${wish.heldAt}:00+08:00` : null,
    reason: offer.is_next_version && wish.reason.trim() ? wish.reason.trim() : null,
  };
}


/** Returns the papers of a case that can be served: issued with a number, in force, one of each kind. */
export function servable(papers: readonly Schemas["Document"][]): Schemas["Document"][] {
  const found = new Map<string, Schemas["Document"]>();
  for (const paper of papers) if (paper.number && paper.state === "current" && paper.kind !== "service-receipt") found.set(paper.kind, paper);
  return [...found.values()];
}
