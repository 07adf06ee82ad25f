"""Seals and signatures from the outside: who may put which, what they are worth, and what an edited PDF shows."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization import pkcs12 as archives
from pypdf import PdfReader

from casework.documents import issue_paper, store_document
from casework.errors import SealKeyInvalidError
from casework.file_types import PDF
from casework.organisations import assign_organisation, send_to
from casework.seal_keys import create_key, import_key, open_key, retire_key
from casework.store.tables import appointment, document_seal, seal_key, signature, user_account
from engine.domain.actor import Actor
from engine.store.history import verify
from engine.store.tables import history
from handlers.papers.content import PAPERS, paper_content
from handlers.papers.rendering import render_paper, seal_places
from tests.integration.api.conftest import open_desk
from tests.integration.api.service_desk import ServiceDesk
from tests.integration.handlers.disputes import dispute
from tests.integration.handlers.test_papers import FONTS, ISSUED_AT, sources
from tests.twins.seal_gateway import seal_gateway

SEAL, SIGNATURE = {"kind": "organisation-seal"}, {"kind": "mediator-signature"}


def rendered(kind: str) -> tuple[bytes, Any]:
    content = paper_content(PAPERS[kind], sources(dispute()))
    return render_paper(kind, content, FONTS, ISSUED_AT), seal_places(kind, content, FONTS)


AGREEMENT = rendered("mediation-agreement")


def user_id(desk: ServiceDesk, username: str) -> UUID:
    desk.token(username)
    (row,) = desk.rows(user_account, user_account.c.username == username)
    found: UUID = row.id
    return found


def prepared(
    desk: ServiceDesk, kind: str = "mediation-agreement", paper: tuple[bytes, Any] = AGREEMENT
) -> tuple[UUID, str]:
    """Return a case with its mediator and a paper of the organisation, which has a key, as has the mediator."""
    case_id = UUID(desk.case()["id"])
    mediator = user_id(desk, "mediator")
    with desk.work(Actor("system")) as uow:
        organisation_id = desk.organisation_id("SZ-GML-MED")
        assign_organisation(uow, case_id, organisation_id, "test")
        send_to(uow, case_id, "arbitration")
        uow.connection.execute(
            sa.insert(appointment).values(
                id=uow.ids(), case_id=case_id, role="mediator", user_id=mediator, appointed_at=uow.now, appointed_by="x"
            )
        )
        create_key(uow, desk.bureau, "市中区光明路街道劳动人事争议调解中心", organisation_id=organisation_id)
        create_key(uow, desk.bureau, "mediator", user_id=mediator)
        issue = issue_paper(uow, desk.bureau, case_id, kind, "a")
        stored = store_document(
            uow,
            desk.bureau,
            case_id,
            kind=kind,
            title="调解协议书",
            content=paper[0],
            media_type=PDF,
            idempotency_key="a",
            issue=issue,
            seal_places=paper[1],
        )
    return case_id, str(stored.document_id)


def content(desk: ServiceDesk, document: str, format: str = "pdf") -> bytes:
    answer = desk.call("GET", f"/documents/{document}/content?format={format}", by="head")
    assert answer.status_code == 200, answer.get_json()
    return answer.get_data()


def scan(desk: ServiceDesk, document: str, by: str = "mediator", **fields: str) -> Any:
    sent = {"kind": "organisation-seal", "signed_on": "2026-03-01", **fields}
    return desk.call(
        "POST",
        f"/documents/{document}/seals",
        by=by,
        data={**sent, "file": (io.BytesIO(b"\xff\xd8\xff scan"), "scan.jpg")},
        content_type="multipart/form-data",
    )


def test_seal_and_signature_stand_in_the_pdf_and_are_good(desk: ServiceDesk) -> None:
    case_id, document = prepared(desk)
    signed = desk.post(f"/documents/{document}/seals", SIGNATURE, by="mediator")
    sealed = desk.post(f"/documents/{document}/seals", SEAL, by="head")
    assert (sealed["level"], sealed["provider"], sealed["algorithm"]) == ("basic", "local", "ecdsa-p256-sha256")
    assert (signed["user_id"], signed["organisation_id"]) == (str(user_id(desk, "mediator")), None)
    found = desk.get(f"/documents/{document}/seals", by="mediator")
    assert [each["kind"] for each in found["items"]] == ["mediator-signature", "organisation-seal"]
    assert [(each["state"], each["covers_everything"]) for each in found["checks"]] == [("good", False), ("good", True)]
    assert found["checks"][1]["certificate_sha256"] == sealed["certificate_sha256"]
    pdf = content(desk, document)
    assert pdf.startswith(AGREEMENT[0])
    assert content(desk, document, "original") == AGREEMENT[0]
    page = PdfReader(io.BytesIO(pdf)).pages[AGREEMENT[1][0]["page"] - 1]
    assert len(page["/Annots"]) == 2
    assert [row.kind for row in desk.rows(history) if row.kind in ("document-signed", "document-sealed")] == [
        "document-signed",
        "document-sealed",
    ]
    with desk.begin() as connection:
        verify(connection, case_id)


def test_each_seal_counts_for_the_effect_of_the_agreement_with_its_level_and_day(desk: ServiceDesk) -> None:
    _, document = prepared(desk)
    desk.post(f"/documents/{document}/seals", SIGNATURE, by="mediator")
    assert scan(desk, document, by="head").status_code == 201
    assert [(row.signatory, row.level, str(row.signed_on)) for row in desk.rows(signature)] == [
        ("mediator-1", "basic", "2026-03-02"),
        ("organisation", "paper-scan", "2026-03-01"),
    ]


def test_a_weaker_seal_does_not_replace_one_that_the_office_accepts(desk: ServiceDesk) -> None:
    _, document = prepared(desk)
    assert scan(desk, document, by="head").status_code == 201
    assert scan(desk, document, kind="mediator-signature").status_code == 201
    desk.post(f"/documents/{document}/seals", SIGNATURE, by="mediator", key="later")
    assert {row.signatory: row.level for row in desk.rows(signature) if row.superseded_at is None} == {
        "organisation": "paper-scan",
        "mediator-1": "paper-scan",
    }


def test_the_hand_that_signs_and_the_hand_that_seals_are_two(desk: ServiceDesk) -> None:
    _, document = prepared(desk)
    path = f"/documents/{document}/seals"
    assert desk.problem("POST", path, SEAL, by="mediator") == (403, "action_forbidden")
    assert desk.problem("POST", path, SIGNATURE, by="head") == (403, "action_forbidden")
    for by in ("worker", "employer", "supervisor", "court", "union"):
        assert desk.problem("POST", path, SEAL, by=by) == (403, "forbidden")
    assert desk.problem("POST", path, SEAL, by="director") == (403, "action_forbidden")
    assert desk.problem("POST", path, {"kind": "arbitrator-signature"}, by="reviewer") == (403, "not_appointed")
    assert desk.problem("POST", path, {"kind": "emperor"}, by="head")[0] == 422
    assert desk.rows(document_seal) == []


def test_a_seal_stands_once_and_the_same_request_gives_the_same_one(desk: ServiceDesk) -> None:
    _, document = prepared(desk)
    path = f"/documents/{document}/seals"
    first = desk.post(path, SEAL, by="head", key="k1")
    assert desk.post(path, SEAL, by="head", key="k1")["id"] == first["id"]
    assert desk.problem("POST", path, SEAL, by="head", key="k2") == (409, "seal_twice")
    assert len(desk.rows(document_seal)) == 1


def test_without_a_key_nothing_is_sealed(desk: ServiceDesk) -> None:
    _, document = prepared(desk)
    with desk.work(Actor("command-line")) as uow:
        assert retire_key(uow, organisation_id=desk.organisation_id("SZ-GML-MED"))
    assert desk.problem("POST", f"/documents/{document}/seals", SEAL, by="head") == (409, "seal_key_missing")


def test_a_retired_key_s_seals_stay_good(desk: ServiceDesk) -> None:
    _, document = prepared(desk)
    desk.post(f"/documents/{document}/seals", SEAL, by="head")
    with desk.work(Actor("command-line")) as uow:
        create_key(uow, desk.bureau, "新", organisation_id=desk.organisation_id("SZ-GML-MED"))
    assert [each["state"] for each in desk.get(f"/documents/{document}/seals", by="head")["checks"]] == ["good"]


def test_neither_a_replaced_nor_a_void_paper_is_sealed(desk: ServiceDesk) -> None:
    _, document = prepared(desk)
    desk.post(f"/documents/{document}/voiding", {"reason": "错"}, by="mediator")
    assert desk.problem("POST", f"/documents/{document}/seals", SEAL, by="head") == (409, "document_not_current")
    assert scan(desk, document).get_json()["code"] == "document_not_current"


def test_an_edited_version_needs_its_seal_anew_and_a_word_file_takes_none(desk: ServiceDesk) -> None:
    _, document = prepared(desk)
    desk.post(f"/documents/{document}/seals", SEAL, by="head")

    def edit(content: bytes, name: str) -> str:
        answer = desk.call(
            "POST",
            f"/documents/{document}/versions",
            by="mediator",
            data={"reason": "补充", "file": (io.BytesIO(content), name)},
            content_type="multipart/form-data",
        )
        found: str = answer.get_json()["id"]
        return found

    word = edit(b"PK\x03\x04 word/document.xml", "a.docx")
    assert desk.get(f"/documents/{word}/seals", by="head") == {"items": [], "checks": []}
    assert desk.problem("POST", f"/documents/{word}/seals", SEAL, by="head") == (409, "pdf_unsuitable")
    pdf = edit(AGREEMENT[0], "a.pdf")
    desk.post(f"/documents/{pdf}/seals", SEAL, by="head")
    assert [each["state"] for each in desk.get(f"/documents/{pdf}/seals", by="head")["checks"]] == ["good"]


@pytest.mark.parametrize("broken", [b"%PDF-1.7 not really", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<</Root 1 0 R>>"])
def test_a_pdf_that_is_none_is_refused_with_a_sentence(desk: ServiceDesk, broken: bytes) -> None:
    _, document = prepared(desk, paper=(broken, []))
    assert desk.problem("POST", f"/documents/{document}/seals", SEAL, by="head") == (409, "pdf_unsuitable")


def test_a_changed_pdf_is_told_from_a_whole_one(desk: ServiceDesk) -> None:
    from casework.seal_checks import check_seals
    from casework.seal_keys import list_keys

    _, document = prepared(desk)
    desk.post(f"/documents/{document}/seals", SEAL, by="head")
    pdf = content(desk, document)
    with desk.begin() as connection:
        known = [each.certificate for each in list_keys(connection)]

    def states(content: bytes, certificates: Any = known) -> list[str]:
        return [each.state for each in check_seals(content, certificates, desk.clock.now())]

    assert states(pdf) == ["good"]
    assert states(pdf, []) == ["unknown-signer"]
    for at in (2000, len(AGREEMENT[0]) // 2, len(AGREEMENT[0]) - 500):
        changed = bytearray(pdf)
        changed[at] ^= 1
        assert states(bytes(changed)) in (["broken"], []), at
    assert states(b"%PDF-1.7 nothing") == []


def test_the_certificate_of_a_person_shows_no_name_and_the_private_key_is_encrypted(desk: ServiceDesk) -> None:
    prepared(desk)
    with desk.begin() as connection:
        key = open_key(connection, desk.bureau, desk.clock.now(), user_id=user_id(desk, "mediator"))
    assert "CN=mediator" in key.record.certificate.subject.rfc4514_string()
    assert all(row.private_key_sealed.startswith("aesgcm1:") for row in desk.rows(seal_key))


def archive_of(desk: ServiceDesk, passphrase: bytes = b"secret") -> bytes:
    prepared(desk)
    with desk.begin() as connection:
        key = open_key(connection, desk.bureau, desk.clock.now(), organisation_id=desk.organisation_id("SZ-GML-MED"))
    return archives.serialize_key_and_certificates(
        b"seal", key.private_key, key.record.certificate, None, BestAvailableEncryption(passphrase)
    )


def test_a_certificate_of_an_authority_seals_at_the_certified_level(desk: ServiceDesk) -> None:
    archive = archive_of(desk)
    with desk.work(Actor("command-line")) as uow:
        with pytest.raises(SealKeyInvalidError):
            import_key(uow, desk.bureau, archive, "wrong", organisation_id=desk.organisation_id("SZ-GML-MED"))
        with pytest.raises(SealKeyInvalidError):
            import_key(uow, desk.bureau, b"garbage", "x", organisation_id=desk.organisation_id("SZ-GML-MED"))
        import_key(uow, desk.bureau, archive, "secret", organisation_id=desk.organisation_id("SZ-GML-MED"))
    (row,) = [each for each in desk.rows(seal_key) if each.retired_at is None and each.organisation_id]
    assert row.level == "certified"


# --- scans -----------------------------------------------------------------------------------------------------------


def test_a_scan_of_the_original_is_kept_with_the_day_on_the_paper(desk: ServiceDesk) -> None:
    _, document = prepared(desk)
    answer = scan(desk, document)
    assert (answer.status_code, answer.get_json()["level"], answer.get_json()["signed_on"]) == (
        201,
        "paper-scan",
        "2026-03-01",
    )
    assert content(desk, document, "scan") == b"\xff\xd8\xff scan"
    assert content(desk, document) == AGREEMENT[0]
    again = scan(desk, document, kind="mediator-signature", username="mediator", by="head")
    assert again.status_code == 201, again.get_json()


@pytest.mark.parametrize(
    ("fields", "by", "status"),
    [
        ({"signed_on": "2026-03-09"}, "mediator", 422),
        ({"signed_on": "gestern"}, "mediator", 422),
        ({"kind": "mediator-signature", "username": "nobody"}, "mediator", 422),
        ({"kind": "mediator-signature", "username": "head"}, "mediator", 403),
        ({}, "clerk", 403),
        ({}, "worker", 403),
    ],
)
def test_a_scan_is_refused(desk: ServiceDesk, fields: dict[str, str], by: str, status: int) -> None:
    _, document = prepared(desk)
    user_id(desk, "head")
    assert scan(desk, document, by=by, **fields).status_code == status
    assert desk.rows(document_seal) == []


# --- a seal service outside ------------------------------------------------------------------------------------------


@pytest.fixture
def served(engine: sa.Engine, tmp_path: Path) -> Iterator[ServiceDesk]:
    yield from open_desk(engine, tmp_path, seal_gateway_url="http://127.0.0.1:1/none", seal_gateway_secret="shared")


def with_service(desk: ServiceDesk, **options: Any) -> tuple[Any, str]:
    from dataclasses import replace

    from api.runtime import Runtime, attach

    _, document = prepared(desk)
    with desk.begin() as connection:
        key = open_key(connection, desk.bureau, desk.clock.now(), organisation_id=desk.organisation_id("SZ-GML-MED"))
    service = seal_gateway("shared", key, desk.clock.now, **options).start()
    settings = replace(desk.settings, seal_gateway_url=service.url)
    attach(desk.app, Runtime(desk.platform, desk.bureau, settings))
    return service, document


def test_a_seal_service_seals_and_its_evidence_is_kept(served: ServiceDesk) -> None:
    service, document = with_service(served)
    try:
        sealed = served.post(f"/documents/{document}/seals", SEAL, by="head")
    finally:
        service.stop()
    assert (sealed["level"], sealed["provider"], sealed["evidence"]) == (
        "certified",
        "gateway",
        {"seal_id": "示例印章1"},
    )
    assert [each["state"] for each in served.get(f"/documents/{document}/seals", by="head")["checks"]] == ["good"]
    assert service.messages[0]["holder_name"] == "市中区光明路街道劳动人事争议调解中心"


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("500", (503, "seal_service_unavailable")),
        ("garbage", (503, "seal_service_unavailable")),
        ("hang-up", (503, "seal_service_unavailable")),
        ("422:certificate-revoked", (409, "seal_service_refused")),
    ],
)
def test_a_seal_service_that_fails_leaves_the_paper_as_it_is(served: ServiceDesk, word: str, expected: Any) -> None:
    service, document = with_service(served)
    service.script.append(word)
    try:
        assert served.problem("POST", f"/documents/{document}/seals", SEAL, by="head", key="k") == expected
        assert served.rows(document_seal) == []
        assert served.post(f"/documents/{document}/seals", SEAL, by="head", key="k")["provider"] == "gateway"
    finally:
        service.stop()


def test_a_seal_service_that_changes_the_paper_is_not_believed(served: ServiceDesk) -> None:
    service, document = with_service(served, is_forger=True)
    try:
        told = served.problem("POST", f"/documents/{document}/seals", SEAL, by="head")
    finally:
        service.stop()
    assert told == (503, "seal_service_unavailable")
    assert served.rows(document_seal) == []
