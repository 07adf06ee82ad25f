"""Errors of the dispute domain; the tree they hang on is `engine.domain.errors`."""

from collections.abc import Sequence
from typing import Any

from engine.domain.errors import (
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    TingzhuError,
    TooManyAttemptsError,
    UnauthenticatedError,
    UnavailableError,
)


class SiteInvalidError(TingzhuError):
    """The files of a site do not fit together."""

    zh = "站点文件 {file} 有误：{problem}"
    en = "The site file {file} is wrong: {problem}"


class PlatformsInvalidError(SiteInvalidError):
    """What a site says of the platforms where cases are typed again cannot be used."""

    zh = "站点文件 {file} 有误：{problem_zh}"


class ModelWordsInvalidError(TingzhuError):
    """The English of the processes or forms cannot be read."""

    zh = "英文对照文件 {file} 有误：{problem}"
    en = "The file {file} with the English of the models is wrong: {problem}"


class CauseUnknownError(InvalidInputError):
    """There is no such cause of action."""

    zh = "案由代码 {cause_code!r} 不存在。请从案由列表中选择。"
    en = "There is no cause {cause_code!r}. Choose one from the list of causes."


class AreaUnknownError(InvalidInputError):
    """There is no such area."""

    zh = "行政区划代码 {area_code!r} 不在本站点范围内。请选择本市的区（市）、镇（街道）。"
    en = "The area {area_code!r} does not belong to this site. Choose one of its districts, towns or streets."


class RoleUnknownError(InvalidInputError):
    """There is no such role."""

    zh = "角色 {role!r} 不存在。"
    en = "There is no role {role!r}."


class DisputeInvalidError(InvalidInputError):
    """A registration has fields to mend; `problems` names each of them."""

    zh = "登记信息有 {count} 处需要修改。"
    en = "The registration has {count} fields to mend."

    def __init__(self, problems: Sequence[dict[str, Any]]) -> None:
        self.problems = tuple(problems)
        super().__init__(count=len(self.problems), problems=list(self.problems))


class EventDateInvalidError(InvalidInputError):
    """An event date cannot be what was given."""

    zh = "日期“{name_zh}”不能为 {value}：{problem_zh}"
    en = "The date {name_en!r} cannot be {value}: {problem_en}"


class EventDateUnknownError(InvalidInputError):
    """There is no event date of that name."""

    zh = "没有名为 {name!r} 的法定日期。可用名称：{known}"
    en = "There is no event date {name!r}. Known names: {known}"


class EventDateMissingError(ConflictError):
    """An event date that was never recorded cannot be corrected."""

    zh = "日期“{name_zh}”尚未登记，无法更正。请先在对应任务中填写。"
    en = "The date {name_en!r} was never recorded, so it cannot be corrected; record it first."


class EventDateDerivedError(ConflictError):
    """An event date that follows from other records is corrected there, not by itself."""

    zh = "日期“{name_zh}”由送达登记推算，请更正对应的送达记录。"
    en = "The date {name_en!r} follows from the register of service: correct the record of service instead."


class PaperNotServedError(InvalidInputError):
    """The service of this kind of paper is not kept."""

    zh = "文书种类 {kind!r} 不登记送达。需要登记的种类：{known}"
    en = "The service of papers of the kind {kind!r} is not kept. Kept are: {known}"


class CalendarYearInvalidError(InvalidInputError):
    """A year's notice cannot be as it was entered; `problems` names each thing to mend."""

    zh = "{year} 年放假安排有 {count} 处需要修改。"
    en = "The notice of {year} has {count} things to mend."

    def __init__(self, year: int, problems: Sequence[dict[str, Any]]) -> None:
        self.problems = tuple(problems)
        super().__init__(year=year, count=len(self.problems), problems=list(self.problems))


class CalendarYearReasonMissingError(InvalidInputError):
    """A year's notice is to be replaced without a reason."""

    zh = "{year} 年放假安排已经公布，更正须写明理由。"
    en = "The work days of {year} are published already; a correction needs its reason."


class CityOnlyError(ForbiddenError):
    """Something that counts for the whole city was asked for by somebody of a part of it."""

    zh = "只有市级主管或者系统管理员可以办理此事项。"
    en = "Only a supervisor of the city or an administrator may do this."


class SignatureGoneError(ConflictError):
    """A signature that does not stand any more cannot be withdrawn."""

    zh = "这一签名盖章已被更正或者撤销，请刷新后再操作。"
    en = "This signature was corrected or withdrawn already; look again."


class PaymentGoneError(ConflictError):
    """A payment that was withdrawn cannot be withdrawn again."""

    zh = "这笔付款已经撤销，请刷新后再操作。"
    en = "This payment was withdrawn already; look again."


class LimitationEventInvalidError(InvalidInputError):
    """What was entered for the limitation of arbitration cannot be."""

    zh = "时效记录的 {name} 有误：{problem_zh}"
    en = "{name} of the limitation entry is wrong: {problem_en}"


class DeadlineEventInvalidError(InvalidInputError):
    """A suspension, restart or extension cannot be as it was entered."""

    zh = "期限变化的 {name} 有误：{problem_zh}"
    en = "{name} of the change of the period is wrong: {problem_en}"


class ReasonMissingError(InvalidInputError):
    """A correction came without its reason."""

    zh = "更正、重发或者作废必须写明理由。"
    en = "A correction, a new version or a voiding needs its reason."


class InputInvalidError(InvalidInputError):
    """A named input got a value of the wrong type or a value that does not exist."""

    zh = "“{name}”的值无效：{problem_zh}"
    en = "The value of {name!r} is not valid: {problem_en}"


class PaperNotOfferedError(ConflictError):
    """A paper was asked for in a stage of the case that has no use for it."""

    zh = "案件现处于“{stage_zh}”，不制作《{title_zh}》。"
    en = "The case is at {stage_en!r}: no {title_en!r} is made now."


class SealedValueBrokenError(TingzhuError):
    """An encrypted value cannot be opened where it stands."""

    zh = "加密数据无法读取（{place}）：密钥缺失，或数据被移动、改动。请联系管理员。"
    en = "The encrypted value at {place} cannot be opened: its key is missing, or it was moved or changed."


class StoredFileBrokenError(TingzhuError):
    """A stored file is gone or is not what its hash says."""

    zh = "文件 {sha256} 缺失或已损坏。请从备份恢复。"
    en = "The file {sha256} is missing or damaged. Restore it from the backup."


class FileTooLargeError(InvalidInputError):
    """A file exceeds the limit."""

    zh = "文件过大（{size} 字节），上限为 {limit} 字节。"
    en = "The file is too large ({size} bytes); the limit is {limit} bytes."


class LoginFailedError(UnauthenticatedError):
    """The username or the password is wrong, or the account is closed."""

    zh = "用户名或密码不正确。"
    en = "The username or the password is not right."


class CurrentPasswordWrongError(InvalidInputError):
    """Whoever changes a password did not know the one that holds."""

    zh = "原密码不正确。忘记原密码的，请联系系统管理员重置。"
    en = "The present password is not right. If you have forgotten it, ask the administrator for another one."


class NewPasswordSameError(InvalidInputError):
    """The new password is the one that holds already."""

    zh = "新密码与原密码相同，请换一个。"
    en = "The new password is the present one; choose another."


class LoginThrottledError(TooManyAttemptsError):
    """Too many wrong passwords in a row for one username."""

    zh = "该用户名登录失败次数过多，请 {retry_after} 秒后再试。"
    en = "Too many failed sign-ins for this username; try again in {retry_after} seconds."


class UsernameTakenError(ConflictError):
    """Another account has the username."""

    zh = "用户名 {username!r} 已被使用。"
    en = "The username {username!r} is taken."


class UserInvalidError(InvalidInputError):
    """An account cannot be as described."""

    zh = "账号信息有误：{problem_zh}"
    en = "The account is not valid: {problem_en}"


class ActionForbiddenError(ForbiddenError):
    """The viewer sees the case, but the role may not do this with it."""

    zh = "您的角色不能对案件进行此操作：{action}。"
    en = "Your role may not do this with the case: {action}."


class OrganisationUnsuitableError(InvalidInputError):
    """The organisation cannot take the case."""

    zh = "“{organisation}”不能办理此案：{problem_zh}"
    en = "{organisation!r} cannot take the case: {problem_en}"


class NoCompetentOrganisationError(ConflictError):
    """No organisation of the kind covers the area."""

    zh = "行政区划 {area_code} 及其上级没有可受理的“{kind_zh}”。请先维护组织信息。"
    en = "No {kind_en!r} covers the area {area_code}. Add one to the organisations first."


class NumberFormatMissingError(NotFoundError):
    """The site has no number format for this kind of paper."""

    zh = "站点未设置“{kind}”的文号格式。"
    en = "The site has no number format for papers of the kind {kind!r}."


class DocumentNotIssuedError(ConflictError):
    """What was uploaded as it is has no number: it is not reissued, voided or sealed."""

    zh = "文件 {id} 不是本系统出具的文书，没有文号，不能重发、作废或者盖章。"
    en = "The document {id} is no paper issued here: it has no number and cannot be reissued, voided or sealed."


class DocumentNotCurrentError(ConflictError):
    """This version of the paper has been replaced, or the paper is void."""

    zh = "该文书第 {version} 版已被替换或作废（现行版本：{current}）。请在现行版本上操作。"
    en = "Version {version} of this paper was replaced or voided (current version: {current}). Work on the current one."


class DocumentFormatMissingError(NotFoundError):
    """The document is not kept in the format asked for."""

    zh = "该文书没有 {format} 格式。可用格式：{formats}。"
    en = "This document is not kept as {format}. It can be had as: {formats}."


class VerificationThrottledError(TooManyAttemptsError):
    """Too many wrong numbers or codes from one address."""

    zh = "核验失败次数过多，请 {retry_after} 秒后再试。"
    en = "Too many wrong numbers or codes; try again in {retry_after} seconds."


class SealKeyInvalidError(InvalidInputError):
    """A key for seals cannot be made or taken."""

    zh = "无法启用印章密钥：{problem_zh}"
    en = "The key for seals cannot be used: {problem_en}"


class SealKeyMissingError(ConflictError):
    """Who is to seal or sign has no key that is valid now."""

    zh = (
        "没有可用的电子印章（签名）密钥，或者证书已过期。请管理员运行 tingzhu seal create，或者上传盖章纸质件的扫描件。"
    )
    en = (
        "There is no key for this seal or signature, or it has expired. Ask the administrator to run `tingzhu seal "
        "create`, or upload a scan of the sealed paper."
    )


class SealServiceUnavailableError(UnavailableError):
    """The seal service cannot be reached or answers nonsense."""

    zh = "电子印章服务暂时不可用：{problem}。请稍后重试，或者上传盖章纸质件的扫描件。"
    en = "The seal service is not available just now: {problem}. Try again later, or upload a scan of the sealed paper."


class SealServiceRefusedError(ConflictError):
    """The seal service refused for good."""

    zh = "电子印章服务拒绝签章（{code_given}）。请联系印章服务管理员。"
    en = "The seal service refused to seal ({code_given}). Ask its administrator."


class PdfUnsuitableError(ConflictError):
    """The document cannot be sealed electronically as it is."""

    zh = "该文书无法电子签章（{problem}）：需要未加密的 PDF。手工修改的 Word 文件请先另存为 PDF，作为定稿上传。"
    en = (
        "This document cannot be sealed electronically ({problem}): it must be a PDF without encryption. Save an edited "
        "Word file as PDF and upload it as the final version first."
    )


class SealTwiceError(ConflictError):
    """The document bears this seal or signature already."""

    zh = "该文书已有此{kind_zh}，不能重复签章。"
    en = "This document bears {kind_en} already."


class NotAppointedError(ForbiddenError):
    """Who wants to sign is not appointed to the case."""

    zh = "您不是本案的{role_zh}，不能签名。"
    en = "You are not appointed to this case as {role_en}, so you cannot sign its papers."


class RequestThrottledError(TooManyAttemptsError):
    """The same was asked for too often."""

    zh = "操作过于频繁，请 {retry_after} 秒后再试。"
    en = "This was asked for too often; try again in {retry_after} seconds."


class PartyPhoneMissingError(InvalidInputError):
    """A party without a mobile number on file cannot be sent a code."""

    zh = "该当事人没有登记能够接收短信的手机号码，不能发送链接或者验证码。请先登记手机号码，或者通过文书编号和查验码进入。"
    en = "The party has no mobile number on file, so no link or code can be sent. Record one, or let it come by number and code of a letter."


class PartyCodeRefusedError(UnauthenticatedError):
    """Link and code, or number and code, do not open anything; nothing tells which of the two is wrong."""

    zh = "链接或者验证码不正确，或者已经失效、已经用过。请重新获取验证码；仍然不能进入的，请联系承办单位。"
    en = "The link or the code is wrong, has run out or was used before. Ask for another code; if that fails, ask the office that holds the case."


class PartyAccessLockedError(ForbiddenError):
    """Too many wrong codes were entered for one link."""

    zh = "验证码错误次数过多，该链接已经锁定。请联系承办单位重新发送。"
    en = "Too many wrong codes were entered, and this link is locked. Ask the office that holds the case for another."


class PartySeatUnclearError(ConflictError):
    """An account that stands for several parties of a case acts for one of them, and did not say which."""

    zh = "您在本案中代表多名当事人，请联系承办单位，或者由当事人本人通过短信链接办理。"
    en = "You stand for several parties of this case; ask the office, or let the party act by its own link."


class SavedFiltersFullError(ConflictError):
    """Somebody has saved as many filters as one may."""

    zh = "最多保存 {limit} 个筛选条件，请先删除不用的。"
    en = "At most {limit} filters can be saved; remove some first."


class PartySessionWeakError(ForbiddenError):
    """Something that binds was asked for in a session that a letter opened."""

    zh = "通过文书编号和查验码进入的，不能办理此事项。请通过短信链接和验证码进入，或者到窗口办理。"
    en = "A session opened by a letter cannot do this. Come in by the link and the code sent to the telephone, or go to the window."


class PartyActionUnavailableError(ConflictError):
    """The case does not stand where a party could do this."""

    zh = "案件目前所处的阶段不能办理此事项，请刷新后查看。"
    en = "This cannot be done at the present stage of the case; look again."


class PartyUploadsExhaustedError(ConflictError):
    """A party has uploaded as many files as it may."""

    zh = "您在本案中已上传 {limit} 份文件，不能再上传。需要补充的，请联系承办单位。"
    en = "You uploaded {limit} files to this case already; ask the office to add more."


class SignatureExistsError(ConflictError):
    """Somebody signed already, and an electronic mark must not replace that."""

    zh = "您已经签署过这份协议。"
    en = "You have signed this agreement already."


class PartyMessageInvalidError(InvalidInputError):
    """What a party declares is not complete."""

    zh = "内容不完整：{problem_zh}"
    en = "Something is missing: {problem_en}"


class WorkerSheetUnreadableError(InvalidInputError):
    """A spreadsheet of workers cannot be read at all."""

    zh = "无法读取这份名单：{problem_zh}。请下载模板，按模板填写后另存为 XLSX 或 CSV。"
    en = "This list cannot be read: {problem_en}. Download the template and save it as XLSX or CSV."


class WorkerSheetInvalidError(InvalidInputError):
    """A spreadsheet of workers has cells to mend; `problems` names each by its row and column."""

    zh = "名单有 {count} 处需要修改，一行也没有导入。"
    en = "The list has {count} cells to mend; no row of it was taken."

    def __init__(self, problems: Sequence[dict[str, Any]], count: int) -> None:
        self.problems = tuple(problems)
        super().__init__(count=count, problems=list(self.problems))


class RegistrationDraftsFullError(ConflictError):
    """Somebody keeps as many drafts or attachments as one may."""

    zh = "最多保留 {limit} 份，请先删除不用的。"
    en = "At most {limit} can be kept; remove some first."


class RegistrationDraftChangedError(ConflictError):
    """A draft was changed elsewhere since the caller last saw it; `updated_at` says when."""

    zh = "这份草稿在另一个窗口被修改过。请先看那边的内容，再决定保留哪一份。"
    en = "This draft was changed in another window. Look at what is there, then decide which to keep."


class ApplicationInvalidError(InvalidInputError):
    """An application cannot be taken as it stands."""

    zh = "申请暂时不能提交：{problem_zh}"
    en = "The application cannot be taken as it stands: {problem_en}"


class ApplicationClosedError(ConflictError):
    """An application that was submitted or decided on does not change any more."""

    zh = "这份申请已经提交或者已经处理，不能再修改。"
    en = "This application was submitted or decided on already and does not change any more."


class ReceiptUnknownError(InvalidInputError):
    """Number and code of a receipt do not belong together; nothing tells which of the two is wrong."""

    zh = "编号和查询码对不上，请逐字核对。"
    en = "Number and code do not belong together. Check them letter by letter."


class UploadOffsetWrongError(ConflictError):
    """A piece of a file does not follow on what is here."""

    zh = "上传位置不正确，请从第 {received} 字节继续。"
    en = "This piece does not follow on what is here: go on from byte {received}."


class UploadBrokenError(InvalidInputError):
    """A file arrived as something else than it was said to be."""

    zh = "上传的文件不完整或者类型不支持（支持 PDF、图片、Word、Excel），请重新上传。"
    en = "The file arrived broken or is of a kind that is not taken (PDF, pictures, Word, Excel): send it again."


class ScenarioRunUnderWayError(ConflictError):
    """Scenarios are played one run at a time."""

    zh = "已有一次情景演练正在进行，请等它结束后再开始。"
    en = "A run of scenarios is under way; wait until it has ended."


class ScenariosUnknownError(InvalidInputError):
    """Scenarios that do not exist were asked for."""

    zh = "没有这样的情景：“{what}”。"
    en = "There are no such scenarios: {what!r}."


class ScenarioRunLostError(UnavailableError):
    """Whoever played the scenarios ended before they did."""

    zh = "演练中途停止（例如系统重新启动）。请重新开始。"
    en = "The run broke off, for example because the system was started anew. Start it again."
