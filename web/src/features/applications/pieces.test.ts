import { expect, test } from "vitest";

import { NO_CONNECTION, Problem } from "@/client/problem";
import { nextSize, sendPieces, type FileState, type Line } from "./pieces";

const LARGEST = 512 * 1024;

/** A server that keeps what arrives, over a line that breaks at the attempts in `breaks` (after or before the bytes got through). */
function server(size: number, breaks: Record<number, "before" | "after"> = {}, took = 100) {
  let received = 0;
  let attempt = 0;
  let clock = 0;
  const sizes: number[] = [];
  const waits: number[] = [];
  const state = (): FileState => ({ id: "f", size, received, media_type: received === size ? "image/jpeg" : null });
  const line: Line<FileState> = {
    send: async (start, piece) => {
      const broken = breaks[attempt++];
      clock += took;
      if (broken === "before") throw new Problem(NO_CONNECTION);
      if (start > received) throw new Problem({ code: "upload_offset_wrong", status: 409, data: { received } });
      sizes.push(piece.size);
      received = Math.max(received, start + piece.size);
      if (broken === "after") throw new Problem(NO_CONNECTION);
      return state();
    },
    wait: async (times) => void waits.push(times),
    now: () => clock,
    onProgress: () => undefined,
    isStopped: () => false,
  };
  return { line, state, sizes, waits, received: () => received };
}

test("a file does not arrive whole over a line that breaks before and after pieces", async () => {
  const content = new Blob([new Uint8Array(700_000)]);
  const { line, state, received, waits } = server(700_000, { 1: "before", 2: "before", 3: "after" });
  expect((await sendPieces(content, state(), LARGEST, line)).media_type).toBe("image/jpeg");
  expect(received()).toBe(700_000);
  expect(waits).toEqual([1, 2, 3]);
});

test("what is here already is sent again", async () => {
  const content = new Blob([new Uint8Array(100_000)]);
  const { line, state, sizes } = server(100_000);
  await line.send(0, content.slice(0, 60_000));
  sizes.length = 0;
  await sendPieces(content, state(), LARGEST, line);
  expect(sizes).toEqual([40_000]);
});

test("a slow line gets pieces that it cannot carry, or a quick one small ones for ever", () => {
  expect(nextSize(65_536, 200, LARGEST)).toBe(131_072);
  expect(nextSize(400_000, 200, LARGEST)).toBe(LARGEST);
  expect(nextSize(65_536, 3_000, LARGEST)).toBe(65_536);
  expect(nextSize(65_536, 20_000, LARGEST)).toBe(32_768);
  expect(nextSize(16_384, 20_000, LARGEST)).toBe(16_384);
});

test("a refusal is tried again, or a dead line for ever", async () => {
  const refused = server(10);
  refused.line.send = () => Promise.reject(new Problem({ code: "upload_broken", status: 422 }));
  await expect(sendPieces(new Blob(["0123456789"]), refused.state(), LARGEST, refused.line)).rejects.toMatchObject({ code: "upload_broken" });
  expect(refused.waits).toEqual([]);
  const dead = server(10);
  dead.line.send = () => Promise.reject(new Problem(NO_CONNECTION));
  await expect(sendPieces(new Blob(["0123456789"]), dead.state(), LARGEST, dead.line)).rejects.toMatchObject({ code: "no_connection" });
  expect(dead.waits).toHaveLength(8);
});
