/** Sends a file in pieces that suit the line, and goes on where it broke off. */
import { asProblem, type Problem } from "@/client/problem";

export interface FileState {
  id: string;
  size: number;
  received: number;
  media_type: string | null;
}
export interface Line<T extends FileState> {
  /** Sends bytes `start`..`end` and returns the file as the server has it now. Throws `Problem`. */
  send: (start: number, piece: Blob) => Promise<T>;
  /** Waits before the next attempt; `times` attempts failed in a row. */
  wait: (times: number) => Promise<void>;
  now: () => number;
  onProgress: (received: number) => void;
  isStopped: () => boolean;
}

const SMALLEST = 16 * 1024;
const FIRST = 64 * 1024;
const QUICK_MS = 1_500;
const SLOW_MS = 6_000;
const ATTEMPTS = 8;

/** Returns how large the next piece should be after one of `size` bytes took `took` milliseconds. */
export function nextSize(size: number, took: number, largest: number): number {
  if (took < QUICK_MS) return Math.min(largest, size * 2);
  if (took > SLOW_MS) return Math.max(SMALLEST, Math.floor(size / 2));
  return size;
}

function placeIn(problem: Problem): number | undefined {
  const received = problem.data["received"];
  return problem.code === "upload_offset_wrong" && typeof received === "number" ? received : undefined;
}

/** Sends the rest of `content` after what the server has of it. Throws `Problem` when it is refused or the line stays dead. */
export async function sendPieces<T extends FileState>(content: Blob, begun: T, largest: number, line: Line<T>): Promise<T> {
  let file = begun;
  let size = Math.min(FIRST, largest);
  let place = file.received;
  let failures = 0;
  while (file.media_type === null && !line.isStopped()) {
    line.onProgress(place);
    const started = line.now();
    try {
      file = await line.send(place, content.slice(place, place + size));
      place = file.received;
      failures = 0;
      size = nextSize(size, line.now() - started, largest);
    } catch (error) {
      const problem = asProblem(error);
      const known = placeIn(problem);
      if (known === undefined && !problem.isPassing) throw problem;
      if (++failures > ATTEMPTS) throw problem;
      if (known !== undefined) {
        place = known;
        continue;
      }
      size = Math.max(SMALLEST, Math.floor(size / 2));
      await line.wait(failures);
    }
  }
  line.onProgress(place);
  return file;
}
