"""The rules a value must keep beyond its type: presence, bounds, length, pattern, contacts, options."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.domain.values import Value
from engine.forms.components import CHOICE_TYPES, TEXT_TYPES, FieldSpec, ListSpec
from engine.forms.contacts import is_email, is_phone
from engine.forms.kinds import canonical, to_decimal, utf16_length
from engine.forms.problems import (
    NOT_A_CHOICE,
    REQUIRED,
    REQUIRED_CHOICE,
    REQUIRED_FILE,
    REQUIRED_TICK,
    Fault,
    Path,
    wrong_type,
)
from engine.forms.rules import Settled
from engine.forms.surroundings import feel_json, known_options, option_values

LONGEST = {"textfield": 1_000, "textarea": 20_000}
"""Characters of a text whose form sets no smaller limit."""

WRONG_EMAIL = Fault("wrong_email", "{subject}不是有效的电子邮箱地址。", "{subject} is no e-mail address.")
WRONG_PHONE = Fault(
    "wrong_phone",
    "{subject}不是有效的电话号码，应形如 13800138000 或 0632-1234567。",
    "{subject} is no telephone number; write it like 13800138000 or 0632-1234567.",
)
WRONG_FORMAT = Fault("wrong_format", "{subject}的格式不正确。", "{subject} is not in the right format.")
_FILES = wrong_type("已上传文件的编号", "the reference of an uploaded file")


def too_small(least: str) -> Fault:
    """Return the fault of a number below `least`."""
    return Fault("too_small", f"{{subject}}不能小于 {least}。", f"{{subject}} must be at least {least}.")


def too_large(most: str) -> Fault:
    """Return the fault of a number above `most`."""
    return Fault("too_large", f"{{subject}}不能大于 {most}。", f"{{subject}} must be at most {most}.")


def too_short(least: str) -> Fault:
    """Return the fault of a text with fewer than `least` characters."""
    return Fault(
        "too_short", f"{{subject}}至少要有 {least} 个字。", f"{{subject}} must have at least {least} characters."
    )


def too_long(most: str) -> Fault:
    """Return the fault of a text with more than `most` characters."""
    return Fault("too_long", f"{{subject}}不能超过 {most} 个字。", f"{{subject}} must have at most {most} characters.")


def too_few_rows(least: str) -> Fault:
    """Return the fault of a list with fewer than `least` rows."""
    return Fault("too_few_rows", f"{{subject}}至少要有 {least} 行。", f"{{subject}} needs at least {least} rows.")


def too_many_rows(most: str) -> Fault:
    """Return the fault of a list with more than `most` rows."""
    return Fault("too_many_rows", f"{{subject}}最多只能有 {most} 行。", f"{{subject}} may have at most {most} rows.")


def absent(spec: FieldSpec, value: Value) -> Fault | None:
    """Return the fault of a required field in which nothing was entered."""
    if not spec.is_required:
        return None
    if spec.type == "checkbox":
        return None if value is True else REQUIRED_TICK
    if isinstance(value, str) and value.strip():
        return None
    if not isinstance(value, str) and value is not None and value != []:
        return None
    if spec.type in CHOICE_TYPES or spec.type == "datetime":
        return REQUIRED_CHOICE
    return REQUIRED_FILE if spec.type == "filepicker" else REQUIRED


def broken_rule(
    spec: FieldSpec, value: Value, path: Path, settled: Settled, initial: Mapping[str, Any]
) -> Fault | None:
    """Return the first rule that an entered value breaks; None when it keeps all, or when it is empty."""
    if value is None or value == spec.empty:
        return None
    if spec.type in TEXT_TYPES:
        return _broken_text_rule(spec, str(value), path, settled)
    if spec.type == "number":
        return _broken_number_rule(spec, value, path, settled)
    if spec.type in CHOICE_TYPES:
        return _broken_choice_rule(spec, value, path, settled, initial)
    if spec.type == "filepicker" and isinstance(spec.is_multiple, str):
        is_list = settled.answer(path, "multiple") is True
        return None if isinstance(value, list) == is_list else _FILES
    return None


def _broken_number_rule(spec: FieldSpec, value: Value, path: Path, settled: Settled) -> Fault | None:
    least = _bound(spec.bounds.minimum, path, "minimum", settled)
    if least is not None and value < least:
        return too_small(f"{least:f}")
    most = _bound(spec.bounds.maximum, path, "maximum", settled)
    if most is not None and value > most:
        return too_large(f"{most:f}")
    return None


def _broken_text_rule(spec: FieldSpec, value: str, path: Path, settled: Settled) -> Fault | None:
    length = utf16_length(value)
    least = _bound(spec.bounds.min_length, path, "min_length", settled)
    if least is not None and length < least:
        return too_short(f"{least:f}")
    most = _bound(spec.bounds.max_length, path, "max_length", settled)
    most = Decimal(LONGEST[spec.type]) if most is None else min(most, Decimal(LONGEST["textarea"]))
    if length > most or len(value) > LONGEST["textarea"]:
        return too_long(f"{most:f}")
    if spec.pattern is not None and settled.answer(path, "pattern") is False:
        message = spec.pattern_message
        return Fault(WRONG_FORMAT.code, message, message) if message else WRONG_FORMAT
    if spec.validation_type == "email" and not is_email(value):
        return WRONG_EMAIL
    if spec.validation_type == "phone" and not is_phone(value):
        return WRONG_PHONE
    return None


def _broken_choice_rule(
    spec: FieldSpec, value: Value, path: Path, settled: Settled, initial: Mapping[str, Any]
) -> Fault | None:
    options = known_options(spec, initial)
    if options is None:
        options = option_values(feel_json(settled.answer(path, "choices")))
    offered = {canonical(option) for option in options}
    chosen = value if isinstance(spec.empty, list) else [value]
    return None if all(canonical(item) in offered for item in chosen) else NOT_A_CHOICE


def _bound(bound: Decimal | str | None, path: Path, name: str, settled: Settled) -> Decimal | None:
    if isinstance(bound, str):
        return to_decimal(settled.answer(path, name))
    return bound


def row_count_fault(rows: ListSpec, count: int, count_before: int) -> Fault | None:
    """Return the fault of a list with too few or too many rows; `count_before` is what it was opened with."""
    if rows.is_fixed and count != count_before:
        return Fault(
            "rows_fixed",
            f"{{subject}}的行数固定为 {count_before} 行，不能增减。",
            f"{{subject}} has {count_before} rows; none can be added or removed.",
        )
    if count < rows.min_rows:
        return too_few_rows(str(rows.min_rows))
    if count > rows.max_rows:
        return too_many_rows(str(rows.max_rows))
    return None
