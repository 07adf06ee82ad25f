/** What an application without an account holds, as filled in so far, and which question asks for what. */

export type Way = "negotiation" | "mediation" | "arbitration" | "unsure";
export interface ClaimEntry {
  cause_code: string;
  amount: string;
}
export interface Content {
  area_code: string;
  applicant: { name: string; phone: string; id_number: string; address: string };
  /** `is_unknown` is null until it was answered. */
  employer: { is_unknown: boolean | null; name: string; legal_representative: string; address: string; site: string; phone: string };
  what_happened: string;
  claims: ClaimEntry[];
  worker_count: string;
  preferred_way: Way | "";
}

/** The questions in the order in which they are asked, one on a screen. */
export const QUESTIONS = ["place", "name", "phone", "identity", "employer", "happened", "claims", "people", "evidence", "way", "check"] as const;
export type Question = (typeof QUESTIONS)[number];

export const isQuestion = (value: unknown): value is Question => QUESTIONS.some((one) => one === value);

export function blank(): Content {
  return {
    area_code: "",
    applicant: { name: "", phone: "", id_number: "", address: "" },
    employer: { is_unknown: null, name: "", legal_representative: "", address: "", site: "", phone: "" },
    what_happened: "",
    claims: [],
    worker_count: "1",
    preferred_way: "",
  };
}

const FULL_WIDTH = /[０-９．]/g;

/** Returns an amount as people type it (`9，000元`) as decimal text, or undefined when it is none. */
export function amountOf(typed: string): string | undefined {
  const plain = typed
    .replace(FULL_WIDTH, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/[\s,，¥￥]/g, "")
    .replace(/[元块]$/, "");
  return /^\d{1,14}(\.\d{1,2})?$/.test(plain) ? plain : undefined;
}

/** Why a question cannot be left yet: the word that says it. */
export type Gap = "needPlace" | "needName" | "needPhone" | "needKnown" | "needEmployer" | "needSite" | "needStory" | "needClaim" | "needAmount" | "needPeople" | "needWay";

const isPhone = (typed: string) => /^\+?[\d\s-]{5,30}$/.test(typed.trim());

/** Returns what is missing in the answer to a question. */
export function gapOf(question: Question, content: Content): Gap | undefined {
  const { employer } = content;
  switch (question) {
    case "place":
      return content.area_code ? undefined : "needPlace";
    case "name":
      return content.applicant.name.trim() ? undefined : "needName";
    case "phone":
      return isPhone(content.applicant.phone) ? undefined : "needPhone";
    case "employer":
      if (employer.is_unknown === null) return "needKnown";
      if (employer.is_unknown) return employer.site.trim() || employer.phone.trim() ? undefined : "needSite";
      return employer.name.trim() ? undefined : "needEmployer";
    case "happened":
      return content.what_happened.trim() ? undefined : "needStory";
    case "claims":
      if (!content.claims.length) return "needClaim";
      return content.claims.every((one) => !one.amount.trim() || amountOf(one.amount)) ? undefined : "needAmount";
    case "people":
      return /^[1-9]\d{0,4}$/.test(content.worker_count.trim()) ? undefined : "needPeople";
    case "way":
      return content.preferred_way ? undefined : "needWay";
    default:
      return undefined;
  }
}

/** Returns the first question that still lacks an answer; the last one, the check, when none does. */
export function firstOpen(content: Content): Question {
  return QUESTIONS.find((question) => gapOf(question, content)) ?? "check";
}

/** Returns which question asks for a field that the server names. */
export function questionOf(path: string): Question | undefined {
  const homes: [RegExp, Question][] = [
    [/area_code/, "place"],
    [/applicant\.name/, "name"],
    [/applicant\.phone/, "phone"],
    [/applicant/, "identity"],
    [/employer/, "employer"],
    [/what_happened/, "happened"],
    [/claims/, "claims"],
    [/worker_count/, "people"],
    [/preferred_way/, "way"],
  ];
  return homes.find(([form]) => form.test(path))?.[1];
}

/** Returns the content as it is sent: what was left empty is absent, and an employer is either named or described. */
export function sent(content: Content): Record<string, unknown> {
  const full = (entries: Record<string, string>) => Object.fromEntries(Object.entries(entries).flatMap(([key, value]) => (value.trim() ? [[key, value.trim()]] : [])));
  const { is_unknown: isUnknown, site, name, legal_representative, address, phone } = content.employer;
  const known: Record<string, string> = isUnknown ? { site, phone } : { name, legal_representative, address, phone };
  return {
    ...full({ area_code: content.area_code, what_happened: content.what_happened, preferred_way: content.preferred_way }),
    applicant: full(content.applicant),
    employer: { ...(isUnknown === null ? {} : { is_unknown: isUnknown }), ...full(known) },
    claims: content.claims.map((one) => {
      const typed = one.amount.trim();
      return { cause_code: one.cause_code, ...(typed ? { amount: amountOf(typed) ?? typed } : {}) };
    }),
    ...(gapOf("people", content) ? {} : { worker_count: Number(content.worker_count) }),
  };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value: unknown) => (typeof value === "string" ? value : typeof value === "number" ? String(value) : "");

/** Returns what was kept, whoever kept it, over an empty form: what does not fit is left out. */
export function restored(kept: unknown): Content {
  const found = blank();
  if (!isObject(kept)) return found;
  const fill = <T extends Record<string, unknown>>(into: T, from: unknown): T =>
    isObject(from) ? { ...into, ...Object.fromEntries(Object.keys(into).flatMap((key) => (typeof from[key] === "string" ? [[key, from[key]]] : []))) } : into;
  const employer = fill(found.employer, kept["employer"]);
  const isUnknown = isObject(kept["employer"]) ? kept["employer"]["is_unknown"] : null;
  const ways: readonly string[] = ["negotiation", "mediation", "arbitration", "unsure"];
  return {
    area_code: text(kept["area_code"]),
    applicant: fill(found.applicant, kept["applicant"]),
    employer: { ...employer, is_unknown: typeof isUnknown === "boolean" ? isUnknown : null },
    what_happened: text(kept["what_happened"]),
    claims: (Array.isArray(kept["claims"]) ? kept["claims"] : []).flatMap((one: unknown) =>
      isObject(one) && typeof one["cause_code"] === "string" ? [{ cause_code: one["cause_code"], amount: text(one["amount"]) }] : [],
    ),
    worker_count: text(kept["worker_count"]) || "1",
    preferred_way: ways.includes(text(kept["preferred_way"])) ? (text(kept["preferred_way"]) as Way) : "",
  };
}

export interface Choice {
  code: string;
  name: string;
}
export interface Place extends Choice {
  /** Towns and streets in it, with their short names. */
  parts: Choice[];
}

/**
 * Returns the areas as districts with their towns: a full name begins with the name of the district it lies in. The first,
 * which is the whole site, comes last: it is for whoever finds the place in none of them.
 */
export function places(areas: readonly Choice[]): Place[] {
  const [whole, ...inner] = areas;
  const tops = [...inner.filter((one) => !inner.some((other) => other !== one && one.name.startsWith(other.name))), ...(whole ? [whole] : [])];
  return tops.map((top) => ({
    ...top,
    parts: inner.filter((one) => one !== top && one.name.startsWith(top.name)).map((one) => ({ code: one.code, name: one.name.slice(top.name.length) })),
  }));
}
