import type { RouteRecordRaw } from "vue-router";

import { SUPERVISORS } from "@/roles";
import { ICONS } from "@/shell/icons";

export const routes: RouteRecordRaw[] = [
  {
    path: "/figures",
    name: "figures",
    component: () => import("./MonthlySheetPage.vue"),
    meta: { roles: [...SUPERVISORS], title: { zh: "月报", en: "Monthly sheet" }, nav: { order: 18, zh: "月报", en: "Monthly sheet", icon: ICONS.figures, onPhone: true } },
  },
];
