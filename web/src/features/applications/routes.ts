import type { RouteRecordRaw } from "vue-router";

import { ICONS } from "@/shell/icons";

export const routes: RouteRecordRaw[] = [
  {
    path: "/applications",
    name: "applications",
    component: () => import("./ApplicationsPage.vue"),
    meta: {
      roles: ["window-clerk"],
      title: { zh: "网上申请", en: "Applications" },
      nav: { order: 6, zh: "网上申请", en: "Applications", icon: ICONS.inbox },
    },
  },
  {
    path: "/applications/:id([0-9a-f-]{36})",
    name: "application",
    component: () => import("./ApplicationPage.vue"),
    props: true,
    meta: { roles: ["window-clerk"], title: { zh: "网上申请", en: "Application" } },
  },
  {
    path: "/apply/receipt",
    name: "apply-receipt",
    component: () => import("./ReceiptPage.vue"),
    meta: { public: true, title: { zh: "查申请的进展", en: "What became of an application" } },
  },
  {
    path: "/apply/:question?",
    name: "apply",
    component: () => import("./ApplyPage.vue"),
    props: true,
    meta: { public: true, title: { zh: "申请调解", en: "Apply for mediation" } },
  },
];
