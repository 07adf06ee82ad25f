"""Documents, files on disk, numbers of papers, notifications, court filings."""

import os
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from casework.commands.register_dispute import RegisteredDispute
from casework.court_filings import answer_court_filing, find_court_filing, list_court_filings, record_court_filing
from casework.documents import store_document
from casework.errors import (
    ActionForbiddenError,
    FileTooLargeError,
    InputInvalidError,
    StoredFileBrokenError,
)
from casework.files import MAX_FILE_BYTES, FileStore
from casework.notifications import (
    list_notifications,
    mark_delivered,
    mark_failed,
    mark_read,
    party_recipient,
    record_notification,
    user_recipient,
    users_of_role,
)
from casework.organisations import assign_organisation
from casework.queries.documents import list_documents, read_document, read_document_content
from casework.queries.read_dispute import read_parties
from casework.store.tables import document, notification, stored_file
from engine.domain.errors import NotFoundError
from engine.store.history import verify
from engine.store.tables import history
from tests.integration.casework.office import GML, Office, lawyer, person

PDF = b"%PDF-1.7 " + "张三的协议".encode()


@pytest.fixture
def registered(office: Office) -> RegisteredDispute:
    office.user("worker-a", "worker")
    done = office.register(applicants=(person(username="worker-a", agents=(lawyer(),)),))
    with office.as_user("window") as uow:
        assign_organisation(uow, done.case_id, office.organisation_id("SZ-GML-MED"), "street")
    return done


def store(office: Office, case_id: UUID, **changes):
    given = {
        "kind": "mediation-agreement",
        "title": "张三与某某公司调解协议书",
        "content": PDF,
        "media_type": "application/pdf",
        "idempotency_key": "job-1",
        **changes,
    }
    with office.as_user("mediator") as uow:
        return store_document(uow, office.bureau, case_id, **given)


# --- documents -------------------------------------------------------------------------------------------------------


def test_a_document_reads_back_byte_for_byte(office: Office, registered: RegisteredDispute) -> None:
    stored = store(office, registered.case_id)
    with office.begin() as connection:
        found = read_document_content(connection, office.bureau, stored.document_id)
        (listed,) = list_documents(connection, office.bureau, registered.case_id)
    assert found.content == PDF
    assert found.record == listed
    assert (listed.title, listed.number, listed.version, listed.size) == (
        "张三与某某公司调解协议书",
        None,
        1,
        len(PDF),
    )


def test_neither_disk_nor_table_shows_what_the_document_says(office: Office, registered: RegisteredDispute) -> None:
    store(office, registered.case_id)
    (path,) = [each for each in office.bureau.files.folder.rglob("*") if each.is_file()]
    assert b"PDF" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    assert "张三" not in str(office.rows(document))


def test_the_same_key_stores_once_and_other_content_under_it_changes_nothing(
    office: Office, registered: RegisteredDispute
) -> None:
    first = store(office, registered.case_id)
    again = store(office, registered.case_id, content=b"another rendering")
    assert (again.document_id, again.sha256, again.is_new) == (first.document_id, first.sha256, False)
    assert len(office.rows(document)) == 1
    assert [row.kind for row in office.rows(history)].count("document-stored") == 1


def test_what_is_uploaded_under_the_same_kind_replaces_nothing(office: Office, registered: RegisteredDispute) -> None:
    store(office, registered.case_id)
    store(office, registered.case_id, idempotency_key="job-2", content=b"second")
    assert [(row.version, row.superseded_at) for row in office.rows(document)] == [(1, None), (1, None)]


def test_the_same_content_twice_lies_on_disk_once(office: Office, registered: RegisteredDispute) -> None:
    store(office, registered.case_id)
    store(office, registered.case_id, idempotency_key="job-2", media_type="application/octet-stream")
    assert len(office.rows(stored_file)) == 1
    assert [row.media_type for row in office.rows(document)] == ["application/pdf", "application/octet-stream"]


def test_history_holds_the_hash_of_the_document(office: Office, registered: RegisteredDispute) -> None:
    stored = store(office, registered.case_id)
    (event,) = office.rows(history, history.c.kind == "document-stored")
    assert event.facts["sha256"] == stored.sha256
    assert event.facts["document_id"] == str(stored.document_id)
    with office.begin() as connection:
        verify(connection, registered.case_id)


def test_a_document_is_read_by_those_who_see_the_case(office: Office, registered: RegisteredDispute) -> None:
    stored = store(office, registered.case_id)
    mediator = office.user("med", "mediator", organisation="SZ-GML-MED")
    stranger = office.user("med2", "mediator", organisation="XC-LC-MED")
    with office.begin() as connection:
        assert read_document(connection, office.bureau, mediator, stored.document_id).content == PDF
        with pytest.raises(NotFoundError):
            read_document(connection, office.bureau, stranger, stored.document_id)
        with pytest.raises(NotFoundError):
            read_document(connection, office.bureau, mediator, UUID(int=1))


def test_a_confidential_document_is_for_parties_and_mediator_only(
    office: Office, registered: RegisteredDispute
) -> None:
    stored = store(office, registered.case_id, is_confidential=True)
    mediator = office.user("med", "mediator", organisation="SZ-GML-MED")
    supervisor = office.user("city", "supervisor", area="370400")
    with office.begin() as connection:
        assert read_document(connection, office.bureau, mediator, stored.document_id).content == PDF
        assert list_documents(connection, office.bureau, registered.case_id, supervisor) == []
        with pytest.raises(ActionForbiddenError):
            read_document(connection, office.bureau, supervisor, stored.document_id)


def test_a_document_of_no_case_is_refused(office: Office) -> None:
    with pytest.raises(NotFoundError):
        store(office, UUID(int=7))


# --- files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("damage", ["cut", "gone", "flipped", "swapped"])
def test_a_file_that_was_changed_on_disk_is_not_handed_out(office: Office, damage: str) -> None:
    files = office.bureau.files
    sha256, other = files.store(PDF), files.store(b"another file")
    path = files.path(sha256)
    match damage:
        case "cut":
            path.write_bytes(path.read_bytes()[:-1])
        case "gone":
            path.unlink()
        case "flipped":
            data = bytearray(path.read_bytes())
            data[40] ^= 1
            path.write_bytes(bytes(data))
        case "swapped":
            path.write_bytes(files.path(other).read_bytes())
    with pytest.raises(StoredFileBrokenError):
        files.read(sha256)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_only_a_hash_names_a_file(office: Office, name: str) -> None:
    with pytest.raises(ValueError, match="not a SHA-256"):
        office.bureau.files.path(name)


def test_a_huge_file_is_refused_before_it_is_written(office: Office) -> None:
    with pytest.raises(FileTooLargeError):
        office.bureau.files.store(bytes(MAX_FILE_BYTES + 1))
    assert not office.bureau.files.folder.exists()


def test_a_write_that_fails_leaves_nothing_under_the_name(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    files = office.bureau.files

    def full(_handle: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        files.store(PDF)
    monkeypatch.undo()
    assert [each for each in files.folder.rglob("*") if each.is_file()] == []
    assert files.read(files.store(PDF)) == PDF


def test_a_folder_with_another_key_does_not_open(office: Office, tmp_path: Path) -> None:
    from casework.encryption import keyring_from_secrets

    sha256 = office.bureau.files.store(PDF)
    with pytest.raises(StoredFileBrokenError):
        FileStore(office.bureau.files.folder, keyring_from_secrets("another")).read(sha256)


# --- notifications ---------------------------------------------------------------------------------------------------


def notify(office: Office, case_id: UUID, key: str = "n1", channel: str = "in-app", **to):
    with office.as_user("mediator") as uow:
        return record_notification(
            uow, case_id, template="mediation-accepted", channel=channel, idempotency_key=key, **to
        )


def test_a_party_finds_its_notification_and_reads_it(office: Office, registered: RegisteredDispute) -> None:
    with office.begin() as connection:
        applicant = read_parties(connection, office.bureau, registered.case_id)[0]
    first = notify(office, registered.case_id, party_id=applicant.party_id)
    assert (first.state, first.is_new) == ("delivered", True)
    again = notify(office, registered.case_id, party_id=applicant.party_id)
    assert (again.id, again.is_new) == (first.id, False)
    with office.begin() as connection:
        from casework.users import viewer_for_username

        viewer = viewer_for_username(connection, "worker-a")
    assert viewer is not None
    stranger = office.user("stranger", "worker")
    with office.as_user("worker-a") as uow:
        (listed,) = list_notifications(uow.connection, viewer, only_unread=True)
        assert (listed.template, listed.number) == ("mediation-accepted", registered.number)
        assert list_notifications(uow.connection, stranger) == []
        with pytest.raises(NotFoundError):
            mark_read(uow, stranger, first.id)
        mark_read(uow, viewer, first.id)
        assert list_notifications(uow.connection, viewer, only_unread=True) == []


def test_notifications_page_newest_first(office: Office, registered: RegisteredDispute) -> None:
    viewer = office.user("med", "mediator", organisation="SZ-GML-MED")
    for index in range(3):
        office.clock.advance(timedelta(minutes=1))
        notify(office, registered.case_id, f"n{index}", user_id=viewer.user_id)
    with office.begin() as connection:
        first = list_notifications(connection, viewer, limit=2)
        rest = list_notifications(connection, viewer, limit=2, after=(first[-1].created_at, first[-1].id))
    times = [each.created_at for each in (*first, *rest)]
    assert len(times) == 3
    assert times == sorted(times, reverse=True)


def test_a_case_that_left_the_scope_takes_its_notifications_along(
    office: Office, registered: RegisteredDispute
) -> None:
    viewer = office.user("med", "mediator", organisation="SZ-GML-MED")
    notify(office, registered.case_id, user_id=viewer.user_id)
    with office.as_user("window") as uow:
        assign_organisation(uow, registered.case_id, office.organisation_id("SZ-MED"), "district")
        assert list_notifications(uow.connection, viewer) == []


def test_an_email_waits_until_the_gateway_has_taken_it(office: Office, registered: RegisteredDispute) -> None:
    viewer = office.user("med", "mediator", organisation="SZ-GML-MED")
    first = notify(office, registered.case_id, "e1", "email", user_id=viewer.user_id)
    second = notify(office, registered.case_id, "e2", "sms", user_id=viewer.user_id)
    assert first.state == "pending"
    with office.as_user("mediator") as uow:
        mark_delivered(uow, first.id, "smtp-7")
        mark_failed(uow, second.id)
        with pytest.raises(NotFoundError):
            mark_failed(uow, UUID(int=1))
    rows = {row.id: row for row in office.rows(notification)}
    assert (rows[first.id].state, rows[first.id].external_id) == ("delivered", "smtp-7")
    assert rows[second.id].state == "failed"


def test_a_notification_goes_to_a_user_or_to_a_party(office: Office, registered: RegisteredDispute) -> None:
    with pytest.raises(ValueError, match="user or to a party"):
        notify(office, registered.case_id)


def test_a_role_means_its_users_who_see_the_case_and_the_parties_themselves(
    office: Office, registered: RegisteredDispute
) -> None:
    office.user("med", "mediator", organisation="SZ-GML-MED")
    office.user("med2", "mediator", organisation="XC-LC-MED")
    office.user("city", "supervisor", area="370400")
    office.user("district", "supervisor", area="370403")
    office.user("both", "mediator", "supervisor", area=GML, organisation="XC-LC-MED")

    def names(role: str) -> list[str]:
        with office.begin() as connection:
            return [each.name for each in users_of_role(connection, office.bureau, registered.case_id, role)]

    assert names("mediator") == ["med 的姓名"]
    assert names("supervisor") == ["both 的姓名", "city 的姓名"]
    assert names("worker") == ["张三"]
    assert names("employer") == ["某某机械有限公司"]
    assert names("reviewer") == []


def test_recipients_come_with_their_addresses_and_unknown_ones_are_told(
    office: Office, registered: RegisteredDispute
) -> None:
    with office.begin() as connection:
        applicant = read_parties(connection, office.bureau, registered.case_id)[0]
        found = party_recipient(connection, office.bureau, applicant.party_id)
        assert (found.name, found.phone, found.user_id) == ("张三", "13800000000", applicant.user_id)
        assert user_recipient(connection, office.bureau, "worker-a").user_id == applicant.user_id
        with pytest.raises(NotFoundError):
            party_recipient(connection, office.bureau, UUID(int=1))
        with pytest.raises(NotFoundError):
            user_recipient(connection, office.bureau, "nobody")


# --- court -----------------------------------------------------------------------------------------------------------


def test_a_filing_sent_twice_is_one_filing(office: Office, registered: RegisteredDispute) -> None:
    with office.as_user("court") as uow:
        first, is_new = record_court_filing(uow, registered.case_id, idempotency_key="j", court_filing_number="F-1")
        again, is_new_again = record_court_filing(
            uow, registered.case_id, idempotency_key="j", court_filing_number="F-2"
        )
    assert (is_new, is_new_again) == (True, False)
    assert again == first
    assert [row.kind for row in office.rows(history)].count("court-filing-sent") == 1


def test_the_court_s_answer_is_kept_once_and_its_reason_sealed(office: Office, registered: RegisteredDispute) -> None:
    answer = {"state": "rejected", "decided_on": date(2026, 3, 2), "document_number": "（2026）鲁0402民特1号"}
    with office.as_user("court") as uow:
        record_court_filing(uow, registered.case_id, idempotency_key="j", court_filing_number="F-1")
        answered = answer_court_filing(uow, office.bureau, "F-1", reason="张三未到场", **answer)
        assert answer_court_filing(uow, office.bureau, "F-1", reason="张三未到场", **answer) == answered
        assert list_court_filings(uow.connection, registered.case_id) == [answered]
    assert (answered.state, answered.document_number) == ("rejected", "（2026）鲁0402民特1号")
    events = office.rows(history, history.c.kind == "court-filing-answered")
    assert len(events) == 1
    assert "张三" not in str(events)


def test_an_answer_to_nothing_or_of_no_known_kind_is_refused(office: Office, registered: RegisteredDispute) -> None:
    with office.as_user("court") as uow:
        record_court_filing(uow, registered.case_id, idempotency_key="j", court_filing_number="F-1")
        with pytest.raises(NotFoundError):
            find_court_filing(uow.connection, "F-2")
        with pytest.raises(InputInvalidError):
            answer_court_filing(uow, office.bureau, "F-1", state="maybe")
