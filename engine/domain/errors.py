"""The one tree of errors: a stable code, a sentence in each language, and the data that fills it.

    TingzhuError
    +- InvalidInputError        what was sent cannot be accepted as it is
    +- UnauthenticatedError     we do not know who asks
    +- ForbiddenError           we know, and this actor may not
    +- NotFoundError            there is no such thing, or not for this actor
    +- ConflictError            the thing has moved on since
    +- UnavailableError         a partner or a resource cannot be reached just now
    +- TooManyAttemptsError     the actor must wait; `retry_after` says how many seconds

The HTTP status of each family is decided in `api.problems` alone. A subclass says `zh` and `en` as format
strings over the keyword data given to its constructor; both must say what is wrong, where, and how to mend it.
"""

import re
from collections.abc import Mapping
from typing import Any, ClassVar


class TingzhuError(Exception):
    """Something that went wrong in a way its reader can understand and mend."""

    zh: ClassVar[str] = "处理出错，请联系管理员。"
    en: ClassVar[str] = "Something went wrong; please tell the administrator."

    def __init__(self, **data: Any) -> None:
        self.data = data
        super().__init__(self.sentence("en"))

    @property
    def code(self) -> str:
        """The stable code: the class name in snake case, without `Error`."""
        return error_code(type(self))

    def sentence(self, language: str, data: Mapping[str, Any] | None = None) -> str:
        """Return the sentence in `language` ("zh" or "en"), filled with the error's data, or with `data` as shown."""
        template = self.zh if language == "zh" else self.en
        return template.format(**(self.data if data is None else data))


def error_code(error_class: type[TingzhuError]) -> str:
    """Return the stable code of an error class, e.g. `user_task_already_claimed`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", error_class.__name__.removesuffix("Error")).lower()


class InvalidInputError(TingzhuError):
    """What was sent cannot be accepted as it is."""


class UnauthenticatedError(TingzhuError):
    """We do not know who asks."""

    zh = "请先登录，或登录已过期。"
    en = "Please sign in: the request carries no valid access token."


class ForbiddenError(TingzhuError):
    """We know who asks, and this actor may not."""

    zh = "您没有权限进行此操作。"
    en = "You may not do this."


class NotFoundError(TingzhuError):
    """There is no such thing, or not for this actor."""

    zh = "没有找到{what} {id}。请核对编号，或确认它属于您的管辖范围。"
    en = "Not found: {what} {id}. Check the id, and that it lies within your area."

    names_zh: ClassVar[dict[str, str]] = {
        "application": "申请",
        "case": "案件",
        "copy": "抄送",
        "correction request": "补正要求",
        "dispute": "案件",
        "deployment": "部署",
        "document": "文书",
        "paper form": "空白文书",
        "file": "文件",
        "form": "表单",
        "incident": "异常",
        "invitation": "邀请",
        "job": "作业",
        "notification": "通知",
        "organisation": "组织",
        "party": "当事人",
        "process definition": "流程定义",
        "process instance": "流程",
        "registration draft": "登记草稿",
        "timer": "定时器",
        "user": "用户",
        "user task": "任务",
    }

    def sentence(self, language: str, data: Mapping[str, Any] | None = None) -> str:
        """Return the sentence, with the thing's name in the reader's language."""
        shown = self.data if data is None else data
        what = shown.get("what", "")
        named = self.names_zh.get(what, what) if language == "zh" else what
        return super().sentence(language, {**shown, "what": named})


class ConflictError(TingzhuError):
    """The thing has moved on since it was read."""


class UnavailableError(TingzhuError):
    """A partner or a resource cannot be reached just now."""


class TooManyAttemptsError(TingzhuError):
    """The actor must wait before the next attempt; the data holds `retry_after` in seconds."""

    zh = "尝试次数过多，请 {retry_after} 秒后再试。"
    en = "Too many attempts; try again in {retry_after} seconds."


class ModelInvalidError(InvalidInputError):
    """A deployment was refused; `findings` holds every reason at once."""

    zh = "部署被拒绝：共有 {errors} 处错误。请按 findings 逐条修改后重新部署。"
    en = "The deployment was refused: {errors} errors. Mend what `findings` lists, then deploy again."


class ExpressionFailedError(InvalidInputError):
    """An expression or script of a process definition could not be evaluated."""

    zh = "元素“{element_name}”（{element_id}）的表达式 {expression!r} 无法求值：{problem}"
    en = "The expression {expression!r} of element {element_name!r} ({element_id}) cannot be evaluated: {problem_en}"


class FeelFailedError(InvalidInputError):
    """A FEEL expression could not be evaluated, or exceeded a limit (`limit` says which, or is None)."""

    zh = "FEEL 表达式 {expression!r} 无法求值：{problem_zh}"
    en = "The FEEL expression {expression!r} cannot be evaluated: {problem}"


class DecisionFailedError(InvalidInputError):
    """A decision could not be evaluated: an input or a result is wrong, or an expression of it failed."""

    zh = "决策“{decision_name}”（{decision_key}）无法求值：{problem_zh}"
    en = "The decision {decision_name!r} ({decision_key}) cannot be evaluated: {problem}"


class DecisionNotUniqueError(InvalidInputError):
    """More rules of a decision table match than its hit policy allows."""

    zh = "决策“{decision_name}”（{decision_key}）的第 {rules} 条规则同时匹配输入 {inputs}，与命中策略 {hit_policy} 不符。"
    en = (
        "The rules {rules} of decision {decision_name!r} ({decision_key}) match the input {inputs}, "
        "which the hit policy {hit_policy} does not allow."
    )


class DecisionUnmatchedError(InvalidInputError):
    """No rule of a decision table matches, and one result is needed."""

    zh = "决策“{decision_name}”（{decision_key}）没有规则匹配输入 {inputs}。请补充规则或默认输出。"
    en = (
        "No rule of decision {decision_name!r} ({decision_key}) matches the input {inputs}. "
        "Add a rule or a default output."
    )


class FeelAssetMissingError(UnavailableError):
    """The FEEL interpreter's script is not where it is expected, or cannot be loaded."""

    zh = "FEEL 解释器文件 {path} 缺失或损坏。请先运行 make assets。"
    en = "The FEEL interpreter {path} is missing or broken. Run `make assets` first."


class ExpressionsUnavailableError(UnavailableError):
    """Every sandbox for expressions is busy, or none can be started."""

    zh = "表达式求值资源暂不可用，请稍后重试。"
    en = "No sandbox for expressions is free just now; try again shortly."


class FormInvalidError(InvalidInputError):
    """The data of a form breaks its rules; `problems` names every field."""

    zh = "表单有 {count} 处需要修改。"
    en = "The form has {count} fields to mend."


class UserTaskAlreadyCompletedError(ConflictError):
    """Somebody completed the user task before."""

    zh = "任务“{element_name}”已由 {by} 于 {at} 提交，不能重复提交。"
    en = "The user task {element_name!r} was completed by {by} at {at} already."


class UserTaskCanceledError(ConflictError):
    """The process moved on and the user task is no longer wanted."""

    zh = "任务“{element_name}”已取消：案件已进入其他环节。"
    en = "The user task {element_name!r} was canceled: the case has moved on."


class UserTaskAlreadyClaimedError(ConflictError):
    """Somebody else has claimed the user task."""

    zh = "任务“{element_name}”已由 {assignee} 领取。请联系对方退回，或由主管改派。"
    en = "The user task {element_name!r} was claimed by {assignee}. Ask them to unclaim it, or a supervisor to assign it."


class ProcessInstanceNotActiveError(ConflictError):
    """The process instance is suspended, completed or canceled."""

    zh = "流程当前状态为 {state}，不能进行此操作。"
    en = "The process instance is {state}; this cannot be done now."


class JobNotLeasedError(ConflictError):
    """The job is not leased by this worker (any more)."""

    zh = "作业 {id} 当前未由 {worker} 持有（状态：{state}）。"
    en = "The job {id} is not leased by {worker} (state: {state}); its result was not taken."


class IncidentAlreadyResolvedError(ConflictError):
    """The incident was resolved before."""

    zh = "异常 {id} 已经处理。"
    en = "The incident {id} is resolved already."


class IdempotencyKeyReusedError(InvalidInputError):
    """The same key came with another body."""

    zh = "Idempotency-Key {key!r} 已用于内容不同的请求。请为新请求使用新的键。"
    en = "The Idempotency-Key {key!r} was used with another body. Use a new key for a new request."


class MessageNotCorrelatedError(ConflictError):
    """Nobody waits for the message."""

    zh = "案件 {business_key} 当前没有等待消息“{message_name}”的环节。"
    en = "Nothing in case {business_key} waits for the message {message_name!r} now."


class MessageAmbiguousError(ConflictError):
    """More than one place waits for the message."""

    zh = "案件 {business_key} 有 {count} 处等待消息“{message_name}”，请指明流程。"
    en = "{count} places in case {business_key} wait for the message {message_name!r}; name the process instance."


class BusinessKeyTakenError(ConflictError):
    """Another case has the business key."""

    zh = "案件编号 {business_key} 已存在。"
    en = "The business key {business_key} is taken."


class HistoryBrokenError(TingzhuError):
    """The hash chain of a case does not hold."""

    zh = "案件 {business_key} 的记录链在第 {seq} 条断裂：{reason}"
    en = "The history of case {business_key} is broken at row {seq}: {reason}"
