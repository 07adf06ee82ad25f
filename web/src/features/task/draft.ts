/** Keeps what is being filled in on the server, encrypted there with the task, a moment after each change. */
import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from "vue";

import { api, ask } from "@/client/api";
import { asProblem, type Problem } from "@/client/problem";

const PAUSE_MS = 1_200;
const LONGEST_WAIT_MS = 30_000;

export type DraftState = "clean" | "changed" | "saving" | "saved" | "waiting" | "refused";

export interface Draft {
  state: Ref<DraftState>;
  savedAt: Ref<Date | null>;
  problem: ShallowRef<Problem | undefined>;
  /** What the server was last given, as JSON. */
  kept: Ref<string>;
  touch(): void;
  /** Saves at once what has changed. */
  flush(): Promise<void>;
  /** Saves nothing more, and waits for what is on its way. */
  stop(): Promise<void>;
  start(): void;
}

export function useDraft(taskId: () => string, entered: () => Record<string, unknown> | null): Draft {
  const state = ref<DraftState>("clean");
  const savedAt = ref<Date | null>(null);
  const problem = shallowRef<Problem>();
  const kept = ref("");
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> = Promise.resolve();
  let isStopped = false;
  let wait = PAUSE_MS;

  function later(ms: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => void flush(), ms);
  }

  async function save(draft: Record<string, unknown> | null, isLeaving: boolean): Promise<void> {
    if (isStopped || !draft) return;
    const text = JSON.stringify(draft);
    if (text === kept.value) {
      if (state.value === "changed") state.value = savedAt.value ? "saved" : "clean";
      return;
    }
    state.value = "saving";
    try {
      await ask(api.PUT("/api/v1/user-tasks/{user_task_id}/draft", { params: { path: { user_task_id: taskId() } }, body: { draft }, keepalive: isLeaving && text.length < 60_000 }));
      kept.value = text;
      savedAt.value = new Date();
      problem.value = undefined;
      wait = PAUSE_MS;
      state.value = "saved";
      const now = entered();
      if (now && JSON.stringify(now) !== text) touch();
    } catch (error) {
      problem.value = asProblem(error);
      if (problem.value.isPassing || problem.value.status === 401) {
        state.value = "waiting";
        wait = Math.min(wait * 2, LONGEST_WAIT_MS);
        later(wait);
      } else state.value = "refused";
    }
  }

  function flush(isLeaving = false): Promise<void> {
    clearTimeout(timer);
    const draft = entered(); // now: the form may be gone when it is this one's turn
    running = running.then(() => save(draft, isLeaving));
    return running;
  }

  function touch(): void {
    if (isStopped) return;
    if (state.value !== "waiting") state.value = "changed";
    later(PAUSE_MS);
  }

  async function stop(): Promise<void> {
    isStopped = true;
    clearTimeout(timer);
    await running;
  }

  const whenHidden = () => {
    if (document.visibilityState === "hidden" && ["changed", "waiting"].includes(state.value)) void flush(true);
  };
  const whenOnline = () => {
    if (state.value === "waiting") later(0);
  };
  document.addEventListener("visibilitychange", whenHidden);
  window.addEventListener("online", whenOnline);
  onScopeDispose(() => {
    document.removeEventListener("visibilitychange", whenHidden);
    window.removeEventListener("online", whenOnline);
    if (["changed", "waiting"].includes(state.value)) void flush();
    clearTimeout(timer);
  });

  return {
    state,
    savedAt,
    problem,
    kept,
    touch,
    flush: () => flush(),
    stop,
    start() {
      isStopped = false;
    },
  };
}
