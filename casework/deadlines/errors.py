"""What can go wrong when a due date is asked for."""

from engine.domain.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError


class UnknownDeadlineRuleError(NotFoundError):
    """No deadline rule has this id."""

    zh = "没有期限规则 {rule!r}。相近的规则：{near}。用 tingzhu deadline --list 查看全部规则。"
    en = "There is no deadline rule {rule!r}. Near matches: {near}. See all of them with tingzhu deadline --list."


class DeadlineRuleNotComputableError(InvalidInputError):
    """The rule has no number of days, months or years to count from a date."""

    zh = "期限规则 {rule}（{name_zh}）不能由起算日推算：{reason_zh}。"
    en = "The deadline rule {rule} ({name_en}) cannot be counted from a date: {reason_en}."


class DeadlineStartInvalidError(InvalidInputError):
    """The start of a period is missing or not a date."""

    zh = "期限规则 {rule} 缺少起算日期：得到的是 {value!r}，应为日期，例如 2026-02-01。"
    en = "The deadline rule {rule} lacks its start date: got {value!r}, wanted a date such as 2026-02-01."


class DeadlineExtensionInvalidError(InvalidInputError):
    """A period cannot be extended by this number."""

    zh = "期限规则 {rule} 不能延长 {extended_by!r}：应为不小于 0 的整数。"
    en = "The deadline rule {rule} cannot be extended by {extended_by!r}: wanted a whole number, 0 or more."


class DeadlineVersionInvalidError(InvalidInputError):
    """A new version of a rule changes what cannot be changed, or to something that makes no rule."""

    zh = "期限规则 {rule} 的新版本：{field}：{problem_zh}"
    en = "New version of the deadline rule {rule}: {field}: {problem_en}"


class UnknownDeadlineVersionError(NotFoundError):
    """The rule has no version of this number, or none that this viewer may see."""

    zh = "期限规则 {rule} 没有第 {number} 版。用 GET /api/v1/deadline-rules/{rule}/versions 查看全部版本。"
    en = "The deadline rule {rule} has no version {number}. See them with GET /api/v1/deadline-rules/{rule}/versions."


class DeadlineVersionOpenError(ConflictError):
    """A rule has a proposed version already; one at a time keeps their order clear."""

    zh = "期限规则 {rule} 的第 {number} 版尚待决定，请先公布、驳回或者撤回，再提出新版本。"
    en = "Version {number} of the deadline rule {rule} is not decided yet: publish, reject or withdraw it first."


class DeadlineVersionDecidedError(ConflictError):
    """Somebody has decided on this version already; what was published is never edited."""

    zh = "期限规则 {rule} 第 {number} 版已由 {by} 处理（{state_zh}），不能再改；需要修改的，请提出新版本。"
    en = "Version {number} of the deadline rule {rule} was {state} by {by}; to change it, propose another version."


class DeadlineVersionOwnError(ForbiddenError):
    """Nobody decides on a version that they proposed themselves."""

    zh = "期限规则 {rule} 第 {number} 版由您提出，须由另一人复核后公布或者驳回。"
    en = "You proposed version {number} of the deadline rule {rule}; a second person publishes or rejects it."


class DeadlineVersionNotYoursError(ForbiddenError):
    """Only the proposer withdraws a proposal or attaches its source."""

    zh = "期限规则 {rule} 第 {number} 版由 {by} 提出，只有提出人可以撤回或者补充文件。"
    en = "Version {number} of the deadline rule {rule} was proposed by {by}: only they withdraw it or attach a file."


class DateOutsideCalendarError(InvalidInputError):
    """A date lies before or after the years the work-day calendar can tell."""

    zh = "日期 {day} 超出工作日历的范围（{first} 至 {last}）。请核对日期。"
    en = "The date {day} lies outside the work-day calendar ({first} to {last}). Check the date."


class DayCountInvalidError(InvalidInputError):
    """A number of days is not a whole number, or too large to count."""

    zh = "天数 {count!r} 无效：应为整数，绝对值不超过 {limit}。"
    en = "The number of days {count!r} is not valid: wanted a whole number of at most {limit}, either sign."


class TimeOfDayInvalidError(InvalidInputError):
    """A time of day is not written as HH:MM."""

    zh = "时间 {time!r} 无效：应写作 时:分，例如 09:00。"
    en = "The time of day {time!r} is not valid: write it as HH:MM, e.g. 09:00."
