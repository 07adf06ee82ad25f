"""Masking, check digits, causes, drafts, passwords, roles."""

from typing import get_args
from uuid import UUID

import pytest

from casework.access import Action, GlobalAction
from casework.causes import cause, causes
from casework.drafts import open_draft, seal_draft
from casework.encryption import keyring_from_secrets
from casework.errors import CauseUnknownError, SealedValueBrokenError, UserInvalidError
from casework.identity_numbers import is_resident_number, is_social_credit_code, normalised
from casework.masking import masked_name, masked_number, masked_phone
from casework.passwords import hash_password, is_password
from casework.roles import ROLES
from casework.vocabulary import MEDIATION_KINDS, kind_number

KEYRING = keyring_from_secrets("secret")


@pytest.mark.parametrize(("name", "masked"), [("张三", "张**"), ("张", "张**"), ("欧阳小明", "欧***"), ("", "")])
def test_a_masked_name_does_not_tell_how_long_a_short_one_is(name: str, masked: str) -> None:
    assert masked_name(name) == masked


def test_masked_numbers_keep_their_ends() -> None:
    assert masked_number("11010519491231002X") == "1101**********002X"
    assert masked_number("12345") == "*****"
    assert masked_phone("13800000001") == "138******01"
    assert masked_phone("12345") == "*****"
    assert (masked_number(None), masked_phone(None)) == (None, None)


@pytest.mark.parametrize(
    ("number", "is_right"),
    [
        ("11010519491231002X", True),
        ("110105194912310021", False),
        ("440308199901101512", True),
        ("44030819990110151", False),
        ("", False),
        ("١١٠١٠٥١٩٤٩١٢٣١٠٠٢X", False),
    ],
)
def test_check_digit_of_a_resident_number(number: str, is_right: bool) -> None:
    assert is_resident_number(number) == is_right


@pytest.mark.parametrize(
    ("code", "is_right"),
    [("91370402MA3DEMA11E", True), ("91370402MA3DEMA11F", False), ("9137O402MA3DEMA11E", False), ("123", False)],
)
def test_check_digit_of_a_social_credit_code(code: str, is_right: bool) -> None:
    assert is_social_credit_code(code) == is_right


def test_a_number_is_compared_without_spaces_and_in_capitals() -> None:
    assert normalised(" 1101 0519-4912 3100 2x ") == "11010519491231002X"


def test_every_cause_maps_to_a_statistics_heading_and_to_the_courts_list() -> None:
    assert len(causes()) >= 30
    assert all(each.statistics_zh and each.court_zh for each in causes().values())


def test_only_claims_to_confirm_a_relationship_are_closed_to_review() -> None:
    closed = {each.code for each in causes().values() if not each.may_be_reviewed}
    assert closed == {"labour-relation", "new-form-relation"}


def test_an_unknown_cause_is_refused() -> None:
    with pytest.raises(CauseUnknownError, match="nonsense"):
        cause("nonsense")


def test_the_eight_kinds_of_mediation_organisation_are_numbered() -> None:
    assert len(MEDIATION_KINDS) == 8
    assert (kind_number("enterprise"), kind_number("social"), kind_number("court")) == (1, 8, None)


def test_a_draft_lies_sealed_and_opens_for_its_own_task_only() -> None:
    task, other = UUID(int=1), UUID(int=2)
    stored = seal_draft(KEYRING, task, {"mediation_record": "张三说"})
    assert "张三" not in str(stored)
    assert open_draft(KEYRING, task, stored) == {"mediation_record": "张三说"}
    assert open_draft(KEYRING, task, None) is None
    with pytest.raises(SealedValueBrokenError):
        open_draft(KEYRING, other, stored)


def test_a_password_is_checked_and_nobody_s_password_is_never_right() -> None:
    stored = hash_password("correct horse")
    assert stored.startswith("$argon2id$")
    assert is_password(stored, "correct horse")
    assert not is_password(stored, "wrong horse")
    assert not is_password(None, "nobody has this password")
    assert not is_password("rubbish", "correct horse")


@pytest.mark.parametrize("password", ["short", "", "长" * 201])
def test_a_password_is_neither_short_nor_endless(password: str) -> None:
    with pytest.raises(UserInvalidError):
        hash_password(password)


def test_roles_name_known_actions_only() -> None:
    for role in ROLES.values():
        assert role.actions <= set(get_args(Action)), role.code
        assert role.global_actions <= set(get_args(GlobalAction)), role.code


def test_designers_and_administrators_see_no_case_content() -> None:
    assert ROLES["designer"].actions == ROLES["admin"].actions == frozenset()


def test_only_parties_and_mediators_read_confidential_notes() -> None:
    assert {code for code, role in ROLES.items() if "read-confidential" in role.actions} == {
        "worker",
        "employer",
        "mediator",
    }
