"""Versions of papers: frozen, replaced with a reason, voided for good, and told to strangers who hold them."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from casework.commands.register_dispute import RegisteredDispute
from casework.documents import add_file, issue_paper, store_document, store_edited_version, void_document
from casework.errors import (
    DocumentFormatMissingError,
    DocumentNotCurrentError,
    DocumentNotIssuedError,
    ReasonMissingError,
    VerificationThrottledError,
)
from casework.file_types import PDF, WORD
from casework.organisations import assign_organisation
from casework.paper_codes import ALPHABET, normal_number
from casework.queries.documents import list_documents, read_document_content
from casework.queries.read_dispute import read_parties
from casework.store.tables import document, verification_failure
from casework.verification import FREE_FAILURES, WINDOW, Verification, verify_paper
from engine.store.history import verify
from engine.store.tables import history
from tests.integration.casework.office import Office

KIND = "mediation-agreement"
ISSUER = "市中区光明路街道劳动人事争议调解中心"


@pytest.fixture
def registered(office: Office) -> RegisteredDispute:
    done = office.register()
    with office.as_user("window") as uow:
        assign_organisation(uow, done.case_id, office.organisation_id("SZ-GML-MED"), "street")
    return done


def issue(office: Office, case_id: UUID, key: str, kind: str = KIND, content: bytes = b"%PDF-1 one", party=None):
    """Issue a paper; return its document id and what it was issued under."""
    with office.as_user("mediator") as uow:
        issued = issue_paper(uow, office.bureau, case_id, kind, key, party)
    with office.as_user("mediator") as uow:
        stored = store_document(
            uow,
            office.bureau,
            case_id,
            kind=kind,
            title="调解协议书",
            content=content,
            media_type=PDF,
            idempotency_key=key,
            issue=issued,
        )
    return stored.document_id, issued


def told(office: Office, number: str, code: str, client: str = "192.0.2.1") -> Verification | None:
    with office.begin() as connection:
        return verify_paper(connection, office.bureau, number, code, client=client, now=office.clock.now())


def test_a_paper_made_again_is_the_next_version_under_the_same_number(
    office: Office, registered: RegisteredDispute
) -> None:
    first, under = issue(office, registered.case_id, "a")
    second, again = issue(office, registered.case_id, "b", content=b"%PDF-1 two")
    assert again.number == under.number
    assert again.code != under.code
    with office.begin() as connection:
        old, new = list_documents(connection, office.bureau, registered.case_id)
        assert read_document_content(connection, office.bureau, first).content == b"%PDF-1 one"
    assert (old.version, old.state, old.superseded_by) == (1, "superseded", second)
    assert (new.version, new.state, new.paper_id) == (2, "current", first)
    with office.begin() as connection:
        verify(connection, registered.case_id)


def test_the_same_key_issues_and_stores_once(office: Office, registered: RegisteredDispute) -> None:
    first, under = issue(office, registered.case_id, "a")
    again, same = issue(office, registered.case_id, "a", content=b"another rendering")
    assert (again, same.number, same.code) == (first, under.number, under.code)
    assert len(office.rows(document)) == 1


def test_a_second_session_has_a_paper_of_its_own(office: Office, registered: RegisteredDispute) -> None:
    issue(office, registered.case_id, "a", "mediation-session-notice")
    issue(office, registered.case_id, "b", "mediation-session-notice")
    assert [(row.version, row.superseded_at) for row in office.rows(document)] == [(1, None), (1, None)]


def test_a_paper_for_one_party_does_not_replace_that_of_the_other(
    office: Office, registered: RegisteredDispute
) -> None:
    with office.begin() as connection:
        one, other = (each.party_id for each in read_parties(connection, office.bureau, registered.case_id))
    for key, party in (("a", one), ("b", other), ("c", one)):
        issue(office, registered.case_id, key, "performance-notice", party=party)
    assert [(row.party_id, row.version) for row in office.rows(document)] == [(one, 1), (other, 1), (one, 2)]


def test_a_voided_paper_stays_and_the_next_one_has_another_number(
    office: Office, registered: RegisteredDispute
) -> None:
    first, under = issue(office, registered.case_id, "a")
    with office.as_user("head") as uow:
        with pytest.raises(ReasonMissingError):
            void_document(uow, office.bureau, first, "")
        void_document(uow, office.bureau, first, "张三金额写错")
        void_document(uow, office.bureau, first, "第二次")
    _, again = issue(office, registered.case_id, "b")
    assert again.number != under.number
    with office.begin() as connection:
        old, new = list_documents(connection, office.bureau, registered.case_id)
        assert read_document_content(connection, office.bureau, first).content == b"%PDF-1 one"
    assert (old.state, old.void_reason, new.state, new.version) == ("voided", "张三金额写错", "current", 1)
    (event,) = office.rows(history, history.c.kind == "document-voided")
    assert event.facts["number"] == under.number
    assert "张三" not in str(office.rows(document)) + str(office.rows(history))


def test_a_version_that_was_replaced_is_not_voided_and_a_void_one_not_replaced(
    office: Office, registered: RegisteredDispute
) -> None:
    first, _ = issue(office, registered.case_id, "a")
    with office.as_user("mediator") as uow:
        late = issue_paper(uow, office.bureau, registered.case_id, KIND, "late")
    second, _ = issue(office, registered.case_id, "b")
    with office.as_user("head") as uow:
        with pytest.raises(DocumentNotCurrentError):
            void_document(uow, office.bureau, first, "错")
        void_document(uow, office.bureau, second, "错")
        with pytest.raises(DocumentNotCurrentError):
            store_document(
                uow,
                office.bureau,
                registered.case_id,
                kind=KIND,
                title="x",
                content=b"%PDF-1",
                media_type=PDF,
                idempotency_key="late",
                issue=late,
            )


def test_what_was_uploaded_is_neither_voided_nor_edited(office: Office, registered: RegisteredDispute) -> None:
    with office.as_user("mediator") as uow:
        stored = store_document(
            uow,
            office.bureau,
            registered.case_id,
            kind="evidence",
            title="工资条",
            content=b"%PDF-1",
            media_type=PDF,
            idempotency_key="u",
        )
        with pytest.raises(DocumentNotIssuedError):
            void_document(uow, office.bureau, stored.document_id, "错")
        with pytest.raises(DocumentNotIssuedError):
            store_edited_version(
                uow,
                office.bureau,
                stored.document_id,
                content=b"%PDF-1",
                media_type=PDF,
                reason="改",
                idempotency_key="e",
            )


def test_an_edited_version_takes_over_number_and_code(office: Office, registered: RegisteredDispute) -> None:
    first, under = issue(office, registered.case_id, "a")
    office.clock.advance(timedelta(days=1))
    with office.as_user("mediator") as uow:
        edited = store_edited_version(
            uow, office.bureau, first, content=b"PK edited", media_type=WORD, reason="补充条款", idempotency_key="e"
        )
        again = store_edited_version(
            uow, office.bureau, first, content=b"PK edited", media_type=WORD, reason="补充条款", idempotency_key="e"
        )
    assert again.document_id == edited.document_id
    with office.begin() as connection:
        new = list_documents(connection, office.bureau, registered.case_id)[1]
    assert (new.number, new.version, new.source, new.reason) == (under.number, 2, "edited", "补充条款")
    assert told(office, under.number, under.code) == Verification("current", 2, None, office.today, ISSUER)


def test_formats_beside_the_original_are_found_by_their_name(office: Office, registered: RegisteredDispute) -> None:
    first, _ = issue(office, registered.case_id, "a")
    with office.begin() as connection, pytest.raises(DocumentFormatMissingError, match="pdf, original"):
        read_document_content(connection, office.bureau, first, "docx")
    with office.as_user("mediator") as uow:
        for role, content, media_type in (("editable", b"PK word", WORD), ("sealed", b"%PDF-1 sealed", PDF)):
            add_file(uow, office.bureau, first, role=role, content=content, media_type=media_type, idempotency_key=role)
    with office.begin() as connection:

        def content(format: str | None) -> bytes:
            return read_document_content(connection, office.bureau, first, format).content

        assert [content(each) for each in (None, "pdf", "docx", "original")] == [
            b"%PDF-1 sealed",
            b"%PDF-1 sealed",
            b"PK word",
            b"%PDF-1 one",
        ]


# --- verification ----------------------------------------------------------------------------------------------------


def test_number_and_code_tell_date_and_issuer_and_no_more(office: Office, registered: RegisteredDispute) -> None:
    _, under = issue(office, registered.case_id, "a")
    assert told(office, under.number, under.code) == Verification("current", 1, None, date(2026, 3, 2), ISSUER)


def test_a_code_has_no_letters_that_are_mixed_up(office: Office, registered: RegisteredDispute) -> None:
    _, under = issue(office, registered.case_id, "a")
    assert [len(part) for part in under.code.split("-")] == [4, 4, 4]
    assert set(under.code) - {"-"} <= set(ALPHABET)
    assert not set(ALPHABET) & set("01258BILOSVZ")


@pytest.mark.parametrize("form", ["plain", "small letters", "no hyphens", "full width", "brackets", "spaces"])
def test_people_may_type_it_in_their_own_way(office: Office, registered: RegisteredDispute, form: str) -> None:
    _, under = issue(office, registered.case_id, "a")
    number, code = under.number, under.code
    match form:
        case "small letters":
            code = code.lower()
        case "no hyphens":
            code = code.replace("-", "")
        case "full width":
            code = code.translate({ord(char): ord(char) + 0xFEE0 for char in code if char != "-"})
        case "brackets":
            number = number.replace("〔", "[").replace("〕", "]")
        case "spaces":
            number, code = f" {number[:3]} {number[3:]} ", code.replace("-", " ")
    assert told(office, number, code) is not None


def test_brackets_of_every_kind_are_one() -> None:
    assert {normal_number(f"枣调{a}2026{b}12号") for a, b in ("〔〕", "[]", "()", "（）", "【】", "［］")} == {
        "枣调〔2026〕12号"
    }


def test_a_replaced_paper_says_by_which_version(office: Office, registered: RegisteredDispute) -> None:
    _, one = issue(office, registered.case_id, "a")
    _, two = issue(office, registered.case_id, "b")
    old, new = told(office, one.number, one.code), told(office, two.number, two.code)
    assert old is not None
    assert new is not None
    assert (old.state, old.version, old.replaced_by_version) == ("superseded", 1, 2)
    assert (new.state, new.version, new.replaced_by_version) == ("current", 2, None)


def test_every_version_of_a_void_paper_is_void(office: Office, registered: RegisteredDispute) -> None:
    _, one = issue(office, registered.case_id, "a")
    second, two = issue(office, registered.case_id, "b")
    with office.as_user("head") as uow:
        void_document(uow, office.bureau, second, "错")
    for under in (one, two):
        found = told(office, under.number, under.code)
        assert found is not None
        assert found.state == "voided"


def test_a_number_with_the_code_of_another_paper_is_as_wrong_as_any(
    office: Office, registered: RegisteredDispute
) -> None:
    _, one = issue(office, registered.case_id, "a")
    _, two = issue(office, registered.case_id, "b", "mediation-session-notice")
    assert told(office, one.number, two.code) is None
    assert told(office, two.number, one.code) is None
    assert told(office, "枣市中光明调〔2026〕77号", one.code) is None


def test_guessing_is_stopped_for_the_right_code_too_and_allowed_again_later(
    office: Office, registered: RegisteredDispute
) -> None:
    _, under = issue(office, registered.case_id, "a")
    for _ in range(FREE_FAILURES):
        assert told(office, under.number, "ACDEACDEACDE") is None
    with pytest.raises(VerificationThrottledError) as refused:
        told(office, under.number, under.code)
    assert 0 < refused.value.data["retry_after"] <= WINDOW.total_seconds()
    assert told(office, under.number, under.code, client="192.0.2.2") is not None
    office.clock.advance(WINDOW)
    assert told(office, under.number, under.code) is not None
    assert told(office, under.number, "ACDEACDEACDE") is None
    assert [row.failures for row in office.rows(verification_failure)] == [1]
    assert "192.0.2" not in str(office.rows(verification_failure))


def test_a_paper_outlives_the_secret_it_was_issued_under(office: Office, registered: RegisteredDispute) -> None:
    from dataclasses import replace

    from casework.encryption import keyring_from_secrets
    from tests.integration.casework.office import SECRET

    _, under = issue(office, registered.case_id, "a")
    changed = replace(office.bureau, keyring=keyring_from_secrets("another secret", [SECRET]))
    with office.begin() as connection:
        found = verify_paper(connection, changed, under.number, under.code, client="192.0.2.1", now=office.clock.now())
    assert found is not None
