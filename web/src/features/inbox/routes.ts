import type { RouteRecordRaw } from "vue-router";

import { CASEWORKERS } from "@/roles";
import { ICONS } from "@/shell/icons";

export const routes: RouteRecordRaw[] = [
  {
    path: "/inbox",
    name: "inbox",
    component: () => import("./InboxPage.vue"),
    meta: {
      roles: CASEWORKERS,
      title: { zh: "待办", en: "Inbox" },
      nav: { order: 20, zh: "待办", en: "Inbox", icon: ICONS.inbox, onPhone: true },
    },
  },
];
