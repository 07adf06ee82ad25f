/** Words in two languages. Each feature keeps its own beside its pages and they load with it. */
import { createI18n } from "vue-i18n";
import { watch } from "vue";

import { language, type Language } from "./language";

export const i18n = createI18n({ legacy: false, locale: language.value, fallbackLocale: "zh", messages: { zh: {}, en: {} } });

watch(language, (now: Language) => (i18n.global.locale.value = now), { flush: "sync" });

type Values = Record<string, string | number>;

/**
 * Registers the words of a feature and returns how to read one: `t("title")`, `t("left", { days: 3 })`.
 * The two languages must have the same keys: the compiler says when one lacks a word.
 */
export function defineWords<K extends string>(
  feature: string,
  words: { zh: Record<K, string>; en: Record<K, string> },
): (key: K, values?: Values) => string {
  i18n.global.mergeLocaleMessage("zh", { [feature]: words.zh });
  i18n.global.mergeLocaleMessage("en", { [feature]: words.en });
  return (key, values) => i18n.global.t(`${feature}.${key}`, values ?? {});
}

/** A thing with a name in both languages, as the API gives it. */
export interface Named {
  zh: string;
  en: string;
}

export function named(thing: Named | null | undefined): string {
  return thing ? thing[language.value] || thing.zh : "";
}
