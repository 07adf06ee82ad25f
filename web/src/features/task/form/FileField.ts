/** Files: uploaded to the case's documents as soon as they are chosen; the field's value is the document's id. */
import { FilePicker, FormContext } from "@bpmn-io/form-js-viewer";
import { h, type ComponentChild } from "preact";
import { useContext, useEffect, useRef, useState } from "preact/hooks";

import { asProblem } from "@/client/problem";
import { byLanguage } from "@/i18n/language";
import { labelOf } from "./component";
import { FieldDescription, FieldErrors, FieldLabel } from "./parts";
import { fieldClass, idsOf, type FieldProps } from "./fieldProps";

/** Where files go and come from: the documents of the case. */
export interface FileDesk {
  /** Uploads a file and returns its id; `key` makes a retry the same upload. Throws `Problem`. */
  upload(file: File, label: string, key: string, onProgress: (part: number) => void): Promise<string>;
  /** What a document is called; undefined while that is not known. */
  title(id: string): string | undefined;
  open(id: string): void;
  /** Calls `listener` when more is known of the documents; returns how to stop that. */
  whenKnown(listener: () => void): () => void;
}

interface Upload {
  key: string;
  file: File;
  part: number;
  message: string | null;
}

export function FileField(props: FieldProps): ComponentChild {
  const { field, domId, value, errors, disabled, readonly } = props;
  const { getService } = useContext(FormContext);
  const desk = getService("fileDesk") as unknown as FileDesk;
  const [uploads, setUploads] = useState<Upload[]>([]);
  const [, setKnown] = useState(0);
  useEffect(() => desk.whenKnown(() => setKnown((count) => count + 1)), [desk]);
  // what the field holds now, for an upload that ends later
  const now = useRef(props);
  now.current = props;

  const isMultiple = field.multiple === true;
  const idsIn = (held: unknown): string[] => (Array.isArray(held) ? held.filter((id): id is string => typeof id === "string") : typeof held === "string" && held ? [held] : []);
  const held = idsIn(value);
  const keep = (list: string[]) => now.current.onChange({ field, value: isMultiple ? list : (list.at(-1) ?? null) });
  const change = (key: string, news: Partial<Upload>) => setUploads((all) => all.map((each) => (each.key === key ? { ...each, ...news } : each)));

  async function send(upload: Upload): Promise<void> {
    change(upload.key, { message: null, part: 0 });
    try {
      const id = await desk.upload(upload.file, labelOf(field), upload.key, (part) => change(upload.key, { part }));
      setUploads((all) => all.filter((each) => each.key !== upload.key));
      keep(isMultiple ? [...idsIn(now.current.value), id] : [id]);
    } catch (error) {
      change(upload.key, { message: asProblem(error).message });
    }
  }

  function choose(event: Event): void {
    const input = event.target as HTMLInputElement;
    const chosen = [...(input.files ?? [])].map((file) => ({ key: crypto.randomUUID(), file, part: 0, message: null }));
    input.value = "";
    setUploads((all) => [...all, ...chosen]);
    for (const upload of chosen) void send(upload);
  }

  const ids = idsOf(domId);
  const button = (words: string, act: () => void, name: string) => h("button", { type: "button", class: "our-link", onClick: act, "aria-label": name }, words);
  return h("div", { class: fieldClass("filepicker", props) }, [
    h(FieldLabel, { htmlFor: domId, label: field.label ?? "", required: field.validate?.required ?? false }),
    h("ul", { class: "our-files" }, [
      ...held.map((id) => {
        const title = desk.title(id) ?? byLanguage("已上传的文件", "Uploaded file");
        return h("li", { key: id }, [
          button(title, () => desk.open(id), byLanguage(`查看 ${title}`, `View ${title}`)),
          readonly || disabled ? null : button(byLanguage("移除", "Remove"), () => keep(held.filter((other) => other !== id)), byLanguage(`移除 ${title}`, `Remove ${title}`)),
        ]);
      }),
      ...uploads.map((upload) =>
        h("li", { key: upload.key, class: upload.message ? "our-failed" : "" }, [
          h("span", null, upload.file.name),
          upload.message
            ? [
                h("span", { role: "alert", class: "our-reason" }, upload.message),
                button(byLanguage("重试", "Try again"), () => void send(upload), byLanguage(`重新上传 ${upload.file.name}`, `Upload ${upload.file.name} again`)),
                button(byLanguage("放弃", "Drop"), () => setUploads((all) => all.filter((each) => each.key !== upload.key)), byLanguage(`放弃 ${upload.file.name}`, `Drop ${upload.file.name}`)),
              ]
            : h("progress", { max: 1, value: upload.part, "aria-label": byLanguage(`正在上传 ${upload.file.name}`, `Uploading ${upload.file.name}`) }),
        ]),
      ),
    ]),
    readonly
      ? held.length
        ? null
        : h("p", { class: "our-none" }, byLanguage("没有文件", "No file"))
      : h("input", {
          id: domId,
          type: "file",
          class: "our-file",
          accept: field.accept || undefined,
          multiple: isMultiple,
          disabled,
          "aria-describedby": `${ids.description} ${ids.error}`,
          "aria-invalid": errors.length > 0,
          onChange: choose,
          onBlur: () => props.onBlur(),
          onFocus: () => props.onFocus(),
        }),
    h(FieldDescription, { id: ids.description, description: field.description }),
    h(FieldErrors, { id: ids.error, errors }),
  ]);
}
FileField.config = { ...FilePicker.config, sanitizeValue: ({ value }: { value: unknown }) => value };
