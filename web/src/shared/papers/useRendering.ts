/** Has a paper of a case made now, and waits for it: most are there within seconds. */
import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from "vue";

import { api, ask, once, type Schemas } from "@/client/api";
import { asProblem, type Problem } from "@/client/problem";

export type RenderingState = "idle" | "asking" | "waiting" | "done" | "failed" | "slow";
export type Paper = Schemas["Document"];

const LOOK_MS = 1_000;
/** After so many looks we say that it takes longer, and go on only when asked. */
const LOOKS = 60;

export interface Rendering {
  state: Ref<RenderingState>;
  /** The paper that was made, once it is there. */
  paper: ShallowRef<Paper | undefined>;
  problem: ShallowRef<Problem | undefined>;
  /** Asks for a paper and waits for it; resolves with it, or with undefined when it did not come. */
  make: (caseId: string, body: Schemas["RenderingBody"]) => Promise<Paper | undefined>;
  /** Looks again for one that took long. */
  lookAgain: () => Promise<Paper | undefined>;
  forget: () => void;
}

export function useRendering(pauseMs = LOOK_MS): Rendering {
  const state = ref<RenderingState>("idle");
  const paper = shallowRef<Paper>();
  const problem = shallowRef<Problem>();
  let asked: { caseId: string; jobId: string } | undefined;
  let key = "";
  let wanted = "";
  let turn = 0;
  onScopeDispose(() => (turn += 1));

  async function wait(mine: number): Promise<Paper | undefined> {
    if (!asked) return undefined;
    const { caseId, jobId } = asked;
    state.value = "waiting";
    for (let look = 0; look < LOOKS && mine === turn; look += 1) {
      const found = await ask(api.GET("/api/v1/cases/{case_id}/documents/renderings/{job_id}", { params: { path: { case_id: caseId, job_id: jobId } } }));
      if (mine !== turn) return undefined;
      if (found.state === "failed") {
        state.value = "failed";
        return undefined;
      }
      if (found.state === "done" && found.document_id) {
        const all = await ask(api.GET("/api/v1/cases/{case_id}/documents", { params: { path: { case_id: caseId } } }));
        if (mine !== turn) return undefined;
        paper.value = all.items.find((one) => one.id === found.document_id);
        state.value = paper.value ? "done" : "failed";
        return paper.value;
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    if (mine === turn) state.value = "slow";
    return undefined;
  }

  async function guarded(act: (mine: number) => Promise<Paper | undefined>): Promise<Paper | undefined> {
    const mine = (turn += 1);
    problem.value = undefined;
    try {
      return await act(mine);
    } catch (error) {
      if (mine !== turn) return undefined;
      problem.value = asProblem(error);
      state.value = asked ? "slow" : "idle";
      return undefined;
    }
  }

  function make(caseId: string, body: Schemas["RenderingBody"]): Promise<Paper | undefined> {
    const asks = JSON.stringify([caseId, body]);
    // the same wish again after a lost connection is the same request
    if (!key || asks !== wanted) [key, wanted] = [crypto.randomUUID(), asks];
    asked = undefined;
    paper.value = undefined;
    state.value = "asking";
    return guarded(async (mine) => {
      const { job_id } = await ask(api.POST("/api/v1/cases/{case_id}/documents/renderings", { params: { path: { case_id: caseId }, header: once(key) }, body }));
      key = "";
      asked = { caseId, jobId: job_id };
      return wait(mine);
    });
  }

  return {
    state,
    paper,
    problem,
    make,
    lookAgain: () => guarded(wait),
    forget() {
      turn += 1;
      asked = undefined;
      paper.value = undefined;
      problem.value = undefined;
      state.value = "idle";
    },
  };
}
