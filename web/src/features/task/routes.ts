import type { RouteRecordRaw } from "vue-router";

import { CASEWORKERS, DESIGNERS, SUPERVISORS } from "@/roles";

export const routes: RouteRecordRaw[] = [
  {
    path: "/tasks/:id",
    name: "task",
    component: () => import("./TaskPage.vue"),
    props: true,
    meta: { roles: [...CASEWORKERS, ...SUPERVISORS, ...DESIGNERS], title: { zh: "办理", en: "Task" } },
  },
];
