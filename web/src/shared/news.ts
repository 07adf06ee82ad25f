/**
 * What changed for the reader. One clock for the whole application asks the server, which answers with ids only; pages
 * then read again what they show. A hidden tab asks nothing and looks at once when it comes back.
 */
import { onScopeDispose, ref, watch } from "vue";

import { api, ask, type Schemas } from "@/client/api";
import { asProblem } from "@/client/problem";
import { session } from "@/session";

export type News = Schemas["News"];

/** In-app notifications that were not read yet; the server stops counting at a hundred. */
export const unread = ref(0);

const FIRST_WAIT_MS = 10_000;
const LONGEST_WAIT_MS = 120_000;

const listeners = new Set<(news: News) => void>();
let after: string | null = null;
let wait = FIRST_WAIT_MS;
let clock: ReturnType<typeof setTimeout> | undefined;
let isAsking = false;

async function look(): Promise<void> {
  if (isAsking) return;
  clearTimeout(clock);
  if (session.user && document.visibilityState === "visible") {
    isAsking = true;
    await readNews();
    isAsking = false;
  }
  if (listeners.size) clock = setTimeout(() => void look(), wait);
}

async function readNews(): Promise<void> {
  const asked = after;
  try {
    const news = await ask(api.GET("/api/v1/news", { params: { query: { after: asked } } }));
    wait = news.poll_after_seconds * 1000;
    if (asked !== after) return; // somebody else signed in meanwhile
    after = news.next_after;
    unread.value = news.unread_notifications;
    if (asked !== null) listeners.forEach((tell) => tell(news));
  } catch (error) {
    // it is asked again later, ever more rarely; what the page itself asks for says what is wrong
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    if (asProblem(error).code === "cursor_invalid") after = null;
  }
}

watch(
  () => session.user?.username,
  () => {
    after = null;
    unread.value = 0;
    wait = FIRST_WAIT_MS;
    if (listeners.size) void look();
  },
);
const onVisible = () => {
  if (document.visibilityState === "visible" && listeners.size) void look();
};

/** Calls `tell` with everything that changes as long as the component lives. */
export function useNews(tell: (news: News) => void): void {
  if (!listeners.size) document.addEventListener("visibilitychange", onVisible);
  listeners.add(tell);
  if (listeners.size === 1) void look();
  onScopeDispose(() => {
    listeners.delete(tell);
    if (listeners.size) return;
    clearTimeout(clock);
    document.removeEventListener("visibilitychange", onVisible);
    after = null; // whoever asks next reads everything anyway
  });
}
