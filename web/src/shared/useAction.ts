/** Carries out what a person asked for, once: a second click while it runs does nothing, a retry is the same request. */
import { ref, shallowRef, type Ref, type ShallowRef } from "vue";

import { asProblem, type Problem } from "@/client/problem";

export interface Action<A extends unknown[], T> {
  /** Returns the answer, or undefined when it was refused (`problem` says why) or already runs. */
  run: (...args: A) => Promise<T | undefined>;
  isBusy: Ref<boolean>;
  problem: ShallowRef<Problem | undefined>;
}

export function useAction<A extends unknown[], T>(act: (key: string, ...args: A) => Promise<T>): Action<A, T> {
  const isBusy = ref(false);
  const problem = shallowRef<Problem>();
  let key = "";
  let asked = "";

  async function run(...args: A): Promise<T | undefined> {
    if (isBusy.value) return undefined;
    const asks = JSON.stringify(args);
    if (!key || asks !== asked) [key, asked] = [crypto.randomUUID(), asks];
    isBusy.value = true;
    problem.value = undefined;
    try {
      const answer = await act(key, ...args);
      key = "";
      return answer;
    } catch (error) {
      problem.value = asProblem(error);
      if (!problem.value.isPassing) key = "";
      return undefined;
    } finally {
      isBusy.value = false;
    }
  }

  return { run, isBusy, problem };
}
