/** Brings news into a list that somebody is reading, without moving a row under their eyes. */
interface Row {
  id: string;
}

export interface Merged<T extends Row> {
  /** The rows that are shown, in their places, with what the server now says of them. */
  shown: T[];
  /** Ids of rows that are no longer where they stand: taken by others, completed, or moved. */
  stale: Set<string>;
  /** How many rows came that are not shown yet. */
  arrived: number;
}

/**
 * `fresh` is the first page as the server has it now, `changed` the ids that the news name. A row beyond the first page
 * is stale only when the news name it: where it went, nobody asked.
 */
export function mergeNews<T extends Row>(shown: readonly T[], fresh: readonly T[], changed: ReadonlySet<string>): Merged<T> {
  const now = new Map(fresh.map((row) => [row.id, row]));
  const known = new Set(shown.map((row) => row.id));
  return {
    shown: shown.map((row) => now.get(row.id) ?? row),
    stale: new Set(shown.filter((row) => !now.has(row.id) && changed.has(row.id)).map((row) => row.id)),
    arrived: fresh.filter((row) => !known.has(row.id) && changed.has(row.id)).length,
  };
}
