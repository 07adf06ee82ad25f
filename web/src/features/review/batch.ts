/** Decisions about many cases of one employer: what each case sends, and what came of it. */
import type { Schemas } from "@/client/api";
import { problemOf, type Problem } from "@/client/problem";

export type BatchTask = Schemas["BatchTask"];
export type Values = Record<string, unknown>;

export interface Row {
  task: BatchTask;
  isChosen: boolean;
  /** What this case says for itself; null: what all share. */
  own: Values | null;
  /** The own values in words. */
  words: string;
  result: "done" | "already-done" | "refused" | null;
  problem: Problem | null;
}

/** Opens the rows of a batch. A case with items that cannot be reviewed is decided on its own, so it is not chosen yet. */
export function rowsOf(tasks: readonly BatchTask[]): Row[] {
  return tasks.map((task) => ({ task, isChosen: isPlain(task), own: null, words: "", result: null, problem: null }));
}

export const isPlain = (task: BatchTask): boolean => task.agreement_reviewability === null || task.agreement_reviewability === "all";
export const isDone = (row: Row): boolean => row.result === "done" || row.result === "already-done";
/** What is to be sent now: chosen and not done. */
export const waiting = (rows: readonly Row[]): Row[] => rows.filter((row) => row.isChosen && !isDone(row));
export const needsCommon = (rows: readonly Row[]): boolean => waiting(rows).some((row) => !row.own);

/** Returns one item per case that waits; `common` serves those without values of their own. */
export function itemsOf(rows: readonly Row[], common: Values | null): Schemas["ItemCompletionBody"][] {
  return waiting(rows).flatMap((row) => {
    const variables = row.own ?? common;
    return variables ? [{ user_task_id: row.task.id, variables, on_behalf_of: null }] : [];
  });
}

/** Writes into the rows what came of each; rows that were not sent stay as they are. */
export function takeResults(rows: readonly Row[], answers: readonly Schemas["ItemCompletion"][]): void {
  const byTask = new Map(answers.map((answer) => [answer.user_task_id, answer]));
  for (const row of rows) {
    const answer = byTask.get(row.task.id);
    if (!answer) continue;
    row.result = answer.result;
    row.problem = answer.result === "refused" ? problemOf(answer.problem, answer.problem?.status ?? 0) : null;
    if (isDone(row)) row.isChosen = false;
  }
}
