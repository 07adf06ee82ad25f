import type { RouteRecordRaw } from "vue-router";

import { CASEWORKERS } from "@/roles";
import { ICONS } from "@/shell/icons";

export const routes: RouteRecordRaw[] = [
  {
    path: "/today",
    name: "today",
    component: () => import("./TodayPage.vue"),
    meta: { roles: [...CASEWORKERS], title: { zh: "今天", en: "Today" }, nav: { order: 10, zh: "今天", en: "Today", icon: ICONS.today, onPhone: true } },
  },
];
