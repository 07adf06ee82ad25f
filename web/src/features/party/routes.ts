import type { RouteRecordRaw } from "vue-router";

export const routes: RouteRecordRaw[] = [
  { path: "/party", name: "party", component: () => import("./PartyPage.vue"), meta: { public: true, title: { zh: "我的案件", en: "My case" } } },
  { path: "/my-cases", name: "my-cases", component: () => import("./PartyPage.vue"), meta: { public: true, title: { zh: "我的案件", en: "My cases" } } },
];
