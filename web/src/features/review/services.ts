/** The register of service as a grid: one row per paper of the review, one cell per party. */
import type { Schemas } from "@/client/api";

type Paper = Schemas["ServedPaper"];
type Party = Schemas["Party"];
export type ServiceRecord = Schemas["Service"];

export const METHODS = ["direct", "post", "agent", "electronic", "left", "affixed", "notice"] as const;
export type Method = (typeof METHODS)[number];
/** The award takes effect when it was signed for: it is not left, affixed, announced or sent electronically. */
const SIGNED_FOR: readonly Method[] = ["direct", "post", "agent"];

export const methodsOf = (kind: string): readonly Method[] => (kind === "award" ? SIGNED_FOR : METHODS);

export interface Cell {
  party: Party;
  /** `other`: the paper is not addressed to this party. */
  state: "served" | "refused" | "sent" | "none" | "other";
  record: ServiceRecord | undefined;
}

/** How the register names a party: `applicant`, `respondent-2`. */
export const codeOf = (party: Pick<Party, "side" | "position">): string => (party.position === 1 ? party.side : `${party.side}-${party.position}`);

/** Papers that the arbitration institution serves in a review, in the register's order. */
export const papersOfReview = (papers: readonly Paper[]): Paper[] => papers.filter((paper) => /^(review|award)-|^award$/.test(paper.kind));

export function cellsOf(paper: Paper, parties: readonly Party[]): Cell[] {
  return parties.map((party) => {
    const record = paper.services.find((service) => service.is_current && service.party_id === party.id);
    const isMissing = paper.missing.includes(codeOf(party));
    let state: Cell["state"] = "other";
    if (record?.counts_on) state = "served";
    else if (record?.is_refused) state = "refused";
    else if (record) state = "sent";
    else if (isMissing) state = "none";
    return { party, state, record };
  });
}
