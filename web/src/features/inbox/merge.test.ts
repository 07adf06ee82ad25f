import { expect, test } from "vitest";

import { mergeNews } from "./merge";

const row = (id: string, name = id) => ({ id, name });

test("a new task moves the row under the reader's eyes", () => {
  const merged = mergeNews([row("a"), row("b")], [row("new"), row("a", "A"), row("b")], new Set(["new", "a"]));
  expect(merged.shown).toEqual([row("a", "A"), row("b")]);
  expect(merged.arrived).toBe(1);
  expect(merged.stale.size).toBe(0);
});

test("a task that somebody else took looks as if it were still to be had", () => {
  const merged = mergeNews([row("a"), row("b")], [row("b")], new Set(["a"]));
  expect(merged.shown.map((each) => each.id)).toEqual(["a", "b"]);
  expect([...merged.stale]).toEqual(["a"]);
});

test("a row of a later page is taken for gone, or one that moved up for new", () => {
  const merged = mergeNews([row("a"), row("b")], [row("a"), row("c")], new Set(["a"]));
  expect(merged).toEqual({ shown: [row("a"), row("b")], stale: new Set(), arrived: 0 });
});
