/** A refusal in the reader's language with its stable code (RFC 9457), as the server gives it. */
import { byLanguage } from "@/i18n/language";
import type { components } from "./schema";

export type FieldProblem = components["schemas"]["FieldProblem"];
type ProblemBody = components["schemas"]["Problem"];

export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly errors: readonly FieldProblem[];
  readonly data: Readonly<Record<string, unknown>>;
  readonly findings: readonly Record<string, unknown>[];

  constructor(body: Partial<ProblemBody> & Pick<ProblemBody, "code" | "status">) {
    super(body.detail ?? body.title ?? body.code);
    this.name = "Problem";
    this.code = body.code;
    this.status = body.status;
    this.title = body.title ?? "";
    this.errors = body.errors ?? [];
    this.data = body.data ?? {};
    this.findings = body.findings ?? [];
  }

  /** Whether the same request may succeed later without being changed. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export const NO_CONNECTION: ProblemBody = {
  type: "urn:tingzhu:problem:no_connection",
  code: "no_connection",
  status: 0,
  get title() {
    return byLanguage("连接中断", "No connection");
  },
  get detail() {
    return byLanguage(
      "现在连不上服务器。您填写的内容仍保留在本页，请检查网络后重试。",
      "The server cannot be reached just now. What you entered is still on this page; check the connection and try again.",
    );
  },
  instance: "",
};

function isProblemBody(value: unknown): value is ProblemBody {
  return typeof value === "object" && value !== null && "code" in value && "detail" in value;
}

/** Returns what the server answered as a `Problem`, whatever it was: a proxy's page included. */
export function problemOf(answer: unknown, status: number): Problem {
  if (isProblemBody(answer)) return new Problem(answer);
  return new Problem({
    code: "answer_unreadable",
    status,
    title: byLanguage("服务器的回答无法读取", "The server's answer cannot be read"),
    detail: byLanguage(
      `服务器的回答无法读取（HTTP ${status}）。请稍后重试；仍不行时请告知管理员。`,
      `The server's answer cannot be read (HTTP ${status}). Try again later; tell the administrator if it stays so.`,
    ),
  });
}

/** Returns any thrown value as a `Problem`; one of ours as it is. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  console.error(error);
  return new Problem({
    code: "page_failed",
    status: 500,
    title: byLanguage("页面出错", "The page failed"),
    detail: byLanguage("页面出错。请刷新后重试；仍不行时请告知管理员。", "The page failed. Reload and try again; tell the administrator if it stays so."),
  });
}
