/** What an address opens. Secrets stand behind `#`, so that no server and no proxy ever sees them in an address. */
const within = (hash: string) => new URLSearchParams(hash.replace(/^#/, ""));

/** Returns the secret of a party's link. */
export function linkOf(hash: string): string {
  return within(hash).get("link") ?? "";
}

export interface Letter {
  number: string;
  code: string;
}

/** Returns number and code of a letter, as far as the address has them. */
export function letterOf(hash: string): Letter {
  return { number: within(hash).get("number") ?? "", code: within(hash).get("code") ?? "" };
}
