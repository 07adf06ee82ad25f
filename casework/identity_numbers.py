"""Check digits of resident identity numbers (GB 11643) and unified social credit codes (GB 32100)."""

import re

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def normalised(number: str) -> str:
    """Return a number without spaces and hyphens, in capitals."""
    return re.sub(r"[\s-]", "", number).upper()


def is_resident_number(number: str) -> bool:
    """Tell whether an 18-character resident identity number has the right check digit."""
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _ID_WEIGHTS, strict=True))
    return _ID_CHECKS[total % 11] == number[17]


def is_social_credit_code(number: str) -> bool:
    """Tell whether an 18-character unified social credit code has the right check digit."""
    if len(number) != 18 or any(character not in _CODE_ALPHABET for character in number):
        return False
    total = sum(
        _CODE_ALPHABET.index(character) * weight for character, weight in zip(number[:17], _CODE_WEIGHTS, strict=True)
    )
    return _CODE_ALPHABET[(31 - total % 31) % 31] == number[17]
