/** The rows of the inbox: pages, the row at hand, and news that come in without moving it. */
import { computed, ref, shallowRef } from "vue";

import { api, ask, type Schemas } from "@/client/api";
import { asProblem, type Problem } from "@/client/problem";
import { useNews } from "@/shared/news";
import { useAction } from "@/shared/useAction";
import { useLoad } from "@/shared/useLoad";
import { requestOf, type Filters } from "./filters";
import { mergeNews } from "./merge";

export type Task = Schemas["InboxItem"];
const PAGE = 50;

export function useTasks(filters: () => Filters) {
  const tasks = shallowRef<Task[]>([]);
  const cursor = ref<string | null>(null);
  const stale = shallowRef<ReadonlySet<string>>(new Set());
  const arrived = ref(0);
  const atId = ref<string>();
  const at = computed(() => {
    const found = tasks.value.findIndex((task) => task.id === atId.value);
    return found < 0 ? 0 : found;
  });

  const getPage = (after: string | null, signal?: AbortSignal) =>
    ask(api.GET("/api/v1/user-tasks", { params: { query: { ...requestOf(filters()), limit: PAGE, cursor: after } }, signal }));

  const counts = useLoad((signal) => ask(api.GET("/api/v1/user-tasks/counts", { signal })));
  // names of tasks come in the reader's language
  const first = useLoad(
    async (signal) => {
      const place = at.value;
      const page = await getPage(null, signal);
      tasks.value = page.items;
      cursor.value = page.next_cursor;
      stale.value = new Set();
      arrived.value = 0;
      if (!page.items.some((task) => task.id === atId.value)) atId.value = page.items[Math.min(place, page.items.length - 1)]?.id;
      return page;
    },
    { hasSentences: true },
  );
  const more = useAction(async () => {
    const page = await getPage(cursor.value);
    const known = new Set(tasks.value.map((task) => task.id));
    tasks.value = [...tasks.value, ...page.items.filter((task) => !known.has(task.id))];
    cursor.value = page.next_cursor;
  });

  /** Ids that the news named and the list does not show yet. */
  let waiting: ReadonlySet<string> = new Set();
  const newsProblem = shallowRef<Problem>();
  /** Reads the first page once more, only because the news say that something changed. */
  async function mergeChanged(changed: ReadonlySet<string>): Promise<void> {
    const asked = JSON.stringify(requestOf(filters()));
    let page;
    try {
      page = await getPage(null);
    } catch (error) {
      newsProblem.value = asProblem(error);
      return;
    }
    newsProblem.value = undefined;
    if (asked !== JSON.stringify(requestOf(filters())) || first.isLoading.value) return;
    const unseen = new Set([...changed, ...stale.value, ...waiting]);
    const merged = mergeNews(tasks.value, page.items, unseen);
    if (!tasks.value.length && merged.arrived) return first.reload();
    tasks.value = merged.shown;
    stale.value = merged.stale;
    arrived.value = merged.arrived;
    waiting = merged.arrived ? unseen : new Set();
  }
  useNews((news) => {
    if (!news.user_tasks.length && !news.has_more) return;
    void counts.reload();
    if (news.has_more) void first.reload();
    else void mergeChanged(new Set(news.user_tasks.map((task) => task.id)));
  });

  /** Begins a list anew: another view or filter. */
  function restart(): Promise<void> {
    first.data.value = undefined;
    tasks.value = [];
    atId.value = undefined;
    waiting = new Set();
    return first.reload();
  }
  const reload = () => Promise.all([first.reload(), counts.reload()]);
  function move(steps: number): void {
    atId.value = tasks.value[Math.min(Math.max(at.value + steps, 0), tasks.value.length - 1)]?.id;
  }
  return { tasks, cursor, stale, arrived, at, atId, counts, first, more, newsProblem, restart, reload, move };
}
