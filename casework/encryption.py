"""Encryption of personal data, field by field and file by file.

A sealed field reads `aesgcm1:<key id>:<base64 of nonce, ciphertext and tag>`. Table, column and row id are its
associated data, so a value copied to another place cannot be opened there. The algorithm's name stands in front so
that another one (SM4) can follow beside it.
"""

import base64
import hashlib
import hmac
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from casework.errors import SealedValueBrokenError

ALGORITHM = "aesgcm1"
NONCE_BYTES = 12


@dataclass(frozen=True, slots=True, repr=False)
class _Keys:
    field: bytes
    file: bytes
    index: bytes


def _derive(secret: str, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"tingzhu {purpose}".encode()).derive(secret.encode())


def place(table: str, column: str, row_id: Any) -> str:
    """Return the name of the one place where a sealed value may be opened."""
    return f"{table}.{column}:{row_id}"


@dataclass(frozen=True, slots=True, repr=False)
class Keyring:
    """The keys in use: one that seals, and all that may still open."""

    current: str
    """Id of the key that seals."""
    keys: Mapping[str, _Keys]

    def seal(self, text: str, at: str) -> str:
        """Return `text` encrypted for the place `at` (see `place`)."""
        nonce = os.urandom(NONCE_BYTES)
        ciphertext = AESGCM(self.keys[self.current].field).encrypt(nonce, text.encode(), _bound(self.current, at))
        return f"{ALGORITHM}:{self.current}:{base64.b64encode(nonce + ciphertext).decode()}"

    def seal_optional(self, text: str | None, at: str) -> str | None:
        """Return `text` encrypted, or None when there is none."""
        return None if text is None else self.seal(text, at)

    def open(self, sealed: str, at: str) -> str:
        """Return the text sealed for the place `at`.

        Raises SealedValueBrokenError when it was sealed for another place, was changed, or its key is not here.
        """
        algorithm, _, rest = sealed.partition(":")
        key_id, _, encoded = rest.partition(":")
        if algorithm != ALGORITHM or key_id not in self.keys:
            raise SealedValueBrokenError(place=at)
        try:
            data = base64.b64decode(encoded, validate=True)
            plain = AESGCM(self.keys[key_id].field).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], _bound(key_id, at))
        except (ValueError, InvalidTag):
            raise SealedValueBrokenError(place=at) from None
        return plain.decode()

    def open_optional(self, sealed: str | None, at: str) -> str | None:
        """Return the sealed text, or None when there is none."""
        return None if sealed is None else self.open(sealed, at)

    def index(self, purpose: str, text: str) -> str:
        """Return a keyed digest of `text` by which equal texts of one purpose find each other."""
        return _digest(self.keys[self.current].index, purpose, text)

    def indexes(self, purpose: str, text: str) -> list[str]:
        """Return the digests of `text` under every key, for finding rows written before a key was changed."""
        return [_digest(keys.index, purpose, text) for keys in self.keys.values()]

    def seal_bytes(self, content: bytes, at: str) -> bytes:
        """Return a file's content encrypted, with algorithm and key id in front."""
        nonce = os.urandom(NONCE_BYTES)
        ciphertext = AESGCM(self.keys[self.current].file).encrypt(nonce, content, _bound(self.current, at))
        return f"{ALGORITHM}:{self.current}:".encode() + nonce + ciphertext

    def open_bytes(self, sealed: bytes, at: str) -> bytes:
        """Return the content that `seal_bytes` encrypted; raises SealedValueBrokenError."""
        algorithm, _, rest = sealed.partition(b":")
        raw_key_id, _, data = rest.partition(b":")
        key_id = raw_key_id.decode("ascii", "replace")
        if algorithm.decode("ascii", "replace") != ALGORITHM or key_id not in self.keys:
            raise SealedValueBrokenError(place=at)
        try:
            return AESGCM(self.keys[key_id].file).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], _bound(key_id, at))
        except (ValueError, InvalidTag):
            raise SealedValueBrokenError(place=at) from None


def keyring_from_secrets(secret: str, retired: Iterable[str] = ()) -> Keyring:
    """Return the keys derived from the secret in use and from retired ones that may still open (HKDF-SHA256).

    A key's id is derived from its secret, so stored values say which secret they need without telling it.
    """
    keys: dict[str, _Keys] = {}
    ids = []
    for each in (secret, *retired):
        key_id = hashlib.sha256(_derive(each, "key id")).hexdigest()[:8]
        ids.append(key_id)
        keys[key_id] = _Keys(_derive(each, "fields"), _derive(each, "files"), _derive(each, "blind index"))
    return Keyring(current=ids[0], keys=MappingProxyType(keys))


def _bound(key_id: str, at: str) -> bytes:
    return f"{ALGORITHM}:{key_id}:{at}".encode()


def _digest(key: bytes, purpose: str, text: str) -> str:
    return hmac.new(key, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()
