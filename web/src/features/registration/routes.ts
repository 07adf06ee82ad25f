import type { RouteRecordRaw } from "vue-router";

import { REGISTRARS } from "@/roles";
import { ICONS } from "@/shell/icons";

export const routes: RouteRecordRaw[] = [
  {
    path: "/register/:draft([0-9a-f-]{36})?",
    name: "register",
    component: () => import("./RegisterPage.vue"),
    props: true,
    meta: {
      roles: [...REGISTRARS],
      title: { zh: "登记", en: "Register" },
      nav: { order: 5, zh: "登记", en: "Register", icon: ICONS.register, onPhone: true },
    },
  },
];
