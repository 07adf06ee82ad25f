"""Which keys a form may use: each becomes a variable, or a key in one, in Python and in JavaScript."""

import keyword
import unicodedata

_RESERVED_IN_FORMS = frozenset({"this", "parent", "i", "item", "partial"})
_RESERVED_IN_JAVASCRIPT = frozenset(
    {"constructor", "prototype", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "toString",
     "valueOf"}
)  # fmt: skip
MAX_LENGTH = 100


def key_problem(key: object) -> tuple[str, str] | None:
    """Return why `key` cannot be used, in Chinese and English; None when it can."""
    if not isinstance(key, str) or not key:
        return "没有填写键（key）。", "the key is missing."
    if len(key) > MAX_LENGTH:
        return f"键超过 {MAX_LENGTH} 个字符。", f"the key has more than {MAX_LENGTH} characters."
    if not key.isidentifier() or key.startswith("_"):
        return (
            f"键 {key!r} 不是有效的变量名：请用字母、数字和下划线，且不以数字或下划线开头。",
            f"the key {key!r} is no variable name: use letters, digits and underscores, beginning with a letter.",
        )
    if unicodedata.normalize("NFKC", key) != key:
        return f"键 {key!r} 含有会被改写的兼容字符。", f"the key {key!r} holds compatibility characters."
    if keyword.iskeyword(key) or key in _RESERVED_IN_FORMS or key in _RESERVED_IN_JAVASCRIPT:
        return f"键 {key} 是保留字，请换一个。", f"the key {key} is reserved; choose another."
    return None
