/** Sends a file and tells how far it is; photos are made smaller first, because lines are poor where people work. */
import { CLIENT_HEADER, noticeSignedOut } from "@/client/api";
import { NO_CONNECTION, Problem, problemOf } from "@/client/problem";
import { readerLanguage } from "@/i18n/language";

const LONGEST_SIDE = 2200;
const SMALL_ENOUGH = 600 * 1024;
const QUALITY = 0.82;

/**
 * Returns a photo as a JPEG whose longer side has at most 2,200 pixels. What is no picture, or a small or unshrinking one
 * that the server takes as it is (JPEG, PNG), stays as it is.
 */
export async function smaller(file: File): Promise<File> {
  const isTaken = /^image\/(jpeg|png)$/.test(file.type);
  if (!isTaken && !/^image\/(webp|bmp|heic|heif)$/.test(file.type)) return file;
  if (isTaken && file.size <= SMALL_ENOUGH) return file;
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return file; // no picture after all: the server will say so
  }
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  const pen = canvas.getContext("2d");
  if (!pen) return file;
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  if (!blob || (isTaken && blob.size >= file.size)) return file;
  return new File([blob], file.name.replace(/\.[^.]*$/, "") + ".jpg", { type: "image/jpeg" });
}

export interface Sending {
  method?: "POST" | "PUT";
  /** What goes with the file: `kind`, `title`. */
  fields?: Readonly<Record<string, string>>;
  onProgress?: (part: number) => void;
}

/** Sends a file in the field `file` of a form; `key` makes a retry the same request. Throws `Problem`. */
export async function sendFile<T>(address: string, file: File, key: string, { method = "POST", fields = {}, onProgress }: Sending = {}): Promise<T> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", await smaller(file));
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, address);
    request.setRequestHeader(CLIENT_HEADER, "web");
    request.setRequestHeader("Accept-Language", readerLanguage());
    request.setRequestHeader("Idempotency-Key", key);
    if (onProgress) request.upload.onprogress = (event) => onProgress(event.lengthComputable ? event.loaded / event.total : 0);
    request.onerror = () => reject(new Problem(NO_CONNECTION));
    request.onload = () => {
      let answer: unknown;
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        answer = undefined;
      }
      if (request.status >= 200 && request.status < 300) return resolve(answer as T);
      const problem = problemOf(answer, request.status);
      noticeSignedOut(problem);
      reject(problem);
    };
    request.send(form);
  });
}
