/** Photos of an application: made smaller, kept in the browser, sent in pieces one after the other, resumed by themselves. */
import { computed, onScopeDispose, reactive } from "vue";

import { api, ask, type Schemas } from "@/client/api";
import { asProblem, type Problem } from "@/client/problem";
import { smaller } from "@/shared/upload";
import { shelve, shelved, unshelve } from "./photoShelf";
import { sendPieces } from "./pieces";
import type { OpenApplication } from "./useApplication";

type Sent = Schemas["ApplicationFile"];
export interface Photo {
  sha256: string;
  name: string;
  size: number;
  received: number;
  /** `lost`: begun before, and the browser no longer has it. */
  state: "waiting" | "sending" | "here" | "stopped" | "refused" | "lost";
  id?: string;
  content?: Blob;
  preview?: string;
  problem?: Problem;
}

async function digest(content: Blob): Promise<string> {
  const found = await crypto.subtle.digest("SHA-256", await content.arrayBuffer());
  return Array.from(new Uint8Array(found), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function useEvidence(application: OpenApplication) {
  const photos = reactive<Photo[]>([]);
  const previews: string[] = [];
  const gone = new Set<string>();
  let limits = { chunk_size: 512 * 1024, largest_file: 0, most_files: 0 };
  let isRunning = false;
  let isOver = false;

  const unfinished = computed(() => photos.filter((one) => one.state !== "here"));
  const isFull = computed(() => photos.length >= limits.most_files);

  function add(photo: Photo): Photo {
    const known = photos.find((one) => one.sha256 === photo.sha256);
    if (known) {
      if (photo.content && known.state !== "here") Object.assign(known, { content: photo.content, preview: known.preview ?? photo.preview, state: "waiting" });
      return known;
    }
    photos.push(photo);
    return photos[photos.length - 1] as Photo;
  }

  function picture(content: Blob): string | undefined {
    if (!content.type.startsWith("image/")) return undefined;
    const address = URL.createObjectURL(content);
    previews.push(address);
    return address;
  }

  /** Shows what the server has and what the browser kept, and goes on with what is not whole. */
  async function open(guide: Schemas["ApplicationGuide"]): Promise<void> {
    limits = guide;
    for (const file of application.files.value) add(of(file));
    for (const one of await shelved()) {
      const preview = picture(one.content);
      const known = add({ sha256: one.sha256, name: one.name, size: one.content.size, received: 0, state: "waiting", content: one.content, ...(preview ? { preview } : {}) });
      if (known.state === "here" && preview) known.preview = preview;
    }
    void run();
  }

  const of = (file: Sent): Photo => ({ sha256: file.sha256, name: file.name, size: file.size, received: file.received, id: file.id, state: file.media_type === null ? "lost" : "here" });

  async function choose(chosen: readonly File[]): Promise<void> {
    for (const file of chosen) {
      const content = await smaller(file);
      const sha256 = await digest(content);
      gone.delete(sha256);
      const preview = picture(content);
      const photo: Photo = { sha256, name: content.name.slice(0, 200) || "photo.jpg", size: content.size, received: 0, state: "waiting", content, ...(preview ? { preview } : {}) };
      await shelve({ sha256, name: photo.name, content });
      add(photo);
    }
    void run();
  }

  async function sendOne(photo: Photo): Promise<void> {
    const content = photo.content;
    if (!content) return;
    photo.state = "sending";
    delete photo.problem;
    try {
      await application.begun();
      const body = { name: photo.name, size: photo.size, sha256: photo.sha256 };
      const begun = await ask(api.POST("/api/v1/applications/current/files", { ...application.withToken(), body }));
      photo.id = begun.id;
      const file = await sendPieces(content, begun, limits.chunk_size, {
        send: (start, piece) =>
          ask(
            api.PUT("/api/v1/applications/current/files/{file_id}/chunks/{start}", {
              headers: { ...application.withToken().headers, "Content-Type": "application/octet-stream" },
              params: { path: { file_id: begun.id, start } },
              // bytes go as they are, which the generated type calls a string
              body: piece as unknown as string,
              bodySerializer: (bytes) => bytes,
            }),
          ),
        wait: (times) =>
          new Promise((resolve) => {
            const clock = setTimeout(done, Math.min(30_000, 1_000 * 2 ** (times - 1)));
            function done(): void {
              clearTimeout(clock);
              window.removeEventListener("online", done);
              resolve();
            }
            window.addEventListener("online", done);
          }),
        now: () => performance.now(),
        onProgress: (received) => (photo.received = received),
        isStopped: () => isOver || gone.has(photo.sha256),
      });
      if (file.media_type !== null) {
        photo.state = "here";
        await unshelve(photo.sha256);
      }
    } catch (error) {
      photo.problem = asProblem(error);
      photo.state = photo.problem.isPassing || photo.problem.status === 401 ? "stopped" : "refused";
      if (photo.state === "refused") await unshelve(photo.sha256);
    }
  }

  /** Sends what waits, one after the other: two at once would only share a poor line. */
  async function run(): Promise<void> {
    if (isRunning || !application.agreed.value) return;
    isRunning = true;
    try {
      for (let next = waiting(); next && !isOver; next = waiting()) await sendOne(next);
    } finally {
      isRunning = false;
    }
  }
  const waiting = () => photos.find((one) => one.state === "waiting");

  function again(): void {
    for (const one of photos) if (one.state === "stopped") one.state = "waiting";
    void run();
  }

  async function remove(photo: Photo): Promise<void> {
    gone.add(photo.sha256);
    await unshelve(photo.sha256);
    if (photo.id) {
      try {
        await ask(api.DELETE("/api/v1/applications/current/files/{file_id}", { ...application.withToken(), params: { path: { file_id: photo.id } } }));
      } catch (error) {
        if (asProblem(error).status !== 404) {
          photo.problem = asProblem(error);
          return;
        }
      }
    }
    photos.splice(photos.indexOf(photo), 1);
  }

  function forget(): void {
    photos.splice(0);
  }

  window.addEventListener("online", again);
  onScopeDispose(() => {
    isOver = true;
    window.removeEventListener("online", again);
    previews.forEach((address) => URL.revokeObjectURL(address));
  });
  return { photos, unfinished, isFull, open, choose, remove, again, forget };
}

export type Evidence = ReturnType<typeof useEvidence>;
