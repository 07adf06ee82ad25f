import type { RouteRecordRaw } from "vue-router";

import { SUPERVISORS } from "@/roles";
import { ICONS } from "@/shell/icons";

export const routes: RouteRecordRaw[] = [
  {
    path: "/supervision",
    name: "supervision",
    component: () => import("./SupervisionPage.vue"),
    meta: {
      roles: [...SUPERVISORS],
      title: { zh: "督办", en: "Supervision" },
      nav: { order: 10, zh: "督办", en: "Supervision", icon: ICONS.supervision, onPhone: true },
    },
  },
  {
    path: "/incidents",
    name: "incidents",
    component: () => import("./IncidentsPage.vue"),
    meta: {
      roles: [...SUPERVISORS, "admin"],
      title: { zh: "异常", en: "Incidents" },
      nav: { order: 15, zh: "异常", en: "Incidents", icon: ICONS.incidents, onPhone: true },
    },
  },
];
