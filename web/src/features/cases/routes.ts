import type { RouteRecordRaw } from "vue-router";

import { CASEWORKERS, SUPERVISORS } from "@/roles";
import { ICONS } from "@/shell/icons";

const roles = [...CASEWORKERS, ...SUPERVISORS];

export const routes: RouteRecordRaw[] = [
  {
    path: "/cases",
    name: "cases",
    component: () => import("./CasesPage.vue"),
    meta: {
      roles,
      title: { zh: "案件", en: "Cases" },
      nav: { order: 30, zh: "案件", en: "Cases", icon: ICONS.cases, onPhone: true },
    },
  },
  {
    path: "/cases/:id([0-9a-f-]{36})",
    name: "case",
    component: () => import("./CasePage.vue"),
    props: true,
    meta: { roles, title: { zh: "案件", en: "Case" } },
  },
];
