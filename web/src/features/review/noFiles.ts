/** The files of a form that serves many cases: a file belongs to one case, so it is uploaded there. */
import { Problem } from "@/client/problem";
import type { FileDesk } from "@/features/task/form/FileField";
import { byLanguage } from "@/i18n/language";

export const noFiles: FileDesk = {
  upload: () =>
    Promise.reject(
      new Problem({
        code: "file_of_one_case",
        status: 422,
        detail: byLanguage("文件属于某一件案件，请在“单独填写”里上传。", "A file belongs to one case: upload it where that case is filled in on its own."),
      }),
    ),
  title: () => undefined,
  open: () => undefined,
  whenKnown: () => () => undefined,
};
