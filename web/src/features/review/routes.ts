import type { RouteRecordRaw } from "vue-router";

import { BATCH_ROLES } from "./kinds";

export const routes: RouteRecordRaw[] = [
  {
    path: "/batches",
    name: "batches",
    component: () => import("./BatchesPage.vue"),
    meta: {
      roles: BATCH_ROLES,
      title: { zh: "批量办理", en: "Batches" },
      nav: { order: 25, zh: "批量办理", en: "Batches", icon: "M8 4h12v12H8zM4 8v12h12M11 10l2 2 4-4" },
    },
  },
];
