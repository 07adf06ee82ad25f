"""What can be wrong with an expression or a script, said in both languages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExpressionProblem:
    """One thing that is wrong with an expression or script, and how to mend it."""

    zh: str
    en: str
    line: int | None = None
    """Line within the source, counted from 1; None when no line can be named."""
    rule: str = "expression-failed"
    """Stable kebab-case name, e.g. `expression-syntax`, `unknown-name`, `time-limit`."""


class ExpressionProblemError(Exception):
    """An expression or script cannot be used, or failed; names no element, for the caller knows which one it was."""

    def __init__(self, problem: ExpressionProblem) -> None:
        self.problem = problem
        super().__init__(problem.en)

    @property
    def zh(self) -> str:
        """The problem in Chinese."""
        return self.problem.zh

    @property
    def en(self) -> str:
        """The problem in English."""
        return self.problem.en

    @property
    def rule(self) -> str:
        """The stable name of the problem's kind."""
        return self.problem.rule

    @property
    def line(self) -> int | None:
        """The line within the source, counted from 1."""
        return self.problem.line


def failure(rule: str, zh: str, en: str, line: int | None = None) -> ExpressionProblemError:
    """Return the error of one problem."""
    return ExpressionProblemError(ExpressionProblem(zh, en, line, rule))
