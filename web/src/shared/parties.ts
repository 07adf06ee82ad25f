/** How a side of a dispute is named in one line: its first party, and how many more there are. */
export interface Side {
  name: string;
  count: number;
}

export function sideName(side: Side | null | undefined): string {
  if (!side) return "";
  return side.count > 1 ? `${side.name} +${side.count - 1}` : side.name;
}
