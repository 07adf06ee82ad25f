/** Causes of action in words of workers, most frequent first; the law's own names are the server's. */
import { byLanguage } from "@/i18n/language";
import type { Choice } from "./content";

const PLAIN: Record<string, [zh: string, en: string]> = {
  wages: ["把欠的工资给我", "Pay the wages that are owed"],
  overtime: ["给加班费", "Pay overtime"],
  "economic-compensation": ["离职、被辞退的补偿", "Severance pay"],
  damages: ["违法辞退的赔偿", "Damages for unlawful dismissal"],
  "double-pay": ["没签合同，要双倍工资", "Double pay: there was no written contract"],
  "social-insurance": ["补交社会保险", "Pay social insurance"],
  injury: ["受伤了，要工伤待遇", "Benefits for a work injury"],
  "labour-relation": ["证明我在这里上班（确认劳动关系）", "Confirm that I work there"],
  "rest-leave": ["休假、工作时间的问题", "Leave and working time"],
  "new-form-pay": ["送外卖、跑快递、网约车等的报酬", "Pay for delivery, courier or ride-hailing work"],
};

/** Returns the choices with plain words first and the rest as the server names them. */
export function sortedCauses(causes: readonly Choice[]): { plain: Choice[]; rest: Choice[] } {
  const plain = Object.entries(PLAIN).flatMap(([code, [zh, en]]) => (causes.some((one) => one.code === code) ? [{ code, name: byLanguage(zh, en) }] : []));
  return { plain, rest: causes.filter((one) => !(one.code in PLAIN)) };
}

export function causeName(causes: readonly Choice[], code: string): string {
  const { plain, rest } = sortedCauses(causes);
  return [...plain, ...rest].find((one) => one.code === code)?.name ?? code;
}
