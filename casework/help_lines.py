"""Who else helps: the numbers that everybody who applies is shown, those of the site before the nationwide ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casework.deadlines.citations import Words
from casework.errors import SiteInvalidError


@dataclass(frozen=True, slots=True)
class HelpLine:
    """A number to call, and for what."""

    name: Words
    phone: str
    note: Words


HELP_LINES = (
    HelpLine(
        Words("人力资源社会保障咨询", "Labour and social security hotline"),
        "12333",
        Words("政策咨询，不知道该找谁时先打这个。", "Questions on policy; call it when you do not know whom to ask."),
    ),
    HelpLine(
        Words("劳动保障监察", "Labour inspection"),
        "12333",
        Words(
            "单位拖欠工资、不签合同、不交社保，可以举报投诉，监察机构直接去查。",
            "Report unpaid wages, missing contracts or insurance: inspectors look into it.",
        ),
    ),
    HelpLine(
        Words("法律援助", "Legal aid"),
        "12348",
        Words("经济困难的劳动者可以申请免费的律师帮助。", "Free help by a lawyer for workers in need."),
    ),
    HelpLine(
        Words("工会维权", "Trade union hotline"),
        "12351",
        Words("工会帮助协商、调解。", "The union helps to negotiate and mediate."),
    ),
)


_PARTS = ("name", "name_en", "phone", "note", "note_en")


def site_help_lines(entries: Any) -> tuple[HelpLine, ...]:
    """Return the `help_lines` of a site.yaml, each with name, phone and note in both languages, before the nationwide ones.

    Raises SiteInvalidError.
    """
    if not isinstance(entries, list):
        raise SiteInvalidError(file="site.yaml", problem="help_lines is a list")
    return tuple(_line(each) for each in entries) + HELP_LINES


def _line(entry: Any) -> HelpLine:
    is_whole = isinstance(entry, Mapping) and entry.keys() == set(_PARTS)
    if not is_whole or not all(isinstance(each, str) and each.strip() for each in entry.values()):
        raise SiteInvalidError(file="site.yaml", problem=f"a help line has exactly {', '.join(_PARTS)}, each a text")
    return HelpLine(
        Words(entry["name"], entry["name_en"]), entry["phone"].strip(), Words(entry["note"], entry["note_en"])
    )
