/** What a checked ground means for the form: the decision it enters, and the opinion when none applies. */
import type { Schemas } from "@/client/api";

type Ground = Schemas["Ground"];

/** Form of the review -> its fields, and what they say when it is refused and when it is not. */
export const DECISIONS: Record<string, { field: string; refused: string; passed: string; opinion?: string } | undefined> = {
  "review-acceptance": { field: "review_acceptance", refused: "not-accepted", passed: "accepted" },
  "review-decision": { field: "review_outcome", refused: "refused", passed: "issued", opinion: "review_opinion" },
};

/** Returns articles of one statute as one citation: 第七十八条第（一）项 to 第七十八条第（六）项 stand as 第七十八条第（一）项至第（六）项. */
export function spanOf(grounds: readonly Ground[]): string {
  const cited = grounds.map((ground) => ground.article?.zh ?? "").filter(Boolean);
  const first = cited[0];
  const last = cited.at(-1);
  if (!first || !last) return "";
  if (first === last) return first;
  const item = /第（[^）]+）项$/.exec(last)?.[0];
  const isRow = item && cited.every((article) => article.replace(/第（[^）]+）项$/, "") === first.replace(/第（[^）]+）项$/, ""));
  return isRow ? `${first}至${item}` : cited.join("、");
}

/** Returns a citation in its two halves: the statute, and the article in it. */
export function halvesOf(citation: string): { statute: string; article: string } {
  const match = /^(.*?》|.*?(?= Art\. ))\s*(.*)$/.exec(citation);
  return match ? { statute: match[1] ?? "", article: match[2] ?? "" } : { statute: "", article: citation };
}

/** What a refusal on this ground enters into the form; empty where the form knows no such decision. */
export function refusal(formKey: string, field: string, code: string): Record<string, string> {
  const decision = DECISIONS[formKey];
  return decision ? { [decision.field]: decision.refused, [field]: code } : {};
}

/** What enters into the form when no ground applies; words of the reviewer's own stay. */
export function passing(formKey: string, sentence: string, entered: Readonly<Record<string, unknown>>): Record<string, string> {
  const decision = DECISIONS[formKey];
  if (!decision) return {};
  const values: Record<string, string> = { [decision.field]: decision.passed };
  if (!decision.opinion) return values;
  const before = entered[decision.opinion];
  const written = typeof before === "string" ? before.trim() : "";
  values[decision.opinion] = written.includes(sentence) ? written : [written, sentence].filter(Boolean).join("\n");
  return values;
}
