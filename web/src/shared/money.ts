/** Amounts in yuan, given as decimal text: never through floating point. */
export function showAmount(amount: string): string {
  const match = /^(-?)(\d+)(?:\.(\d{1,2})\d*)?$/.exec(amount);
  if (!match) return amount;
  const [, sign = "", whole = "0", cents = ""] = match;
  return `${sign}¥${whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",")}.${cents.padEnd(2, "0")}`;
}
