/** The API, typed from its own OpenAPI document. One place sends requests; a refusal becomes a `Problem`. */
import createClient, { type Middleware } from "openapi-fetch";

import { readerLanguage } from "@/i18n/language";
import { NO_CONNECTION, Problem, problemOf } from "./problem";
import type { components, paths } from "./schema";
import { waitFor } from "./waiting";

export type Schemas = components["schemas"];

/** Only scripts of our own pages can send this header: with it the server trusts the browser's session. */
export const CLIENT_HEADER = "X-Tingzhu-Client";

const PATIENCE_MS = 60_000;

const ours: Middleware = {
  onRequest({ request }) {
    request.headers.set(CLIENT_HEADER, "web");
    request.headers.set("Accept-Language", readerLanguage());
    return request;
  },
};

async function patientFetch(request: Request): Promise<Response> {
  const patience = new AbortController();
  const giveUp = () => patience.abort();
  const clock = setTimeout(giveUp, PATIENCE_MS);
  request.signal.addEventListener("abort", giveUp);
  try {
    return await waitFor(() => fetch(request, { signal: patience.signal }));
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw new Problem(NO_CONNECTION);
  } finally {
    clearTimeout(clock);
    request.signal.removeEventListener("abort", giveUp);
  }
}

export const api = createClient<paths>({ credentials: "same-origin", fetch: patientFetch });
api.use(ours);

type Answer<T> = { data?: T; error?: unknown; response: Response };

const signedOutListeners = new Set<() => void>();

/** Calls `listener` whenever the server says that nobody is signed in; returns how to stop that. */
export function whenSignedOut(listener: () => void): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

/** Tells the page when a refusal means that nobody is signed in. */
export function noticeSignedOut(problem: Problem): void {
  if (problem.status === 401 && problem.code === "unauthenticated") signedOutListeners.forEach((tell) => tell());
}

/** Waits for a request and returns what was answered. Throws `Problem` when the server refuses or cannot be reached. */
export async function ask<T>(request: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await request;
  if (response.ok) return data as T;
  const problem = problemOf(error, response.status);
  noticeSignedOut(problem);
  throw problem;
}

/** Headers that make a repeated request the same request: the server carries it out once. */
export function once(key: string = crypto.randomUUID()): { "Idempotency-Key": string } {
  return { "Idempotency-Key": key };
}
