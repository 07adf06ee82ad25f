/** What can be decided for several cases at once, and who does. Forms without files, so that one answer may serve many. */
export interface Kind {
  formKey: string;
  word: "k_decision" | "k_acceptance" | "k_extension" | "k_court_accept" | "k_court_ruling";
  roles: readonly string[];
}

export const KINDS: readonly Kind[] = [
  { formKey: "review-decision", word: "k_decision", roles: ["reviewer"] },
  { formKey: "review-acceptance", word: "k_acceptance", roles: ["arbitration-clerk"] },
  { formKey: "review-extension", word: "k_extension", roles: ["arbitration-director"] },
  { formKey: "confirmation-acceptance", word: "k_court_accept", roles: ["court-liaison"] },
  { formKey: "confirmation-ruling", word: "k_court_ruling", roles: ["court-liaison"] },
];

export const BATCH_ROLES: readonly string[] = [...new Set(KINDS.flatMap((kind) => kind.roles))];

export const kindsOf = (roles: readonly string[]): Kind[] => KINDS.filter((kind) => kind.roles.some((role) => roles.includes(role)));
