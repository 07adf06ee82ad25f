"""Whether a text can be an e-mail address or a telephone number; linear in its length."""

import re

MAX_EMAIL = 254

_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}", re.ASCII)
_DOMAIN_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?", re.ASCII)
_PHONES = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        r"(?:\+86|0086|86)?1[3-9][0-9]{9}",  # mobile
        r"(?:(?:\+86|0086)0?|0)[1-9][0-9]{1,2}[1-9][0-9]{6,7}(?:[#*x转][0-9]{1,6})?",  # landline with area code
        r"[2-9][0-9]{6,7}(?:[#*x转][0-9]{1,6})?",  # landline without
        r"[48]00[0-9]{7}",  # 400 and 800 numbers
        r"1[0-9]{2,4}|9[0-9]{4}",  # short numbers such as 12333, 12348, 95598
        r"(?:\+|00)(?!86)[1-9][0-9]{6,14}",  # abroad
    )
)
_SEPARATORS = str.maketrans("", "", " -()（）－")


def is_email(text: str) -> bool:
    """Tell whether `text` is an e-mail address with a domain of at least two labels."""
    local, at, domain = text.rpartition("@")
    labels = domain.split(".")
    return (
        bool(at)
        and len(text) <= MAX_EMAIL
        and _LOCAL.fullmatch(local) is not None
        and not local.startswith(".")
        and not local.endswith(".")
        and ".." not in local
        and len(labels) >= 2
        and all(_DOMAIN_LABEL.fullmatch(label) for label in labels)
    )


def is_phone(text: str) -> bool:
    """Tell whether `text` is a telephone number as people in China write it, or an international one."""
    bare = text.strip().translate(_SEPARATORS)
    return len(text) <= 40 and any(pattern.fullmatch(bare) for pattern in _PHONES)
