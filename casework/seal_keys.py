"""Keys that seals and signatures are made with: made here, or taken from a PKCS#12 that an authority issued."""

import base64
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from casework.bureau import Bureau
from casework.encryption import place
from casework.errors import SealKeyInvalidError, SealKeyMissingError
from casework.seals import SealLevel
from casework.store.tables import seal_key
from casework.work import Work

VALID_FOR = timedelta(days=5 * 365)
DEFAULT_ALGORITHM = "ecdsa-p256-sha256"


@dataclass(frozen=True, slots=True)
class SealKeyRecord:
    """What may be known of a key."""

    id: UUID
    organisation_id: UUID | None
    user_id: UUID | None
    algorithm: str
    level: SealLevel
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    created_at: datetime
    retired_at: datetime | None

    @property
    def sha256(self) -> str:
        """The certificate's fingerprint."""
        return hashlib.sha256(self.certificate.public_bytes(serialization.Encoding.DER)).hexdigest()


@dataclass(frozen=True, slots=True, repr=False)
class OpenKey:
    """A key ready to sign."""

    record: SealKeyRecord
    private_key: Any


def _p256() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


ALGORITHMS: Mapping[str, Callable[[], Any]] = MappingProxyType({DEFAULT_ALGORITHM: _p256})
"""Name -> how a key is made. SM2 belongs here when the signing library speaks it; until then a gateway gives it."""


def create_key(
    work: Work,
    bureau: Bureau,
    name: str,
    *,
    organisation_id: UUID | None = None,
    user_id: UUID | None = None,
    algorithm: str = DEFAULT_ALGORITHM,
) -> SealKeyRecord:
    """Make a key with a certificate of its own for an organisation or a person; the one before is retired.

    Its level is `basic`: nobody but us vouches for it. Raises SealKeyInvalidError for an unknown algorithm.
    """
    if algorithm not in ALGORITHMS:
        raise SealKeyInvalidError(
            problem_zh=f"不支持算法 {algorithm}，可用：{'、'.join(ALGORITHMS)}。",
            problem_en=f"the algorithm {algorithm} is not known; use {', '.join(ALGORITHMS)}.",
        )
    private_key = ALGORITHMS[algorithm]()
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, bureau.site.brand["authority"][:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, name[:64]),
        ]
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private_key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(work.now - timedelta(minutes=5))
        .not_valid_after(work.now + VALID_FOR)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=True,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=False,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private_key.public_key()), critical=False)
        .sign(private_key, hashes.SHA256())
    )
    return _keep(work, bureau, private_key, certificate, (), algorithm, "basic", organisation_id, user_id)


def import_key(
    work: Work,
    bureau: Bureau,
    archive: bytes,
    passphrase: str,
    *,
    organisation_id: UUID | None = None,
    user_id: UUID | None = None,
    level: SealLevel = "certified",
) -> SealKeyRecord:
    """Take key and certificate from a PKCS#12 archive; the one before is retired. Raises SealKeyInvalidError."""
    try:
        private_key, certificate, chain = pkcs12.load_key_and_certificates(archive, passphrase.encode() or None)
    except ValueError:
        raise SealKeyInvalidError(
            problem_zh="无法打开 PKCS#12 文件，请核对文件和口令。",
            problem_en="the PKCS#12 file cannot be opened; check file and passphrase.",
        ) from None
    algorithm = _algorithm_of(private_key)
    if certificate is None or algorithm is None:
        raise SealKeyInvalidError(
            problem_zh="PKCS#12 文件中没有可用的私钥和证书（支持 P-256 和 RSA）。",
            problem_en="the PKCS#12 file holds no usable private key with its certificate (P-256 and RSA are).",
        )
    if certificate.not_valid_after_utc <= work.now:
        raise SealKeyInvalidError(problem_zh="证书已过期。", problem_en="the certificate has expired.")
    return _keep(work, bureau, private_key, certificate, tuple(chain or ()), algorithm, level, organisation_id, user_id)


def open_key(
    connection: sa.Connection,
    bureau: Bureau,
    now: datetime,
    *,
    organisation_id: UUID | None = None,
    user_id: UUID | None = None,
) -> OpenKey:
    """Return the holder's key, ready to sign. Raises SealKeyMissingError when there is none or it has expired."""
    row = connection.execute(
        sa.select(seal_key).where(
            seal_key.c.organisation_id.is_not_distinct_from(organisation_id),
            seal_key.c.user_id.is_not_distinct_from(user_id),
            seal_key.c.retired_at.is_(None),
        )
    ).one_or_none()
    if row is None or _record(row).certificate.not_valid_after_utc <= now:
        raise SealKeyMissingError()
    sealed = bureau.keyring.open(row.private_key_sealed, place("seal_key", "private_key_sealed", row.id))
    return OpenKey(_record(row), serialization.load_der_private_key(base64.b64decode(sealed), None))


def list_keys(connection: sa.Connection) -> list[SealKeyRecord]:
    """Return every key, retired ones too: what they sealed is still checked with their certificates."""
    return [_record(row) for row in connection.execute(sa.select(seal_key).order_by(seal_key.c.created_at))]


def retire_key(work: Work, *, organisation_id: UUID | None = None, user_id: UUID | None = None) -> bool:
    """Let a holder's key seal no more; tells whether there was one. What it sealed stays good."""
    found = work.connection.execute(
        sa.update(seal_key)
        .where(
            seal_key.c.organisation_id.is_not_distinct_from(organisation_id),
            seal_key.c.user_id.is_not_distinct_from(user_id),
            seal_key.c.retired_at.is_(None),
        )
        .values(retired_at=work.now)
    )
    return found.rowcount > 0


def _keep(
    work: Work,
    bureau: Bureau,
    private_key: Any,
    certificate: x509.Certificate,
    chain: tuple[x509.Certificate, ...],
    algorithm: str,
    level: SealLevel,
    organisation_id: UUID | None,
    user_id: UUID | None,
) -> SealKeyRecord:
    retire_key(work, organisation_id=organisation_id, user_id=user_id)
    key_id = work.ids()
    plain = private_key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    row = {
        "id": key_id,
        "organisation_id": organisation_id,
        "user_id": user_id,
        "algorithm": algorithm,
        "level": level,
        "certificate": _text(certificate),
        "chain": [_text(each) for each in chain],
        "private_key_sealed": bureau.keyring.seal(
            base64.b64encode(plain).decode(), place("seal_key", "private_key_sealed", key_id)
        ),
        "created_at": work.now,
        "created_by": work.actor.id,
    }
    return _record(work.connection.execute(sa.insert(seal_key).values(**row).returning(*seal_key.c)).one())


def _record(row: Any) -> SealKeyRecord:
    return SealKeyRecord(
        id=row.id,
        organisation_id=row.organisation_id,
        user_id=row.user_id,
        algorithm=row.algorithm,
        level=row.level,
        certificate=_certificate(row.certificate),
        chain=tuple(_certificates(row.chain)),
        created_at=row.created_at,
        retired_at=row.retired_at,
    )


def _text(certificate: x509.Certificate) -> str:
    return base64.b64encode(certificate.public_bytes(serialization.Encoding.DER)).decode()


def _certificate(text: str) -> x509.Certificate:
    return x509.load_der_x509_certificate(base64.b64decode(text))


def _certificates(texts: Iterable[str]) -> Iterable[x509.Certificate]:
    return (_certificate(text) for text in texts)


def _algorithm_of(private_key: Any) -> str | None:
    if isinstance(private_key, ec.EllipticCurvePrivateKey) and private_key.curve.name == "secp256r1":
        return DEFAULT_ALGORITHM
    if isinstance(private_key, rsa.RSAPrivateKey) and private_key.key_size >= 2048:
        return "rsa-pkcs1-sha256"
    return None
