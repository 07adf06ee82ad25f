/** What a registration asks for, as typed so far; `POST /cases` takes the same shape. */
export interface PartyDraft {
  kind: "person" | "organisation";
  name: string;
  id_number: string | null;
  phone: string | null;
  address: string | null;
  legal_representative: string | null;
}
export interface ClaimDraft {
  cause_code: string;
  amount: string | null;
  facts: string | null;
}
export interface Content {
  channel: string;
  area_code: string;
  applicants: PartyDraft[];
  respondents: PartyDraft[];
  claims: ClaimDraft[];
  event_dates: Record<string, string>;
  worker_count: number | null;
}

export function newParty(kind: PartyDraft["kind"]): PartyDraft {
  return { kind, name: "", id_number: null, phone: null, address: null, legal_representative: null };
}

export function newContent(today: string, areaCode: string): Content {
  return {
    channel: "window",
    area_code: areaCode,
    applicants: [newParty("person")],
    respondents: [newParty("organisation")],
    claims: [{ cause_code: "", amount: null, facts: null }],
    event_dates: { received_on: today },
    worker_count: null,
  };
}

/** Returns `content` as it is sent: what was left empty is absent, not an empty text. */
export function sent(content: Content): Record<string, unknown> {
  const full = <T extends object>(thing: T) => Object.fromEntries(Object.entries(thing).map(([key, value]) => [key, value === "" ? null : value]));
  return {
    ...content,
    applicants: content.applicants.map(full),
    respondents: content.respondents.map(full),
    claims: content.claims.map(full),
    event_dates: Object.fromEntries(Object.entries(content.event_dates).filter(([, value]) => value)),
  };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

/** Returns a kept draft over a new form: what it lacks is taken from there. */
export function restored(kept: Record<string, unknown>, fresh: Content): Content {
  const list = <T>(value: unknown, blank: T): T[] => (Array.isArray(value) && value.length ? value.map((one) => (isObject(one) ? { ...blank, ...one } : blank) as T) : [blank]);
  return {
    ...fresh,
    ...kept,
    applicants: list(kept["applicants"], newParty("person")),
    respondents: list(kept["respondents"], newParty("organisation")),
    claims: list(kept["claims"], { cause_code: "", amount: null, facts: null }),
    event_dates: isObject(kept["event_dates"]) ? (kept["event_dates"] as Record<string, string>) : fresh.event_dates,
  };
}
