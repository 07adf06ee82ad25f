"""Finding names by a part of them without reading any: keyed digests of every two neighbouring characters.

docs/decisions/0011-names-are-found-by-keyed-pairs.md says what this gives away, and why it is worth it.
"""

import unicodedata
from collections.abc import Iterable

from casework.encryption import Keyring

_COMMON = frozenset(
    part[at : at + 2] for part in ("有限责任公司", "有限公司", "股份有限") for at in range(len(part) - 1)
)
"""Pairs that most companies share: they find nothing, and would be the first that counting gives away."""
_START = "\x02"
LONGEST = 60
"""Characters of a name or a query that count."""


def name_form(name: str) -> str:
    """Return a name as it is compared: without spaces, width and case set aside."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def stored_grams(keyring: Keyring, name: str) -> list[int]:
    """Return the digests that are stored with a name: of its pairs, and of its first character alone."""
    form = name_form(name)[:LONGEST]
    return sorted({_digest(keyring, gram) for gram in _grams(form)} | {_digest(keyring, _START + form[:1])})


def asked_grams(keyring: Keyring, part: str) -> list[list[int]]:
    """Return per key the digests that a name with this part has, every one; empty lists where the part says too little.

    One character alone is taken as the first one of a name, e.g. a surname.
    """
    form = name_form(part)[:LONGEST]
    asked = {_START + form} if len(form) == 1 else set(_grams(form))
    by_gram = [_digests(keyring, gram) for gram in sorted(asked)]
    return [list(each) for each in zip(*by_gram, strict=True)]


def _grams(form: str) -> Iterable[str]:
    return (form[at : at + 2] for at in range(len(form) - 1) if form[at : at + 2] not in _COMMON)


def _digest(keyring: Keyring, gram: str) -> int:
    return _number(keyring.index("name pair", gram))


def _digests(keyring: Keyring, gram: str) -> list[int]:
    return [_number(digest) for digest in keyring.indexes("name pair", gram)]


def _number(digest: str) -> int:
    """Return the first 64 bits of a digest as PostgreSQL's bigint."""
    return int.from_bytes(bytes.fromhex(digest[:16]), "big", signed=True)
