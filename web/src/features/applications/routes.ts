import type { RouteRecordRaw } from "vue-router";

export const routes: RouteRecordRaw[] = [
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
