/** The secret of a party's link stands behind `#`, so that no server and no proxy ever sees it in an address. */
export function linkOf(hash: string): string {
  return new URLSearchParams(hash.replace(/^#/, "")).get("link") ?? "";
}
