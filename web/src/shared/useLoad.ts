/** Loads what a page shows, and says how far it is. */
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from "vue";

import { asProblem, type Problem } from "@/client/problem";
import { language } from "@/i18n/language";

export interface Load<T> {
  data: ShallowRef<T | undefined>;
  problem: ShallowRef<Problem | undefined>;
  isLoading: Ref<boolean>;
  /** Asks again; what is shown stays until the answer is there. A later call wins over an earlier one. */
  reload: () => Promise<void>;
}

export function useLoad<T>(request: (signal: AbortSignal) => Promise<T>, options: { now?: boolean; hasSentences?: boolean } = {}): Load<T> {
  const data = shallowRef<T>();
  const problem = shallowRef<Problem>();
  const isLoading = ref(false);
  let running: AbortController | undefined;

  async function reload(): Promise<void> {
    running?.abort();
    const mine = (running = new AbortController());
    isLoading.value = true;
    try {
      const answer = await request(mine.signal);
      if (mine.signal.aborted) return;
      data.value = answer;
      problem.value = undefined;
    } catch (error) {
      if (mine.signal.aborted) return;
      problem.value = asProblem(error);
    } finally {
      if (running === mine) isLoading.value = false;
    }
  }

  onScopeDispose(() => running?.abort());
  // names and sentences of the server are in the reader's language: what was asked for is asked for again when it changes
  if (options.hasSentences ?? true) {
    watch(language, () => {
      if (data.value !== undefined || problem.value || running) void reload();
    });
  }
  if (options.now ?? true) void reload();
  return { data, problem, isLoading, reload };
}
