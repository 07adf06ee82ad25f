import type { RouteRecordRaw } from "vue-router";

import { TYPISTS } from "@/roles";

export const routes: RouteRecordRaw[] = [
  {
    path: "/cases/:id([0-9a-f-]{36})/copy-cards",
    name: "copy-cards",
    component: () => import("./CopyCardsPage.vue"),
    props: true,
    meta: { roles: TYPISTS, title: { zh: "录入卡", en: "Copy cards" } },
  },
];
