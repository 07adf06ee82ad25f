/** One application: its draft on the server and in the browser, from the first word to the receipt. */
import { computed, onScopeDispose, ref, shallowRef, watch } from "vue";

import { api, ask, type Schemas } from "@/client/api";
import { asProblem, type Problem } from "@/client/problem";
import { blank, restored, sent } from "./content";
import { dropKept, keep, readKept, type Kept } from "./keeping";
import { clearShelf } from "./photoShelf";

type Application = Schemas["Application"];
export type SaveState = "untouched" | "saving" | "saved" | "here";

const SAVE_MS = 1_200;
const AGAIN_MS = 12_000;

export function useApplication() {
  const kept: Kept = readKept();
  const content = ref(restored(kept.content));
  const token = ref(kept.token ?? "");
  const agreed = ref(kept.agreed ?? "");
  const files = ref<Application["files"]>([]);
  const receipt = shallowRef<Application>();
  /** What the window wants mended, in an application that it gave back. */
  const wish = ref("");
  /** `here`: only in this browser; the server will get it when the line is back. */
  const saveState = ref<SaveState>(kept.content === undefined ? "untouched" : "here");
  const problem = shallowRef<Problem>();
  const isOpening = ref(Boolean(kept.token));
  const isExpired = ref(false);
  let isDirty = kept.content !== undefined;
  let isListening = false;
  let pause: ReturnType<typeof setTimeout> | undefined;

  const withToken = () => ({ headers: { Authorization: `Bearer ${token.value}` } });
  const remember = () =>
    keep({
      ...(token.value ? { token: token.value } : {}),
      ...(agreed.value ? { agreed: agreed.value } : {}),
      ...(isDirty ? { content: sent(content.value) } : {}),
    });

  function take(found: Application): void {
    files.value = found.files;
    wish.value = found.state === "returned" ? (found.rejection ?? "") : "";
    if (found.state !== "draft" && found.state !== "returned") {
      receipt.value = found;
      isDirty = false;
      remember();
    } else if (!isDirty) {
      content.value = restored(found.content);
      saveState.value = "saved";
    }
  }

  /** Opens what this browser kept; of a draft that has run out, what was typed here stays. */
  async function open(): Promise<void> {
    if (!token.value) return;
    isOpening.value = true;
    problem.value = undefined;
    try {
      take(await ask(api.GET("/api/v1/applications/current", withToken())));
    } catch (error) {
      const found = asProblem(error);
      if (found.status === 401) {
        token.value = "";
        isExpired.value = true;
        remember();
      } else problem.value = found;
    } finally {
      isOpening.value = false;
      setTimeout(() => (isListening = true));
    }
    if (isDirty && agreed.value) void save();
  }

  /** Returns the token of the draft, beginning one on the server first where there is none. Throws `Problem`. */
  let beginning: Promise<string> | undefined;
  function begun(): Promise<string> {
    if (token.value) return Promise.resolve(token.value);
    beginning ??= ask(api.POST("/api/v1/applications"))
      .then((found) => {
        token.value = found.resume_token;
        isExpired.value = false;
        remember();
        return token.value;
      })
      .finally(() => (beginning = undefined));
    return beginning;
  }

  // one save after the other, so that an older one never overtakes a newer one
  let queue: Promise<void> = Promise.resolve();
  function save(): Promise<void> {
    clearTimeout(pause);
    queue = queue.then(async () => {
      if (!isDirty || receipt.value) return;
      const body = { content: sent(content.value) };
      try {
        await begun();
        await ask(api.PUT("/api/v1/applications/current", { ...withToken(), body }));
        isDirty = JSON.stringify(sent(content.value)) !== JSON.stringify(body.content);
        saveState.value = isDirty ? "saving" : "saved";
        if (isDirty) pause = setTimeout(save, SAVE_MS);
        problem.value = undefined;
        remember();
      } catch (error) {
        const found = asProblem(error);
        saveState.value = "here";
        if (found.status === 401) {
          token.value = "";
          remember();
        }
        // a lost line is said quietly beside the page's title; it is tried again
        problem.value = found.status === 0 || found.status === 401 ? undefined : found;
        if (found.isPassing || found.status === 401) pause = setTimeout(save, AGAIN_MS);
      }
    });
    return queue;
  }

  watch(
    content,
    () => {
      if (!isListening || receipt.value) return;
      isDirty = true;
      // once the line was found broken, it is said until a save succeeds
      if (saveState.value !== "here") saveState.value = "saving";
      remember();
      clearTimeout(pause);
      if (agreed.value) pause = setTimeout(save, SAVE_MS);
    },
    { deep: true },
  );

  function agree(version: string): void {
    agreed.value = version;
    isListening = true;
    remember();
  }

  /** Hands it in. Throws `Problem`: with `errors`, fields to mend. */
  async function submit(): Promise<void> {
    isDirty = true;
    await save();
    if (isDirty) throw problem.value ?? asProblem(new Error("the draft was not kept"));
    const body = { consents: true as const, notice_version: agreed.value };
    take(await ask(api.POST("/api/v1/applications/current/submission", { ...withToken(), body })));
    await clearShelf();
  }

  /** Forgets everything here; a draft is deleted on the server too. Throws `Problem`. */
  async function discard(): Promise<void> {
    clearTimeout(pause);
    if (token.value && !receipt.value && !wish.value) {
      try {
        await ask(api.DELETE("/api/v1/applications/current", withToken()));
      } catch (error) {
        if (asProblem(error).status !== 401) throw error;
      }
    }
    isListening = false;
    isDirty = false;
    token.value = agreed.value = "";
    files.value = [];
    content.value = blank();
    receipt.value = undefined;
    wish.value = "";
    saveState.value = "untouched";
    dropKept();
    await clearShelf();
  }

  const online = () => void save();
  window.addEventListener("online", online);
  onScopeDispose(() => {
    window.removeEventListener("online", online);
    clearTimeout(pause);
  });
  if (token.value) void open();
  else {
    isListening = true;
    if (isDirty && agreed.value) void save();
  }

  const hasDraft = computed(() => Boolean(token.value) || saveState.value !== "untouched");
  return { content, files, token, agreed, receipt, saveState, problem, isOpening, isExpired, wish, hasDraft, open, begun, save, submit, discard, agree, withToken };
}

export type OpenApplication = ReturnType<typeof useApplication>;
