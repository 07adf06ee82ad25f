/** Knows whether the server keeps somebody waiting: a request that has no answer after two seconds. */
import { readonly, ref } from "vue";

export const SLOW_MS = 2_000;

const slow = ref(false);
let clock: ReturnType<typeof setTimeout> | undefined;
/** When each request that is on its way began; the eldest decides. */
const begun = new Set<{ at: number }>();

function look(): void {
  clearTimeout(clock);
  const [eldest] = begun;
  const left = eldest ? eldest.at + SLOW_MS - Date.now() : undefined;
  slow.value = left !== undefined && left <= 0;
  if (left !== undefined && left > 0) clock = setTimeout(look, left);
}

/** Whether somebody has waited for more than two seconds. */
export const isSlow = readonly(slow);

/** Counts a request in until its answer is there or it has failed; returns what `request` returns. */
export async function waitFor<T>(request: () => Promise<T>): Promise<T> {
  const one = { at: Date.now() };
  begun.add(one);
  look();
  try {
    return await request();
  } finally {
    begun.delete(one);
    look();
  }
}
