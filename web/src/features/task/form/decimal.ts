/** Numbers as people write them, compared digit by digit: amounts never pass through floating point. */
interface Decimal {
  digits: bigint;
  scale: number;
}

export function parseDecimal(text: string): Decimal | null {
  const found = /^(-?)(\d{1,30})(?:\.(\d{1,30}))?$/.exec(text.trim());
  if (!found) return null;
  const [, sign = "", whole = "", fraction = ""] = found;
  return { digits: BigInt(sign + whole + fraction), scale: fraction.length };
}

function aligned(a: Decimal, b: Decimal): [bigint, bigint, number] {
  const scale = Math.max(a.scale, b.scale);
  return [a.digits * 10n ** BigInt(scale - a.scale), b.digits * 10n ** BigInt(scale - b.scale), scale];
}

export function compare(a: Decimal, b: Decimal): number {
  const [left, right] = aligned(a, b);
  return left < right ? -1 : left > right ? 1 : 0;
}

export function decimals(value: Decimal): number {
  let { digits, scale } = value;
  while (scale > 0 && digits % 10n === 0n) [digits, scale] = [digits / 10n, scale - 1];
  return scale;
}

/** Returns the multiples of `step` on both sides of `value`, the lower one first; null when it is one itself. */
export function neighbours(value: Decimal, step: Decimal): [string, string] | null {
  const [digits, every, scale] = aligned(value, step);
  const rest = every === 0n ? 0n : digits % every;
  if (rest === 0n) return null;
  const near = digits - rest;
  const next = digits > 0n ? near + every : near - every;
  return near < next ? [text(near, scale), text(next, scale)] : [text(next, scale), text(near, scale)];
}

function text(digits: bigint, scale: number): string {
  const bare = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, "0");
  const shown = scale ? `${bare.slice(0, -scale)}.${bare.slice(-scale)}` : bare;
  return digits < 0n ? `-${shown}` : shown;
}
