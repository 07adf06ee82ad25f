"""Sealed values open where they were sealed, and nowhere else."""

import base64

import pytest

from casework.encryption import Keyring, keyring_from_secrets, place
from casework.errors import SealedValueBrokenError

HERE = place("party", "name", "row-1")


@pytest.fixture
def keyring() -> Keyring:
    return keyring_from_secrets("first secret")


def test_a_sealed_name_reads_back_and_does_not_show_itself(keyring: Keyring) -> None:
    sealed = keyring.seal("张三", HERE)
    assert keyring.open(sealed, HERE) == "张三"
    assert sealed.startswith(f"aesgcm1:{keyring.current}:")
    assert "张三".encode() not in base64.b64decode(sealed.rpartition(":")[2])


@pytest.mark.parametrize(
    "elsewhere",
    [
        pytest.param(place("party", "name", "row-2"), id="another row"),
        pytest.param(place("party", "phone", "row-1"), id="another column"),
        pytest.param(place("agent", "name", "row-1"), id="another table"),
    ],
)
def test_a_value_moved_elsewhere_does_not_open(keyring: Keyring, elsewhere: str) -> None:
    with pytest.raises(SealedValueBrokenError):
        keyring.open(keyring.seal("张三", HERE), elsewhere)


@pytest.mark.parametrize("position", [0, 11, 12, -1])
def test_a_changed_byte_is_noticed(keyring: Keyring, position: int) -> None:
    head, _, encoded = keyring.seal("张三", HERE).rpartition(":")
    data = bytearray(base64.b64decode(encoded))
    data[position] ^= 1
    with pytest.raises(SealedValueBrokenError):
        keyring.open(f"{head}:{base64.b64encode(bytes(data)).decode()}", HERE)


@pytest.mark.parametrize("rubbish", ["", "张三", "aesgcm1", "aesgcm1:00000000:AAAA", "sm4:x:y", "aesgcm1::"])
def test_rubbish_is_refused_without_a_traceback_of_the_library(keyring: Keyring, rubbish: str) -> None:
    with pytest.raises(SealedValueBrokenError):
        keyring.open(rubbish, HERE)


def test_another_secret_does_not_open(keyring: Keyring) -> None:
    with pytest.raises(SealedValueBrokenError):
        keyring_from_secrets("second secret").open(keyring.seal("张三", HERE), HERE)


def test_a_retired_key_still_opens_but_seals_no_more(keyring: Keyring) -> None:
    old = keyring.seal("张三", HERE)
    renewed = keyring_from_secrets("second secret", ["first secret"])
    assert renewed.open(old, HERE) == "张三"
    assert f":{keyring.current}:" not in renewed.seal("张三", HERE)


def test_the_same_name_is_sealed_differently_each_time(keyring: Keyring) -> None:
    assert keyring.seal("张三", HERE) != keyring.seal("张三", HERE)


def test_blind_indexes_find_equal_texts_of_one_purpose_only(keyring: Keyring) -> None:
    assert keyring.index("party name", "张三") == keyring.index("party name", "张三")
    assert keyring.index("party name", "张三") != keyring.index("login", "张三")
    assert keyring.index("party name", "张三") != keyring_from_secrets("second secret").index("party name", "张三")


def test_indexes_written_under_a_retired_key_are_still_found(keyring: Keyring) -> None:
    renewed = keyring_from_secrets("second secret", ["first secret"])
    assert keyring.index("party name", "张三") in renewed.indexes("party name", "张三")


def test_files_are_bound_to_their_name_too(keyring: Keyring) -> None:
    sealed = keyring.seal_bytes(b"%PDF-1.7", "file:a")
    assert keyring.open_bytes(sealed, "file:a") == b"%PDF-1.7"
    assert b"%PDF" not in sealed
    for changed, at in ((sealed, "file:b"), (sealed[:-1], "file:a"), (b"rubbish", "file:a"), (b"\xff:\xff:", "file:a")):
        with pytest.raises(SealedValueBrokenError):
            keyring.open_bytes(changed, at)


def test_a_field_is_not_sealed_with_the_key_of_files(keyring: Keyring) -> None:
    sealed = keyring.seal_bytes("张三".encode(), HERE)
    head, _, data = sealed.partition(b":")[2].partition(b":")
    text = f"aesgcm1:{head.decode()}:{base64.b64encode(data).decode()}"
    with pytest.raises(SealedValueBrokenError):
        keyring.open(text, HERE)


def test_a_keyring_does_not_print_its_keys(keyring: Keyring) -> None:
    assert "first secret" not in repr(keyring)
    assert "bytes" not in repr(keyring)
    assert repr(keyring).count("\\x") == 0
