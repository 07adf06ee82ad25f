/** The reader's language: Chinese first. Kept by the browser; switched at any time without losing what was entered. */
import { ref, watchEffect } from "vue";

export type Language = "zh" | "en";

const PLACE = "tingzhu.language";

function remembered(): Language {
  try {
    return localStorage.getItem(PLACE) === "en" ? "en" : "zh";
  } catch {
    return "zh"; // a browser that keeps nothing for us
  }
}

export const language = ref<Language>(remembered());

watchEffect(() => {
  document.documentElement.lang = language.value === "zh" ? "zh-CN" : "en";
  try {
    localStorage.setItem(PLACE, language.value);
  } catch {
    // it holds for this page then
  }
});

export function readerLanguage(): Language {
  return language.value;
}

export function byLanguage(zh: string, en: string): string {
  return language.value === "zh" ? zh : en;
}
