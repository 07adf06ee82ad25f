/** One task in front of somebody: what the server says of it, what is being filled in, and what came in between. */
import { computed, nextTick, onMounted, onUnmounted, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from "vue";
import { useRoute } from "vue-router";

import { api, ask, once, type Schemas } from "@/client/api";
import { asProblem, type Problem } from "@/client/problem";
import { language } from "@/i18n/language";
import { session } from "@/session";
import { behalfFrom } from "@/shared/behalf";
import { useAction } from "@/shared/useAction";
import { useLoad } from "@/shared/useLoad";
import { useDraft } from "./draft";
import { useFileDesk } from "./fileDesk";
import type { FieldNote, FormData, FormSchema } from "./form/engine";

export type Task = Schemas["UserTaskDetail"];

/** The form on the page, as far as the desk asks it. */
export interface FormHandle {
  entered(): FormData | null;
  submission(): FormData | null;
  show(notes: readonly FieldNote[]): FieldNote[];
  asText(): string;
  enter(values: FormData): void;
}

const NEWS_MS = 20_000;

export type TaskDesk = ReturnType<typeof useTaskDesk>;

export function useTaskDesk(id: () => string) {
  const route = useRoute();
  const path = () => ({ user_task_id: id() });
  const getTask = (signal?: AbortSignal) => ask(api.GET("/api/v1/user-tasks/{user_task_id}", { params: { path: path() }, signal }));

  const task = shallowRef<Task>();
  /** Changes when the form must be opened anew with what the server holds. */
  const edition = ref(0);
  const form: ShallowRef<FormHandle | undefined> = shallowRef();
  const conflict = shallowRef<Task>();
  const outcome = shallowRef<{ outcome: Schemas["StepOutcome"]; at: Date }>();
  const draftElsewhere = ref(false);
  const strayNotes = ref<FieldNote[]>([]);
  const hasFaults = ref(false);
  /** The case page may have said already for whom this is done. */
  const behalf: Ref<Schemas["OnBehalfOfBody"] | null> = ref(behalfFrom(route.query));

  const isOpen = computed(() => task.value?.state === "created" || task.value?.state === "assigned");
  const isMine = computed(() => isOpen.value && task.value?.assignee === session.user?.username);
  const isDelegate = computed(() => isMine.value && task.value?.delegation === "pending");
  const mayFill = computed(() => isMine.value && !conflict.value);
  const maySubmit = computed(() => mayFill.value && !isDelegate.value);
  const schema: ComputedRef<FormSchema | null> = computed(() => (task.value?.form ?? null) as FormSchema | null);

  const draft = useDraft(id, () => (mayFill.value ? (form.value?.entered() ?? null) : null));
  const files = useFileDesk(() => task.value?.case_id ?? null);

  /** The language of the form on the page. */
  let spokenIn = language.value;
  const load = useLoad(
    async (signal) => {
      const asked = language.value;
      const found = await getTask(signal);
      show(found);
      spokenIn = asked;
      return found;
    },
    { hasSentences: false },
  );
  /** The case, when it is a dispute that the viewer may see: the page works without it. */
  const theCase = useLoad(
    async (signal) => {
      if (!task.value) return undefined;
      return ask(api.GET("/api/v1/cases/{case_id}", { params: { path: { case_id: task.value.case_id } }, signal }));
    },
    { now: false },
  );
  watch(
    () => task.value?.case_id,
    (caseId) => {
      if (caseId) void theCase.reload();
    },
  );
  const parties = computed(() => theCase.data.value?.parties ?? []);

  /** Takes over what the server says of the task, and opens its form anew. */
  function show(found: Task): void {
    task.value = found;
    conflict.value = undefined;
    draftElsewhere.value = false;
    strayNotes.value = [];
    draft.kept.value = JSON.stringify(found.draft ?? null);
    draft.start();
    edition.value += 1;
  }

  const holderChanged = (before: Task, now: Task) => before.state !== now.state || before.assignee !== now.assignee || before.delegation !== now.delegation;

  /** Looks whether somebody else acted meanwhile; what is being filled in stays as it is. */
  async function checkForNews(): Promise<void> {
    const before = task.value;
    if (!before || outcome.value || conflict.value || submit.isBusy.value || claim.isBusy.value || unclaim.isBusy.value || document.visibilityState === "hidden") return;
    const asked = language.value;
    let now: Task;
    try {
      now = await getTask();
    } catch (error) {
      if (asProblem(error).status !== 404) return; // it is looked again in a moment
      now = { ...before, state: "canceled" };
    }
    if (task.value !== before || outcome.value || submit.isBusy.value) return;
    if (holderChanged(before, now)) {
      if (mayFill.value) conflict.value = now;
      else show(now);
      return;
    }
    const theirs = JSON.stringify(now.draft ?? null);
    draftElsewhere.value =
      mayFill.value && now.draft !== null && theirs !== draft.kept.value && draft.state.value !== "saving" && theirs !== JSON.stringify(form.value?.entered());
    // in the other language it is another form to look at: what is being filled in goes over into it
    const same = asked === spokenIn ? before : now;
    task.value = { ...now, form: same.form, data: same.data, draft: before.draft };
    spokenIn = asked;
  }

  const claim = useAction(async (key: string) => {
    await ask(api.POST("/api/v1/user-tasks/{user_task_id}/claim", { params: { path: path(), header: once(key) } }));
  });
  const unclaim = useAction(async (_key: string) => {
    await draft.flush();
    await ask(api.DELETE("/api/v1/user-tasks/{user_task_id}/claim", { params: { path: path() } }));
  });
  async function claimIt(): Promise<void> {
    await claim.run();
    await load.reload();
  }
  async function giveBack(): Promise<void> {
    await unclaim.run();
    if (!unclaim.problem.value) await load.reload();
  }

  const submit = useAction((key: string, variables: Record<string, unknown>, on_behalf_of: Schemas["OnBehalfOfBody"] | null) =>
    ask(api.POST("/api/v1/user-tasks/{user_task_id}/completion", { params: { path: path(), header: once(key) }, body: { variables, on_behalf_of } })),
  );
  const submitProblem = computed<Problem | undefined>(() => {
    const problem = submit.problem.value;
    return problem?.code === "form_invalid" && !strayNotes.value.length ? undefined : problem;
  });
  const isSubmitting = ref(false);

  async function submitIt(): Promise<void> {
    if (isSubmitting.value) return;
    strayNotes.value = [];
    hasFaults.value = false;
    const variables = schema.value ? form.value?.submission() : {};
    if (!variables) {
      hasFaults.value = Boolean(schema.value);
      return;
    }
    isSubmitting.value = true;
    try {
      await draft.flush(); // a submission that is taken back brings the form back as the draft was last kept
      await draft.stop();
      await send(variables);
    } finally {
      isSubmitting.value = false;
    }
  }

  async function send(variables: Record<string, unknown>): Promise<void> {
    const at = new Date();
    const found = await submit.run(variables, behalf.value);
    if (found) {
      outcome.value = { outcome: found, at };
      await nextTick();
      window.scrollTo({ top: 0 });
      document.getElementById("after-title")?.focus();
      return;
    }
    draft.start();
    const problem = submit.problem.value;
    if (problem?.code === "form_invalid") {
      hasFaults.value = true;
      strayNotes.value = form.value?.show(problem.errors) ?? [];
    } else if (problem?.status === 409 || problem?.status === 404 || problem?.status === 403) await checkForNews();
  }

  function changed(): void {
    hasFaults.value = false;
    if (mayFill.value) draft.touch();
  }
  async function retracted(): Promise<void> {
    outcome.value = undefined;
    await load.reload();
  }
  async function takeTheirs(): Promise<void> {
    await draft.stop();
    await load.reload();
  }
  async function keepMine(): Promise<void> {
    draftElsewhere.value = false;
    draft.kept.value = "";
    await draft.flush();
  }

  let clock: ReturnType<typeof setInterval> | undefined;
  const look = () => void checkForNews();
  onMounted(() => {
    clock = setInterval(look, NEWS_MS);
    window.addEventListener("focus", look);
    document.addEventListener("visibilitychange", look);
  });
  onUnmounted(() => {
    clearInterval(clock);
    window.removeEventListener("focus", look);
    document.removeEventListener("visibilitychange", look);
  });
  watch(language, () => (task.value ? look() : void load.reload()));
  watch(id, () => {
    outcome.value = undefined;
    behalf.value = behalfFrom(route.query);
    task.value = undefined;
    load.data.value = undefined;
    void load.reload();
  });

  return {
    task,
    edition,
    form,
    conflict,
    outcome,
    draftElsewhere,
    hasFaults,
    behalf,
    isOpen,
    isMine,
    isDelegate,
    mayFill,
    maySubmit,
    schema,
    draft,
    files,
    load,
    theCase,
    parties,
    claim,
    unclaim,
    submitProblem,
    isSubmitting,
    checkForNews,
    claimIt,
    giveBack,
    submitIt,
    changed,
    retracted,
    takeTheirs,
    keepMine,
  };
}
