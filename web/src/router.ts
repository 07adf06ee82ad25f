/** Addresses. Each feature brings its own in `features/<name>/routes.ts`; a page's code loads when it is opened. */
import { createRouter, createWebHistory, type RouteLocationNormalized, type RouteRecordRaw } from "vue-router";

import { CASEWORKERS, DESIGNERS, PARTIES, SUPERVISORS } from "./roles";
import { session } from "./session";

export interface NavEntry {
  /** Place in the navigation, from the top. */
  order: number;
  zh: string;
  en: string;
  /** Path of a 24x24 icon drawn with strokes. */
  icon: string;
  /** In the bar at the bottom of a phone's screen too. */
  onPhone?: boolean;
}

declare module "vue-router" {
  interface RouteMeta {
    /** Who may open it: roles; everybody who is signed in when left out; nobody need be when `public`. */
    roles?: readonly string[];
    public?: boolean;
    /** Without the frame of navigation. */
    bare?: boolean;
    nav?: NavEntry;
    title?: { zh: string; en: string };
  }
}

const features = import.meta.glob<{ routes: RouteRecordRaw[] }>("./features/*/routes.ts", { eager: true });

export const routes: RouteRecordRaw[] = [
  ...Object.values(features).flatMap((feature) => feature.routes),
  { path: "/", name: "home", redirect: () => homeOf(session.user?.roles ?? []) },
  { path: "/:rest(.*)*", name: "nowhere", component: () => import("./shell/NowherePage.vue"), meta: { public: true } },
];

/** Returns the first page of a person with `roles`. */
export function homeOf(roles: readonly string[]): { name: string } {
  const has = (some: readonly string[]) => roles.some((role) => some.includes(role));
  if (has(CASEWORKERS)) return { name: "today" };
  const wanted = [
    [SUPERVISORS, "supervision"],
    [DESIGNERS, "definitions"],
    [PARTIES, "my-cases"],
  ] as const;
  for (const [some, name] of wanted) if (has(some) && router.hasRoute(name)) return { name };
  return { name: "account" };
}

/** Returns whether somebody with `roles` may open `to`. */
export function mayOpen(to: Pick<RouteLocationNormalized, "meta">, roles: readonly string[]): boolean {
  return !to.meta.roles || to.meta.roles.some((role) => roles.includes(role));
}

export const router = createRouter({
  history: createWebHistory("/app/"),
  routes,
  scrollBehavior: (to, _from, saved) => saved ?? (to.hash ? { el: to.hash } : { top: 0 }),
});

router.beforeEach(async (to) => {
  if (to.meta.public) return true;
  await session.load();
  if (!session.user) return { name: "sign-in", query: to.fullPath === "/" ? {} : { to: to.fullPath } };
  if (!mayOpen(to, session.user.roles)) return { name: "nowhere", params: { rest: ["forbidden"] }, query: { from: to.fullPath } };
  return true;
});
