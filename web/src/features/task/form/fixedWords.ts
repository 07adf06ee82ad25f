/** The few English words that form-js draws itself, in the reader's language. Its mark stays as it is. */
import { watch } from "vue";

import { language } from "@/i18n/language";

type Words = readonly [RegExp, string];

const WORDS: readonly Words[] = [
  [/^Add new$/, "增加一行"],
  [/^Expand all \((\d+)\)$/, "全部展开（$1）"],
  [/^Collapse$/, "收起"],
  [/^Remove list item (\d+)$/, "删除第 $1 行"],
  [/^Increment$/, "增加"],
  [/^Decrement$/, "减少"],
  [/^No results$/, "没有符合的选项"],
  [/^All values selected$/, "已全部选择"],
  [/^Nothing to show\.$/, "没有内容。"],
  [/^Form field cannot be rendered\.?$/, "此项无法显示。"],
];

export function chineseOf(english: string): string | null {
  for (const [pattern, chinese] of WORDS) if (pattern.test(english)) return english.replace(pattern, chinese);
  return null;
}

/** Keeps the fixed words below `root` in the reader's language; returns how to stop. */
export function translateFixedWords(root: HTMLElement): () => void {
  const english = new Map<Node, string>();

  function translate(node: Node, said: string | null, say: (words: string) => void): void {
    const source = said !== null && chineseOf(said.trim()) ? said.trim() : english.get(node);
    const chinese = source ? chineseOf(source) : null;
    if (!source || !chinese) return;
    english.set(node, source);
    const wanted = language.value === "zh" ? chinese : source;
    if (said?.trim() !== wanted) say(wanted);
  }

  function look(node: Node): void {
    if (node instanceof Text) translate(node, node.data, (words) => (node.data = words));
    if (!(node instanceof Element)) return;
    const name = node.getAttribute("aria-label");
    if (name) translate(node, name, (words) => node.setAttribute("aria-label", words));
    node.childNodes.forEach(look);
  }

  const observer = new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "childList") change.addedNodes.forEach(look);
      else look(change.target);
    }
  });
  observer.observe(root, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ["aria-label"] });
  look(root);
  const stopWatching = watch(language, () => look(root));
  return () => {
    observer.disconnect();
    stopWatching();
  };
}
