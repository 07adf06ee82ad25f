import type { RouteRecordRaw } from "vue-router";

import { CASEWORKERS, SUPERVISORS } from "@/roles";
import { ICONS } from "@/shell/icons";

export const routes: RouteRecordRaw[] = [
  {
    path: "/agenda",
    name: "agenda",
    component: () => import("./AgendaPage.vue"),
    meta: {
      roles: [...CASEWORKERS, ...SUPERVISORS],
      title: { zh: "日程", en: "Agenda" },
      nav: { order: 25, zh: "日程", en: "Agenda", icon: ICONS.calendar },
    },
  },
];
