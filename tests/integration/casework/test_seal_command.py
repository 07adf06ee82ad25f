"""`tingzhu seal` as an administrator types it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

from tests.integration.casework.office import SECRET
from tingzhu.cli import main


@pytest.fixture
def tingzhu(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TINGZHU_DATABASE_URL", database_url)
    monkeypatch.setenv("TINGZHU_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("TINGZHU_SECRET_KEY", SECRET)
    monkeypatch.setenv("TINGZHU_SITE", "zaozhuang")

    def run(*arguments: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(main, ["seal", *arguments], input=stdin)

    return run


def archive(folder: Path, key, *, days: int = 30) -> str:
    """Write a PKCS#12 as an authority hands it out; return its path."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "某调解中心")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    path = folder / "seal.p12"
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(b"seal", key, certificate, None, BestAvailableEncryption(b"secret"))
    )
    return str(path)


def test_a_new_key_takes_the_place_of_the_old_one(tingzhu) -> None:
    first = json.loads(tingzhu("create", "SZ-GML-MED", "--json").stdout)
    second = json.loads(tingzhu("create", "SZ-GML-MED", "--json").stdout)
    assert (first["level"], first["algorithm"]) == ("basic", "ecdsa-p256-sha256")
    listed = json.loads(tingzhu("list", "--json").stdout)
    assert [(each["certificate_sha256"], each["is_retired"]) for each in listed] == [
        (first["certificate_sha256"], True),
        (second["certificate_sha256"], False),
    ]
    assert tingzhu("retire", "SZ-GML-MED").exit_code == 0
    again = tingzhu("retire", "SZ-GML-MED")
    assert (again.exit_code, "没有在用的密钥" in again.output) == (2, True)


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (ec.generate_private_key(ec.SECP256R1()), "ecdsa-p256-sha256"),
        (rsa.generate_private_key(65537, 2048), "rsa-pkcs1-sha256"),
    ],
)
def test_an_authority_s_certificate_is_taken_with_its_passphrase(tingzhu, tmp_path: Path, key, algorithm: str) -> None:
    path = archive(tmp_path, key)
    taken = tingzhu("create", "SZ-GML-MED", "--pkcs12", path, "--json", stdin="secret\n")
    assert taken.exit_code == 0, taken.output
    told = json.loads(taken.stdout)
    assert (told["level"], told["algorithm"]) == ("certified", algorithm)
    assert "secret" not in taken.output
    plain = tingzhu("create", "SZ-GML-MED", "--pkcs12", path, "--basic", "--json", stdin="secret\n")
    assert json.loads(plain.stdout)["level"] == "basic"


def test_what_cannot_be_used_is_refused_and_changes_nothing(tingzhu, tmp_path: Path) -> None:
    good = archive(tmp_path, ec.generate_private_key(ec.SECP256R1()))
    refused = {
        "nobody": tingzhu("create", "NOPE"),
        "no account": tingzhu("create", "nobody", "--user"),
        "passphrase": tingzhu("create", "SZ-GML-MED", "--pkcs12", good, stdin="wrong\n"),
    }
    other = archive(tmp_path, ec.generate_private_key(ec.SECP384R1()))
    refused["curve"] = tingzhu("create", "SZ-GML-MED", "--pkcs12", other, stdin="secret\n")
    old = archive(tmp_path, ec.generate_private_key(ec.SECP256R1()), days=-1)
    refused["expired"] = tingzhu("create", "SZ-GML-MED", "--pkcs12", old, stdin="secret\n")
    assert {name: result.exit_code for name, result in refused.items()} == dict.fromkeys(refused, 2)
    assert "已过期" in refused["expired"].output
    assert json.loads(tingzhu("list", "--json").stdout) == []
