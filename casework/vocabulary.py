"""Codes of the dispute domain with their names: channels, flags, organisation kinds and agents."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Term:
    """A code and what people call it."""

    code: str
    zh: str
    en: str

    def as_dict(self) -> dict[str, str]:
        """Return the term as JSON."""
        return {"code": self.code, "zh": self.zh, "en": self.en}


def terms(*entries: tuple[str, str, str]) -> Mapping[str, Term]:
    """Return terms by code, in order."""
    return MappingProxyType({code: Term(code, zh, en) for code, zh, en in entries})


CHANNELS = terms(
    ("window", "窗口", "Window"),
    ("phone", "电话", "Telephone"),
    ("online", "网上", "Online"),
    ("union", "工会驻站", "Union station"),
    ("court", "法院", "Court"),
    ("hotline", "12345热线", "Hotline 12345"),
    ("petition", "信访", "Petition"),
    ("inspection", "劳动保障监察", "Labour inspection"),
    ("organisation", "调解组织", "Mediation organisation"),
)

FLAGS = terms(
    ("group", "群体性（10人以上）", "Ten workers or more"),
    ("major", "重大争议", "Major dispute"),
    ("migrant-wage", "农民工工资", "Migrant workers' wages"),
    ("new-form", "新就业形态", "Platform work"),
    ("overage", "超龄劳动者", "Worker beyond retirement age"),
    ("minor", "未成年人或无民事行为能力人", "Minor, or without capacity"),
    ("limitation-near", "临近时效", "Limitation near"),
)

ORGANISATION_KINDS = terms(
    ("enterprise", "企业劳动争议调解组织", "Enterprise mediation committee"),
    ("peoples", "人民调解组织", "People's mediation committee"),
    ("street", "乡镇（街道）劳动人事争议调解组织", "Town or street mediation organisation"),
    ("industry", "行业性调解组织", "Industry mediation organisation"),
    ("regional", "区域性调解组织", "Regional mediation organisation"),
    ("chamber", "商（协）会调解组织", "Chamber or association"),
    ("alliance", "调解联盟", "Mediation alliance"),
    ("social", "社会组织、律师专家等社会力量", "Social organisations, lawyers and experts"),
    ("arbitration", "劳动人事争议仲裁院", "Arbitration institution"),
    ("court", "人民法院", "People's court"),
    ("union", "工会驻站", "Union station"),
    ("bureau", "人力资源和社会保障部门", "Labour administration"),
)

MEDIATION_KINDS = tuple(ORGANISATION_KINDS)[:8]
"""The eight kinds of mediation organisation; a kind's position here, from 1, is its statistics number."""

AGENT_KINDS = terms(
    ("lawyer", "律师", "Lawyer"),
    ("legal-worker", "基层法律服务工作者", "Legal service worker"),
    ("relative", "近亲属", "Relative"),
    ("union", "工会人员", "Union officer"),
    ("staff", "单位工作人员", "Employee of the party"),
    ("other", "其他公民", "Other citizen"),
)

AGENT_POWERS = terms(
    ("general", "一般授权", "General powers"),
    ("special", "特别授权", "Special powers: may admit, change or waive claims and settle"),
)

PARTY_KINDS = terms(("person", "自然人", "Person"), ("organisation", "单位", "Organisation"))

SIDES = terms(("applicant", "申请人", "Applicant"), ("respondent", "被申请人", "Respondent"))


def kind_number(kind: str) -> int | None:
    """Return 1-8 for a kind of mediation organisation, None for any other kind."""
    return MEDIATION_KINDS.index(kind) + 1 if kind in MEDIATION_KINDS else None
