"""What an employer is, as its unified social credit code says: enterprises are bound by Order 17, others follow it."""

from collections.abc import Mapping
from types import MappingProxyType

EMPLOYER_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "enterprise": "企业",
        "individual-business": "个体工商户",
        "cooperative": "农民专业合作社",
        "state-organ": "机关",
        "public-institution": "事业单位",
        "social-organisation": "社会组织",
        "other": "其他",
    }
)

_BY_PREFIX: Mapping[str, str] = MappingProxyType(
    {
        "91": "enterprise",
        "92": "individual-business",
        "93": "cooperative",
        "11": "state-organ",
        "12": "public-institution",
        "51": "social-organisation",
        "52": "social-organisation",
        "53": "social-organisation",
    }
)
"""First two characters, registering authority and kind, of the code of GB 32100-2015."""

_LENGTH = 18


def employer_kind(credit_code: str | None) -> str | None:
    """Return the kind of the employer with this unified social credit code; None when there is no whole code."""
    code = (credit_code or "").strip()
    return _BY_PREFIX.get(code[:2], "other") if len(code) == _LENGTH else None
