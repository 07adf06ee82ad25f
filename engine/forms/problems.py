"""What is wrong with a field, in one sentence per language."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from engine.domain.errors import FormInvalidError

Path = tuple[str | int, ...]
"""Where a value stands in the data of a form: keys, and indexes of rows."""

_SUBJECT = "{subject}"
_MAX_PATH = 200


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One field to mend: its path (`applicants[1].name`), a stable code, a sentence in each language."""

    path: str
    code: str
    zh: str
    en: str

    def as_dict(self) -> dict[str, str]:
        """Return the problem as JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Fault:
    """A problem that does not know yet how its field is called; `{subject}` in the sentences stands for that."""

    code: str
    zh: str
    en: str


class FaultError(Exception):
    """Carries a fault out of a parser of values."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.code)


REQUIRED = Fault("required", "请填写{subject}。", "Please fill in {subject}.")
REQUIRED_CHOICE = Fault("required", "请选择{subject}。", "Please choose {subject}.")
REQUIRED_TICK = Fault("required", "请勾选{subject}。", "Please tick {subject}.")
REQUIRED_FILE = Fault("required", "请上传{subject}。", "Please upload {subject}.")
UNKNOWN = Fault("unknown_field", "表单中没有{subject}这一项。", "The form has no field {subject}.")
READ_ONLY = Fault("read_only", "{subject}为只读，不能修改。", "{subject} is read-only and cannot be changed.")
NOT_A_CHOICE = Fault(
    "not_a_choice", "{subject}只能从给出的选项中选择。", "{subject} must be one of the choices offered."
)
BAD_TEXT = Fault("invalid_text", "{subject}含有无法保存的字符。", "{subject} holds characters that cannot be stored.")
TOO_SLOW = Fault(
    "not_checkable",
    "{subject}的内容过于复杂，无法核对格式，请简化后再提交。",
    "The format of {subject} takes too long to check; simplify it and try again.",
)
NOT_CHECKABLE = Fault(
    "not_checkable",
    "表单规则计算失败，请联系流程设计者。",
    "The rules of the form could not be evaluated; please tell the process designer.",
)
TOO_MUCH_DATA = Fault("data_too_large", "提交的内容过多或嵌套过深。", "The data is too large or nested too deeply.")


def wrong_type(zh: str, en: str) -> Fault:
    """Return the fault of a value that is not `zh`/`en`."""
    return Fault("wrong_type", f"{{subject}}应为{zh}。", f"{{subject}} must be {en}.")


NOT_AN_OBJECT = wrong_type("一组字段", "a group of fields")


def path_text(path: Path) -> str:
    """Return a path as clients write it: `applicants[1].name`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else (f".{part}" if text else str(part))
    return text[:_MAX_PATH]


class Problems:
    """Collects at most one problem per path; knows what the fields are called."""

    def __init__(self, labels: Mapping[tuple[str, ...], str]) -> None:
        self._labels = labels
        self._found: dict[Path, Fault] = {}

    def add(self, path: Path, fault: Fault) -> None:
        """Keep the first fault of a path."""
        self._found.setdefault(path, fault)

    def touches(self, path: Path) -> bool:
        """Tell whether the value at `path`, or what it lies in, has a problem."""
        return bool(self._found) and any(path[:length] in self._found for length in range(len(path) + 1))

    def raise_if_any(self) -> None:
        """Raise FormInvalidError with every problem, in the order of the form."""
        if self._found:
            order = {names: place for place, names in enumerate(self._labels)}
            ranked = sorted(self._found, key=lambda path: (order.get(_names(path), len(order)), _indexes(path)))
            problems = [self._problem(path, self._found[path]) for path in ranked]
            raise FormInvalidError(count=len(problems), problems=problems)

    def _problem(self, path: Path, fault: Fault) -> FieldProblem:
        zh, en = self.subject(path)
        return FieldProblem(path_text(path), fault.code, fault.zh.replace(_SUBJECT, zh), fault.en.replace(_SUBJECT, en))

    def subject(self, path: Path) -> tuple[str, str]:
        """Return what sentences call the value at `path`, in Chinese and in English."""
        label = self._labels.get(_names(path))
        if label is None and path and isinstance(path[-1], str):
            label = path[-1][:_MAX_PATH]
        rows = [place for place, part in enumerate(path) if isinstance(part, int)]
        outer = [(self._labels.get(_names(path[:place]), path_text(path[:place])), path[place]) for place in rows]
        zh = "".join(f"“{name}”第 {int(index) + 1} 行" for name, index in outer)
        en = ", ".join(f"row {int(index) + 1} of “{name}”" for name, index in reversed(outer))
        if label is None or (path and isinstance(path[-1], int)):
            return zh or "内容", en or "the data"
        return (f"{zh}的“{label}”" if zh else f"“{label}”"), (f"“{label}” in {en}" if en else f"“{label}”")


def _names(path: Iterable[Any]) -> tuple[str, ...]:
    return tuple(part for part in path if isinstance(part, str))


def _indexes(path: Path) -> tuple[int, ...]:
    return tuple(part for part in path if isinstance(part, int))
