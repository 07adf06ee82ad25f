/** The documents of the task's case: what fields upload goes there, and is shown from there. */
import { onScopeDispose, ref, watch, type Ref } from "vue";

import { api, ask, type Schemas } from "@/client/api";
import { asProblem, type Problem } from "@/client/problem";
import { sendFile } from "@/shared/upload";
import type { FileDesk } from "./form/FileField";

export type CaseDocument = Schemas["Document"];

export interface Documents extends FileDesk {
  items: Ref<CaseDocument[]>;
  problem: Ref<Problem | undefined>;
  /** The document that is being looked at. */
  shown: Ref<string | null>;
  reload(): Promise<void>;
}

export function useFileDesk(caseId: () => string | null): Documents {
  const items = ref<CaseDocument[]>([]);
  const problem = ref<Problem>();
  const shown = ref<string | null>(null);
  const listeners = new Set<() => void>();

  async function reload(): Promise<void> {
    const id = caseId();
    if (!id) return;
    try {
      items.value = (await ask(api.GET("/api/v1/cases/{case_id}/documents", { params: { path: { case_id: id } } }))).items;
      problem.value = undefined;
    } catch (error) {
      problem.value = asProblem(error);
    }
    listeners.forEach((tell) => tell());
  }
  watch(caseId, () => void reload(), { immediate: true });
  onScopeDispose(() => listeners.clear());

  return {
    items,
    problem,
    shown,
    reload,
    async upload(file, label, key, onProgress) {
      const fields = { kind: "evidence", title: `${label} ${file.name}`.slice(0, 200) };
      const stored = await sendFile<Schemas["StoredDocument"]>(`/api/v1/cases/${caseId()}/documents`, file, key, { fields, onProgress });
      await reload();
      return stored.id;
    },
    title: (id) => items.value.find((document) => document.id === id)?.title,
    open: (id) => {
      shown.value = id;
    },
    whenKnown(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
