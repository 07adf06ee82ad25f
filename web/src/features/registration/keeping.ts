/** Keeps a registration on the server as it is typed: nothing is lost with the line, the session or the tab, nor overwritten. */
import { computed, onScopeDispose, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from "vue";

import { api, ask, once, type Schemas } from "@/client/api";
import { asProblem, type Problem } from "@/client/problem";
import { sent, type Content } from "./content";

const PAUSE_MS = 1_200;
const LONGEST_WAIT_MS = 30_000;

/** What is being saved, also by a page that was just left: saves follow each other, and a draft is fetched after them. */
let queue: Promise<void> = Promise.resolve();

export interface Keeping {
  id: Ref<string | undefined>;
  savedAt: Ref<string | undefined>;
  isSaving: Ref<boolean>;
  /** Why the last save was refused. */
  problem: ShallowRef<Problem | undefined>;
  /** Another window changed the draft: somebody must choose. */
  isElsewhere: ComputedRef<boolean>;
  /** The draft is no more: registered or thrown away in another window. */
  isGone: ComputedRef<boolean>;
  /** Fetches a kept draft and goes on from there. Throws `Problem`. */
  fetch(id: string): Promise<Schemas["Draft"]>;
  /** Begins anew, with nothing kept. */
  forget(): void;
  /** Says that something was changed; it is saved a moment later. */
  touch(): void;
  /** Saves what is not saved yet; returns whether everything is. */
  save(): Promise<boolean>;
  /** Saves this page's content over the other window's, or as a draft of its own where that is gone. */
  insist(): Promise<boolean>;
}

/** `content` says what is on the page now; `began` is told the id that a new draft was given. */
export function useKeeping(content: () => Content, began: (id: string) => Promise<unknown>): Keeping {
  const id = ref<string>();
  const savedAt = ref<string>();
  const isSaving = ref(false);
  const problem = shallowRef<Problem>();
  let kept = "";
  let isChanged = false;
  let isLeft = false;
  let key = crypto.randomUUID();
  let wait = PAUSE_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function later(ms: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => void save(), ms);
  }

  async function put(): Promise<Schemas["SavedDraft"]> {
    const body = { content: sent(content()) };
    if (!id.value) return ask(api.POST("/api/v1/registration-drafts", { params: { header: once(key) }, body }));
    return ask(api.PUT("/api/v1/registration-drafts/{draft_id}", { params: { path: { draft_id: id.value } }, body: { ...body, seen_at: kept || null } }));
  }

  async function saveOnce(): Promise<void> {
    if (!isChanged && id.value) return;
    const isNew = !id.value;
    isChanged = false;
    isSaving.value = true;
    try {
      const saved = await put();
      kept = saved.updated_at;
      problem.value = undefined;
      wait = PAUSE_MS;
      id.value = saved.id;
      if (isNew && !isLeft) await began(saved.id);
      if (!isChanged) savedAt.value = saved.updated_at;
    } catch (error) {
      isChanged = true;
      problem.value = asProblem(error);
      if (problem.value.isPassing || problem.value.status === 401) {
        wait = Math.min(wait * 2, LONGEST_WAIT_MS);
        if (!isLeft) later(wait);
      } else key = crypto.randomUUID();
    } finally {
      isSaving.value = false;
    }
  }

  async function save(): Promise<boolean> {
    clearTimeout(timer);
    queue = queue.then(saveOnce);
    await queue;
    return !problem.value && !isChanged;
  }

  const whenHidden = () => {
    if (document.visibilityState === "hidden" && isChanged) void save();
  };
  const whenOnline = () => {
    if (problem.value?.isPassing) later(0);
  };
  document.addEventListener("visibilitychange", whenHidden);
  window.addEventListener("online", whenOnline);
  onScopeDispose(() => {
    document.removeEventListener("visibilitychange", whenHidden);
    window.removeEventListener("online", whenOnline);
    isLeft = true;
    if (isChanged) void save();
    clearTimeout(timer);
  });

  return {
    id,
    savedAt,
    isSaving,
    problem,
    isElsewhere: computed(() => problem.value?.code === "registration_draft_changed"),
    isGone: computed(() => problem.value?.code === "not_found"),
    async fetch(draft) {
      await queue;
      const found = await ask(api.GET("/api/v1/registration-drafts/{draft_id}", { params: { path: { draft_id: draft } } }));
      clearTimeout(timer);
      id.value = draft;
      kept = savedAt.value = found.updated_at;
      isChanged = false;
      problem.value = undefined;
      return found;
    },
    forget() {
      clearTimeout(timer);
      id.value = savedAt.value = problem.value = undefined;
      kept = "";
      isChanged = false;
      key = crypto.randomUUID();
    },
    touch() {
      isChanged = true;
      savedAt.value = undefined;
      later(problem.value ? wait : PAUSE_MS);
    },
    save,
    insist() {
      if (problem.value?.code === "not_found") [id.value, key] = [undefined, crypto.randomUUID()];
      kept = "";
      isChanged = true;
      problem.value = undefined;
      return save();
    },
  };
}
