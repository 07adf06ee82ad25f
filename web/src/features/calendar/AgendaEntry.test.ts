import { mount, RouterLinkStub } from "@vue/test-utils";
import { expect, test } from "vitest";

import type { Schemas } from "@/client/api";
import { i18n } from "@/i18n";
import AgendaEntry from "./AgendaEntry.vue";

const SESSION: Schemas["AgendaEntry"] = {
  what: "session",
  id: "s",
  case_id: "c",
  number: "枣劳人登〔2026〕1号",
  element_name: "通知调解时间",
  day: "2020-01-07",
  at: "2020-01-07T01:30:00Z",
  place: "光明路街道调解室",
  user_task_id: null,
  assignee: null,
  assignee_name: null,
};
const shown = (entry: Partial<Schemas["AgendaEntry"]>) => mount(AgendaEntry, { props: { entry: { ...SESSION, ...entry } }, global: { plugins: [i18n], stubs: { RouterLink: RouterLinkStub } } });

test("a session does not say when and where, or counts as overdue once it is over", () => {
  const text = shown({}).text();
  expect(text).toContain("09:30");
  expect(text).toContain("地点：光明路街道调解室");
  expect(text).not.toContain("已超期");
});

test("a session online cannot be joined, or an address that is no page can", () => {
  const link = shown({ place: "腾讯会议 https://meeting.example/123 密码另发" }).get("a[target=_blank]");
  expect(link.attributes()).toMatchObject({ href: "https://meeting.example/123", rel: "noopener noreferrer" });
  expect(shown({ place: "javascript:alert(1)" }).find("a[target=_blank]").exists()).toBe(false);
});

test("a task that is past its day looks like any other", () => {
  const task = shown({ what: "user-task", at: null, place: null, user_task_id: "t", assignee: "mediator", assignee_name: "示例申" });
  expect(task.text()).toContain("已超期");
  expect(task.text()).toContain("经办 示例申");
  expect(task.findAllComponents(RouterLinkStub).map((link) => link.props("to"))).toEqual(["/tasks/t", "/cases/c"]);
});
