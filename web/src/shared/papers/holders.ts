/** Who holds a case: its open tasks, put together by the person or group that has them. */
import type { Schemas } from "@/client/api";
import type { Named } from "@/i18n";

export interface Holder {
  key: string;
  /** The person who claimed it; null while it waits for a group. */
  person: string | null;
  /** Who may claim it, by where they sit; places stand here only where there are several. */
  groups: readonly { names: Named[]; organisation: string | null }[];
  /** Where all of them sit; null when they sit in different places, or the case has none yet. */
  organisation: string | null;
  /** What they have to do. */
  tasks: string[];
}

type Task = Pick<Schemas["OpenTask"], "assignee" | "assignee_name" | "groups" | "element_name">;

function byPlace(groups: Task["groups"]): { names: Named[]; organisation: string | null }[] {
  const places = [...new Set(groups.map((group) => group.organisation))];
  return places.map((organisation) => ({ organisation, names: groups.filter((group) => group.organisation === organisation) }));
}

/** Returns the holders in the order of their first task; several tasks of one holder stand together. */
export function holdersOf(tasks: readonly Task[]): Holder[] {
  const found = new Map<string, Holder>();
  for (const task of tasks) {
    const groups = [...new Map(task.groups.map((group) => [group.code, group])).values()];
    const [organisation = null, ...others] = new Set(groups.map((group) => group.organisation));
    const isOnePlace = !others.length;
    const key = task.assignee ?? task.groups.map((group) => `${group.code}@${group.organisation ?? ""}`).join("|");
    const holder = found.get(key) ?? {
      key,
      person: task.assignee ? (task.assignee_name ?? task.assignee) : null,
      groups: byPlace(groups).map((place) => (isOnePlace ? { ...place, organisation: null } : place)),
      organisation: isOnePlace ? organisation : null,
      tasks: [],
    };
    if (!holder.tasks.includes(task.element_name)) holder.tasks.push(task.element_name);
    found.set(key, holder);
  }
  return [...found.values()];
}
