import { expect, test } from "vitest";

import { holdersOf } from "./holders";

const group = (code: string, organisation: string | null) => ({ code, zh: `${code}组`, en: code, organisation });
const task = (element_name: string, assignee: string | null, ...groups: ReturnType<typeof group>[]) => ({
  element_name,
  assignee,
  assignee_name: assignee && `${assignee}名`,
  groups,
});

test("a claimed task names the group and not the person who has it", () => {
  const [holder] = holdersOf([task("核对", "liu", group("window-clerk", "市中区调解中心"))]);
  expect(holder).toMatchObject({ person: "liu名", organisation: "市中区调解中心", tasks: ["核对"] });
});

test("two tasks of one group are shown as two holders", () => {
  const holders = holdersOf([task("核对", null, group("mediator", "甲")), task("回访", null, group("mediator", "甲")), task("审查", null, group("reviewer", "乙"))]);
  expect(holders.map((one) => one.tasks)).toEqual([["核对", "回访"], ["审查"]]);
  expect(holders[0]?.person).toBeNull();
});

test("a group of one office seems to sit in another's", () => {
  const [holder] = holdersOf([task("核对", null, group("window-clerk", null), group("union-station", "总工会"))]);
  expect(holder?.organisation).toBeNull();
  expect(holder?.groups.map((one) => one.organisation)).toEqual([null, "总工会"]);
});

test("two groups of one of several places repeat its name", () => {
  const [holder] = holdersOf([task("回访", null, group("mediator", "甲"), group("organisation-head", "甲"), group("union-station", "乙"))]);
  expect(holder?.groups.map((one) => [one.organisation, one.names.length])).toEqual([["甲", 2], ["乙", 1]]);
});

test("groups of one place repeat its name", () => {
  expect(holdersOf([task("核对", null, group("mediator", "甲"), group("organisation-head", "甲"))])[0]?.organisation).toBe("甲");
});
