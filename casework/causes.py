"""The causes of action (案由): our codes, each mapped to the statistics heading and to the courts' list of 2026."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from casework.errors import CauseUnknownError


@dataclass(frozen=True, slots=True)
class Cause:
    """What a claim is about."""

    code: str
    zh: str
    en: str
    statistics_code: str
    statistics_zh: str
    court_code: str
    """Number in the courts' list (法〔2025〕227号, part 7)."""
    court_zh: str
    may_be_reviewed: bool
    """False when arbitration review is closed to it (劳动人事争议仲裁办案规则 Art. 75(4))."""
    has_payment_order: bool
    """True when an agreement on it can found a payment order (劳动争议调解仲裁法 Art. 16)."""


@cache
def causes() -> Mapping[str, Cause]:
    """Return every cause by code, in the order in which lists show them."""
    data = json.loads(Path(__file__).with_name("causes.json").read_text("utf-8"))
    statistics = {entry["code"]: entry["zh"] for entry in data["statistics"]}
    court = {entry["code"]: entry["zh"] for entry in data["court"]}
    return MappingProxyType(
        {
            entry["code"]: Cause(
                code=entry["code"],
                zh=entry["zh"],
                en=entry["en"],
                statistics_code=entry["statistics"],
                statistics_zh=statistics[entry["statistics"]],
                court_code=entry["court"],
                court_zh=court[entry["court"]],
                may_be_reviewed=entry.get("may_be_reviewed", True),
                has_payment_order=entry.get("payment_order", False),
            )
            for entry in data["causes"]
        }
    )


def cause(code: str) -> Cause:
    """Return the cause with this code; raises CauseUnknownError."""
    try:
        return causes()[code]
    except KeyError:
        raise CauseUnknownError(cause_code=code) from None
