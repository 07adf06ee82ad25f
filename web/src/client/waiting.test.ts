import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { isSlow, SLOW_MS, waitFor } from "./waiting";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function open(): { answer: () => void; refuse: () => void; done: Promise<unknown> } {
  let answer = () => {};
  let refuse = () => {};
  const done = waitFor(
    () =>
      new Promise<void>((resolve, reject) => {
        answer = resolve;
        refuse = () => reject(new Error("refused"));
      }),
  ).catch((error: Error) => error.message);
  return { answer, refuse, done };
}

test("a quick answer is called slow", async () => {
  const one = open();
  vi.advanceTimersByTime(SLOW_MS - 1);
  expect(isSlow.value).toBe(false);
  one.answer();
  await one.done;
  vi.advanceTimersByTime(SLOW_MS);
  expect(isSlow.value).toBe(false);
});

test("a request without an answer is not told after two seconds, or still when it has failed", async () => {
  const one = open();
  vi.advanceTimersByTime(SLOW_MS);
  expect(isSlow.value).toBe(true);
  one.refuse();
  expect(await one.done).toBe("refused");
  expect(isSlow.value).toBe(false);
});

test("a later request hides how long the first has waited", async () => {
  const first = open();
  vi.advanceTimersByTime(SLOW_MS - 500);
  const second = open();
  vi.advanceTimersByTime(500);
  expect(isSlow.value).toBe(true);
  first.answer();
  await first.done;
  expect(isSlow.value).toBe(false);
  vi.advanceTimersByTime(SLOW_MS);
  expect(isSlow.value).toBe(true);
  second.answer();
  await second.done;
  expect(isSlow.value).toBe(false);
});
