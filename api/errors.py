"""Errors that only HTTP knows: how a request was put, not what it asks for."""

from engine.domain.errors import (
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    TingzhuError,
    UnavailableError,
)


class RequestInvalidError(InvalidInputError):
    """Fields of the request break their rules; `errors` of the problem names every one."""

    zh = "请求内容有 {count} 处需要修改，详见 errors。"
    en = "The request has {count} fields to mend; `errors` names each."


class JsonMalformedError(InvalidInputError):
    """The body is not JSON."""

    zh = "请求体不是有效的 JSON：{problem}"
    en = "The body is not valid JSON: {problem}"


class ContentTypeUnsupportedError(InvalidInputError):
    """The body comes in a form the route does not read."""

    zh = "不支持的内容类型 {media_type!r}：此接口需要 {expected}。"
    en = "The content type {media_type!r} is not read here: send {expected}."


class BodyTooLargeError(InvalidInputError):
    """The body exceeds the route's limit."""

    zh = "请求体过大：上限为 {limit_mib} MiB。"
    en = "The body is too large: the limit is {limit_mib} MiB."


class RouteNotFoundError(NotFoundError):
    """No route has this path."""

    zh = "没有这个地址：{path}。接口清单见 /api/docs。"
    en = "There is no such address: {path}. /api/docs lists the routes."


class MethodNotAllowedError(InvalidInputError):
    """The path exists, but not for this method."""

    zh = "此地址不支持 {method}，支持：{allowed}。"
    en = "This address does not take {method}; it takes {allowed}."


class RequestRejectedError(InvalidInputError):
    """The request could not be read at all."""

    zh = "无法读取该请求：{problem}"
    en = "The request cannot be read: {problem}"


class AssigneeUnsuitableError(InvalidInputError):
    """The user task cannot be given to this account."""

    zh = "账号 {username!r} 不存在，或无权办理此任务。"
    en = "The account {username!r} does not exist, or may not work on this user task."


class IncidentOwnerUnsuitableError(InvalidInputError):
    """The incident cannot be given to this account."""

    zh = "账号 {username!r} 不存在，或无权处理本案的异常。请选择本辖区主管或系统管理员。"
    en = "The account {username!r} does not exist, or may not repair this case: choose a supervisor of its area or an administrator."


class GroupUnsuitableError(InvalidInputError):
    """The user task cannot be given to this group."""

    zh = "{group!r} 不是承办角色，或者本案没有该角色的经办人，不能接收此任务。"
    en = "{group!r} is no role that works on cases, or nobody with it has this case: it cannot take the user task."


class ReviewerMediatedError(InvalidInputError):
    """Nobody reviews what they mediated."""

    zh = "账号 {username!r} 已在本案担任其他角色，调解员不得审查自己调解的案件。"
    en = "{username!r} has the other part in this case; nobody reviews what they mediated."


class CursorInvalidError(InvalidInputError):
    """The cursor was not issued for this list and these filters."""

    zh = "分页游标无效：请去掉 cursor，从第一页重新开始。"
    en = "The cursor does not belong to this list and these filters: start again without `cursor`."


class IdempotencyKeyMissingError(InvalidInputError):
    """A route that changes something was called without a key."""

    zh = "缺少请求头 Idempotency-Key：请为每次提交生成一个唯一的键（如 UUID），重试时沿用同一个键。"
    en = "The header Idempotency-Key is missing: make one unique key (a UUID, say) per request and repeat it when retrying."


class IdempotencyKeyInvalidError(InvalidInputError):
    """The key is empty, too long, or not printable ASCII."""

    zh = "请求头 Idempotency-Key 应为 1–200 个可见 ASCII 字符。"
    en = "The header Idempotency-Key takes 1 to 200 printable ASCII characters."


class DatabaseUnavailableError(UnavailableError):
    """The database does not answer."""

    zh = "数据库暂时无法连接，请稍后重试。您的内容尚未提交。"
    en = "The database cannot be reached just now; nothing was changed. Please try again."


class DatabaseBusyError(UnavailableError):
    """The transaction lost against others more often than we retry."""

    zh = "系统繁忙，请稍后重试。您的内容尚未提交。"
    en = "The system is busy; nothing was changed. Please try again."


class EditConflictError(ConflictError):
    """Two requests changed the same thing at the same moment."""

    zh = "同一内容刚刚被他人修改，请刷新后重试。"
    en = "Somebody else changed this at the same moment; read it again and retry."


class UnexpectedError(TingzhuError):
    """A fault of ours."""

    zh = "系统内部错误（编号 {error_id}）。请将此编号告知管理员。"
    en = "An internal error occurred ({error_id}). Please tell the administrator this number."


class ForeignPageError(ForbiddenError):
    """A browser's session was to change something without saying that the request comes from our own pages."""

    zh = "请求没有来自本系统页面的标记（请求头 {header}），未予执行。请从本系统页面操作。"
    en = (
        "The request lacks the mark of our own pages (header {header}) and was not carried out. Use the system's pages."
    )


class WebNotBuiltError(UnavailableError):
    """The web application was not built on this machine."""

    zh = "网页尚未构建：请运行 make assets，然后刷新。"
    en = "The web pages have not been built: run `make assets`, then reload."
