import { defineWords } from "@/i18n";

export const t = defineWords("caseNotes", {
  zh: {
    title: "备注",
    hint: "供办案人员之间沟通，当事人看不到。加密保存，写下后不能修改。",
    none: "还没有备注。",
    confidential: "保密",
    confidentialHint: "只有本案调解员能看到；不提供给仲裁、法院、主管和当事人（企业劳动争议协商调解规定第十一条、第二十四条）。",
    keep: "仅调解员可见的保密记录",
    placeholder: "写一条备注",
    write: "写入",
    left: "还可写 {count} 字",
  },
  en: {
    title: "Notes",
    hint: "For caseworkers among themselves; parties do not see them. Kept encrypted, and not changed once written.",
    none: "No notes yet.",
    confidential: "Confidential",
    confidentialHint: "Read by the mediators of the case alone: not by arbitration, court, supervisors or parties (Provisions on negotiation and mediation, Art. 11, 24).",
    keep: "Confidential, for the mediators alone",
    placeholder: "Write a note",
    write: "Keep it",
    left: "{count} characters left",
  },
});
