/** Returns what keeps a new password from being sent, or undefined. */
export function passwordFault(current: string, next: string, again: string): "incomplete" | "short" | "different" | undefined {
  if (!current || !next || !again) return "incomplete";
  if (next.length < 10) return "short";
  return next === again ? undefined : "different";
}
