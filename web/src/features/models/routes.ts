import type { RouteRecordRaw } from "vue-router";

import { DESIGNERS } from "@/roles";
import { ICONS } from "@/shell/icons";

const roles = [...DESIGNERS];

export const routes: RouteRecordRaw[] = [
  {
    path: "/definitions",
    name: "definitions",
    component: () => import("./DefinitionsPage.vue"),
    meta: { roles, title: { zh: "流程", en: "Processes" }, nav: { order: 40, zh: "流程", en: "Processes", icon: ICONS.definitions, onPhone: true } },
  },
  {
    path: "/definitions/:id([0-9a-f-]{36})",
    name: "definition",
    component: () => import("./DefinitionPage.vue"),
    props: true,
    meta: { roles, title: { zh: "流程", en: "Process" } },
  },
  {
    path: "/scenarios",
    name: "scenarios",
    component: () => import("./ScenariosPage.vue"),
    meta: { roles, title: { zh: "情景演练", en: "Scenarios" }, nav: { order: 42, zh: "情景演练", en: "Scenarios", icon: ICONS.scenarios, onPhone: true } },
  },
  {
    path: "/deploy",
    name: "deploy",
    component: () => import("./DeployPage.vue"),
    meta: { roles, title: { zh: "检查与部署", en: "Check and deploy" }, nav: { order: 45, zh: "检查与部署", en: "Check and deploy", icon: ICONS.register, onPhone: true } },
  },
];
