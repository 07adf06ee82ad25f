"""Verification codes of papers: short, keyed, without letters that people mix up when they read them aloud."""

import unicodedata

from casework.encryption import Keyring

ALPHABET = "ACDEFGHJKMNPQRTUWXY34679"
"""No 0/O, 1/I/L, 2/Z, 5/S, 8/B, and no V beside U."""
LENGTH = 12
"""24 to the 12th: about 55 bits, far beyond guessing at the rate that `casework.verification` allows."""
_GROUP = 4
_BRACKETS = str.maketrans("[]【】()（）〈〉﹝﹞", "〔〕〔〕〔〕〔〕〔〕〔〕")
_CODE, _PAIR = "paper code", "paper verification"


def paper_code(keyring: Keyring, seed: str) -> str:
    """Return the code of the paper made under the idempotency key `seed`, in groups, e.g. `ACDE-FGHJ-KMNP`."""
    rest = int(keyring.index(_CODE, seed), 16)
    letters = []
    for _ in range(LENGTH):
        rest, place = divmod(rest, len(ALPHABET))
        letters.append(ALPHABET[place])
    code = "".join(letters)
    return "-".join(code[start : start + _GROUP] for start in range(0, LENGTH, _GROUP))


def pair_index(keyring: Keyring, number: str, code: str) -> str:
    """Return the digest by which a paper is found from number and code together, and from neither alone."""
    return keyring.index(_PAIR, _pair(number, code))


def pair_indexes(keyring: Keyring, number: str, code: str) -> list[str]:
    """Return the digests under every key: papers outlive the key they were issued under."""
    return keyring.indexes(_PAIR, _pair(number, code))


def _pair(number: str, code: str) -> str:
    return f"{normal_number(number)}\0{normal_code(code)}"


def normal_code(text: str) -> str:
    """Return a code as people type it (small letters, full width, spaces, hyphens) in its one form."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(char for char in plain if char.isascii() and char.isalnum())


def normal_number(text: str) -> str:
    """Return a paper's number as people type it (any brackets, spaces, full-width digits) in its one form."""
    plain = unicodedata.normalize("NFKC", text).translate(_BRACKETS)
    return "".join(char for char in plain if not char.isspace())
