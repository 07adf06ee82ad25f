"""Password hashes: Argon2id with the parameters of RFC 9106's second recommendation."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from casework.errors import UserInvalidError

MIN_PASSWORD_LENGTH = 10
MAX_PASSWORD_LENGTH = 200

_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """Return the hash to store. Raises UserInvalidError when the password is too short or absurdly long."""
    if not MIN_PASSWORD_LENGTH <= len(password) <= MAX_PASSWORD_LENGTH:
        raise UserInvalidError(
            problem_zh=f"密码长度应为 {MIN_PASSWORD_LENGTH} 至 {MAX_PASSWORD_LENGTH} 个字符。",
            problem_en=f"a password has {MIN_PASSWORD_LENGTH} to {MAX_PASSWORD_LENGTH} characters.",
        )
    return _hasher.hash(password)


def is_password(stored: str | None, password: str) -> bool:
    """Tell whether `password` is the one whose hash is stored; takes as long when nothing is stored."""
    try:
        return _hasher.verify(stored or _nobody(), password[:MAX_PASSWORD_LENGTH]) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(stored: str) -> bool:
    """Tell whether the stored hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(stored)


@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this password")
