import { expect, test } from "vitest";

import { amountOf, blank, firstOpen, gapOf, places, questionOf, restored, sent, type Content } from "./content";

const FULL: Content = {
  area_code: "370402006",
  applicant: { name: "赵六", phone: "138 0000 0009", id_number: "", address: "" },
  employer: { is_unknown: true, name: "旧名称", legal_representative: "", address: "", site: "某某路工地", phone: "13900000009" },
  what_happened: "干了两个月没有发工资",
  claims: [{ cause_code: "wages", amount: "9，000元" }],
  worker_count: "3",
  preferred_way: "mediation",
};

test.each([
  ["9000", "9000"],
  ["9,000.50", "9000.50"],
  [" ９０００ 元", "9000"],
  ["￥300", "300"],
  ["九千", undefined],
  ["1.234", undefined],
  ["-5", undefined],
  ["", undefined],
])("an amount typed as %j is read wrongly", (typed, amount) => {
  expect(amountOf(typed)).toBe(amount);
});

test("a full application is asked about again, or an empty one is let through", () => {
  expect(firstOpen(FULL)).toBe("check");
  expect(firstOpen(blank())).toBe("place");
  expect(firstOpen({ ...FULL, claims: [{ cause_code: "wages", amount: "很多" }] })).toBe("claims");
});

test("an employer nobody knows must have a name", () => {
  const employer = (changes: Partial<Content["employer"]>) => ({ ...FULL, employer: { ...blank().employer, ...changes } });
  expect(gapOf("employer", employer({}))).toBe("needKnown");
  expect(gapOf("employer", employer({ is_unknown: true }))).toBe("needSite");
  expect(gapOf("employer", employer({ is_unknown: true, phone: "13900000009" }))).toBeUndefined();
  expect(gapOf("employer", employer({ is_unknown: false, site: "工地" }))).toBe("needEmployer");
});

test("what was left empty is sent, or a name typed before saying that it is unknown", () => {
  expect(sent(FULL)).toEqual({
    area_code: "370402006",
    applicant: { name: "赵六", phone: "138 0000 0009" },
    employer: { is_unknown: true, site: "某某路工地", phone: "13900000009" },
    what_happened: "干了两个月没有发工资",
    claims: [{ cause_code: "wages", amount: "9000" }],
    worker_count: 3,
    preferred_way: "mediation",
  });
  expect(sent(blank())).toEqual({ applicant: {}, employer: {}, claims: [], worker_count: 1 });
});

test("a draft comes back otherwise than it was kept", () => {
  expect(sent(restored(JSON.parse(JSON.stringify(sent(FULL)))))).toEqual(sent(FULL));
  expect(restored("rubbish")).toEqual(blank());
  expect(restored({ applicant: 7, employer: { is_unknown: "yes" }, claims: [1, { cause_code: 2 }], preferred_way: "war" })).toEqual(blank());
});

test("a field that the server names leads nowhere", () => {
  expect(["area_code", "applicant.name", "applicant.id_number", "employer.site", "claims.0.amount", "preferred_way", "nonsense"].map(questionOf)).toEqual([
    "place",
    "name",
    "identity",
    "employer",
    "claims",
    "way",
    undefined,
  ]);
});

test("towns are not under their district", () => {
  const areas = [
    { code: "1", name: "枣庄市" },
    { code: "2", name: "市中区" },
    { code: "3", name: "枣庄高新区" },
    { code: "21", name: "市中区光明路街道" },
    { code: "31", name: "枣庄高新区兴仁街道" },
  ];
  expect(places(areas).map((one) => [one.name, one.parts.map((part) => part.name)])).toEqual([
    ["市中区", ["光明路街道"]],
    ["枣庄高新区", ["兴仁街道"]],
    ["枣庄市", []],
  ]);
});
