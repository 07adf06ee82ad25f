/**
 * What the browser keeps of an application: the token of the draft on the server, and what the server has not got yet.
 * Once the server has it, the words of the application are no longer kept here: phones are lent.
 */
export interface Kept {
  token?: string;
  /** Entered but not yet on the server. */
  content?: unknown;
  /** The version of the notice that was agreed to. */
  agreed?: string;
}

const PLACE = "tingzhu.application";

export function readKept(): Kept {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(PLACE) ?? "{}");
    if (typeof found !== "object" || found === null) return {};
    const { token, agreed, content } = found as Record<string, unknown>;
    return {
      ...(typeof token === "string" && token ? { token } : {}),
      ...(typeof agreed === "string" ? { agreed } : {}),
      ...(content === undefined ? {} : { content }),
    };
  } catch {
    return {}; // a browser that keeps nothing for us, or something that is not ours
  }
}

/** Keeps it; returns whether the browser does. */
export function keep(kept: Kept): boolean {
  try {
    localStorage.setItem(PLACE, JSON.stringify(kept));
    return true;
  } catch {
    return false;
  }
}

export function dropKept(): void {
  try {
    localStorage.removeItem(PLACE);
  } catch {
    // nothing was kept then
  }
}
