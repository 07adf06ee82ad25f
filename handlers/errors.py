"""What a handler may raise, and what can be wrong with the handlers themselves."""

from collections.abc import Mapping

from engine.domain.errors import InvalidInputError, TingzhuError
from engine.domain.values import Value


class BpmnError(Exception):
    """The process decides: raised by a handler, thrown as a BPMN error at its service task.

    `code` is what a boundary event catches, `variables` what the process may read afterwards; neither they nor
    `message` may hold personal data.
    """

    def __init__(self, code: str, message: str = "", variables: Mapping[str, Value] | None = None) -> None:
        super().__init__(message or code)
        self.code = code
        self.message = message
        self.variables: dict[str, Value] = dict(variables or {})


class JobFailedError(Exception):
    """The job failed: we try again after a while, or, with `retry=False`, an operator must look at once."""

    def __init__(self, message: str, *, retry: bool = True) -> None:
        super().__init__(message)
        self.message = message
        self.retry = retry


class HandlerDoubledError(TingzhuError):
    """Two handlers claim one job type."""

    zh = "作业类型“{job_type}”有两个处理程序：{first} 与 {second}。请为其中一个改名。"
    en = "The job type {job_type!r} has two handlers: {first} and {second}. Rename one of them."


class HandlerDefinitionInvalidError(TingzhuError):
    """A file or an entry point does not hold what a handler must be."""

    zh = "{where} 不是有效的处理程序：{problem_zh}"
    en = "{where} is not a valid handler: {problem_en}"


class UnknownJobTypeError(InvalidInputError):
    """No handler here does jobs of this type."""

    zh = "本系统没有作业类型“{job_type}”的处理程序。请安装提供它的处理程序，或改正流程图中的主题（topic）。"
    en = "No handler does jobs of type {job_type!r}. Install one that does, or mend the topic in the diagram."
