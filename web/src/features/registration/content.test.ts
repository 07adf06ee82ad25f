import { expect, test } from "vitest";

import { newContent, restored, sent } from "./content";

test("an empty field is sent as an empty text", () => {
  const content = newContent("2026-11-24", "370402");
  const [applicant] = content.applicants;
  if (applicant) applicant.phone = "";
  content.event_dates["received_on"] = "";
  expect(sent(content)["applicants"]).toMatchObject([{ phone: null }]);
  expect(sent(content)["event_dates"]).toEqual({});
});

test("a draft kept half way loses what it has or breaks the form", () => {
  const content = restored({ applicants: [{ name: "甲" }], claims: "x" }, newContent("2026-11-24", "370402"));
  expect(content.applicants).toMatchObject([{ name: "甲", kind: "person" }]);
  expect(content.claims).toHaveLength(1);
  expect(content.event_dates).toEqual({ received_on: "2026-11-24" });
});
