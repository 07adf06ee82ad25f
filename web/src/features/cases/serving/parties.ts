/** Parties as the register of service and the gate of signatures name them: `respondent`, or `respondent-2` of several. */
import type { Schemas } from "@/client/api";

type Party = Schemas["Party"];

/** Returns the party behind a code. */
export function partyOf(code: string, parties: readonly Party[]): Party | undefined {
  const [, side, position = "1"] = /^(applicant|respondent)(?:-(\d+))?$/.exec(code) ?? [];
  return parties.find((party) => party.side === side && party.position === Number(position));
}

/** Returns the name behind a code; the code itself where nobody of the case has it. */
export function nameOf(code: string, parties: readonly Party[]): string {
  return partyOf(code, parties)?.name ?? code;
}
