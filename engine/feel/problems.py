"""What can be wrong with the text of an expression, in sentences a designer can act on."""

from dataclasses import dataclass

_FULL_WIDTH = "“”‘’，（）；：【】"


@dataclass(frozen=True, slots=True)
class FeelProblem:
    """One thing to mend in an expression, between two character positions."""

    zh: str
    en: str
    start: int
    end: int


def text_problem(text: str, max_length: int) -> FeelProblem | None:
    """Return why `text` is not even parsed: empty, too long, or broken characters."""
    if not text.strip():
        return FeelProblem("表达式为空。", "The expression is empty.", 0, 0)
    if len(text) > max_length:
        return FeelProblem(
            f"表达式超过 {max_length} 个字符。", f"The expression has more than {max_length} characters.", 0, len(text)
        )
    if any("\ud800" <= character <= "\udfff" or character == "\0" for character in text):
        return FeelProblem("表达式含有无效字符。", "The expression holds invalid characters.", 0, len(text))
    return None


def to_problem(text: str, code: str, start: int, end: int, near: str) -> FeelProblem:
    """Return the problem that the realm's check reported as `code` about `near`."""
    zh, en = _sentences(text, code, start, near)
    return FeelProblem(zh, en, start, end)


def _sentences(text: str, code: str, start: int, near: str) -> tuple[str, str]:
    match code:
        case "clock":
            return (
                f"不能使用 {near}()：日期由人录入，请改用流程变量。",
                f"{near}() cannot be used: a person enters the dates; read a variable instead.",
            )
        case "function":
            return f"没有名为 {near} 的函数。", f"There is no function {near}."
        case "exponent":
            return f"数字 {near} 请不要用科学记数法。", f"Write the number {near} without an exponent."
        case "instance-of":
            return "不支持 instance of。", "`instance of` is not supported."
        case "pattern":
            return f"正则表达式有误：{near}", f"The regular expression is wrong: {near}"
    place = f"第 {start + 1} 个字符" if near or start < len(text.rstrip()) else "末尾"
    spot = f"character {start + 1}" if near or start < len(text.rstrip()) else "the end"
    shown_zh, shown_en = (f"“{near}”附近", f" near {near!r}") if near else ("", "")
    hint_zh = hint_en = ""
    if any(character in text for character in _FULL_WIDTH):
        hint_zh = "请检查是否用了全角标点，文本应使用英文双引号。"
        hint_en = " Check for full-width punctuation; texts take straight double quotes."
    return f"{place}{shown_zh}有语法错误。{hint_zh}", f"Syntax error at {spot}{shown_en}.{hint_en}"
