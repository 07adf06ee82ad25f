"""court-filing against a real gateway that misbehaves, and the court's way back."""

import base64
import hashlib
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from casework.court_filings import list_court_filings
from casework.gateway_signatures import SigningKey, verify_signature
from casework.store.tables import court_filing
from engine.domain.ids import counting_source
from engine.store.tables import history
from handlers.errors import JobFailedError
from handlers.registry import HandlerJob
from handlers.settings import CourtSettings
from tests.integration.casework.office import company, person
from tests.integration.handlers.desk import Desk, one_job
from tests.twins.court_gateway import call_back, court_gateway
from tests.twins.signed_gateway import SignedGateway, system_now

SECRET = "shared"
new_id = counting_source(1000)


@pytest.fixture
def court() -> Iterator[SignedGateway]:
    server = court_gateway(SECRET).start()
    yield server
    server.stop()


def desk(engine: sa.Engine, var: Path, court: SignedGateway | None, *, catch: str = "", secret: str = SECRET) -> Desk:
    """Return a desk with a case whose application and agreement are made, and the filing waiting."""
    settings = CourtSettings(court.url, SigningKey(secret), 1.0) if court else None
    outputs = {"filed_as": "${court_filing_number}"}
    office = Desk(engine, var, one_job("court-filing", {}, outputs, retry="PT1S,PT1S", catch=catch), court=settings)
    if court:
        court._now = office.clock.now
    return office


def with_papers(office: Desk, *kinds: str) -> UUID:
    case_id = office.agreed(
        applicants=(person("示例甲", id_number="11010519491231002X"),), respondents=(company("示例机械有限公司"),)
    )
    for kind in kinds or ("mediation-agreement", "confirmation-application"):
        job = HandlerJob(new_id(), case_id, f"{case_id}:{kind}", 1)
        office.definitions["render-document"].run(office.context(), job, {"kind": kind})
    return case_id


def again(office: Desk) -> Any:
    """Let the next attempt come due and make it."""
    office.clock.advance(timedelta(seconds=2))
    return office.do()


def test_the_application_is_filed_with_its_papers_and_numbered(
    engine: sa.Engine, tmp_path: Path, court: SignedGateway
) -> None:
    office = desk(engine, tmp_path, court)
    case_id = with_papers(office)
    assert office.do() == "completed", office.the_job().failure
    (filing,) = court.messages
    assert filing["kind"] == "judicial-confirmation"
    assert [party["name"] for party in filing["applicants"]] == ["示例甲", "示例机械有限公司"]
    assert filing["agreement_effective_on"] == "2026-03-02"
    assert [document["kind"] for document in filing["documents"]] == ["confirmation-application", "mediation-agreement"]
    for document in filing["documents"]:
        assert hashlib.sha256(base64.b64decode(document["content"])).hexdigest() == document["sha256"]
    with office.begin() as connection:
        (kept,) = list_court_filings(connection, case_id)
    assert kept.court_filing_number == office.result()["court_filing_number"] == "（2026）示例法收1号"
    assert kept.state == "filed"


def test_the_proof_that_the_organisation_presided_goes_with_the_application(
    engine: sa.Engine, tmp_path: Path, court: SignedGateway
) -> None:
    office = desk(engine, tmp_path, court)
    with_papers(office, "mediation-proof", "mediation-agreement", "confirmation-application")
    assert office.do() == "completed", office.the_job().failure
    kinds = [document["kind"] for document in court.messages[0]["documents"]]
    assert kinds == ["confirmation-application", "mediation-agreement", "mediation-proof"]


@pytest.mark.parametrize("words", [["500", "503"], ["slow:1.5", "garbage"], ["hang-up", "429"]])
def test_a_court_out_of_reach_twice_gets_the_filing_once_in_the_end(
    engine: sa.Engine, tmp_path: Path, court: SignedGateway, words: list[str]
) -> None:
    court.script.extend(words)
    office = desk(engine, tmp_path, court)
    case_id = with_papers(office)
    assert [office.do(), again(office), again(office)] == ["failed", "failed", "completed"]
    assert len(court.messages) == 1
    with office.begin() as connection:
        assert len(list_court_filings(connection, case_id)) == 1


def test_a_court_never_reached_becomes_an_incident(engine: sa.Engine, tmp_path: Path, court: SignedGateway) -> None:
    court.script.extend(["500"] * 3)
    office = desk(engine, tmp_path, court)
    with_papers(office)
    assert [office.do(), again(office), again(office)] == ["failed"] * 3
    assert "法院网关暂不可用（HTTP 500）" in office.incidents()[0].message


def test_a_refusal_for_good_takes_the_path_of_the_diagram(
    engine: sa.Engine, tmp_path: Path, court: SignedGateway
) -> None:
    court.script.append("422:not-competent")
    office = desk(engine, tmp_path, court, catch="court-rejected")
    with_papers(office)
    assert office.do() == "threw"
    assert office.open_tasks() == ["by-hand"]
    (thrown,) = office.rows(history, history.c.kind == "bpmn-error-thrown")
    assert thrown.values["court_rejection_code"] == "not-competent"


def test_without_a_gateway_a_person_files_on_paper(engine: sa.Engine, tmp_path: Path) -> None:
    office = desk(engine, tmp_path, None, catch="court-gateway-not-configured")
    with_papers(office)
    assert office.do() == "threw"
    assert office.open_tasks() == ["by-hand"]


@pytest.mark.parametrize("word", ["401", "403", "404"])
def test_a_gateway_set_up_wrongly_is_an_incident_at_once_and_no_refusal(
    engine: sa.Engine, tmp_path: Path, court: SignedGateway, word: str
) -> None:
    court.script.append(word)
    office = desk(engine, tmp_path, court, catch="court-rejected")
    with_papers(office)
    assert office.do() == "failed"
    assert "请检查网关地址和密钥" in office.incidents()[0].message


def test_a_wrong_secret_is_refused_by_the_gateway(engine: sa.Engine, tmp_path: Path, court: SignedGateway) -> None:
    office = desk(engine, tmp_path, court, secret="other")
    with_papers(office)
    assert office.do() == "failed"
    assert court.messages == []
    assert "other" not in office.incidents()[0].message


def test_a_paper_that_was_never_made_is_named(engine: sa.Engine, tmp_path: Path, court: SignedGateway) -> None:
    office = desk(engine, tmp_path, court)
    with_papers(office, "mediation-agreement")
    assert office.do() == "failed"
    assert "confirmation-application" in office.incidents()[0].message


@pytest.mark.parametrize(("ground", "is_sent"), [("continue", False), ("continue,may-be-used", True)])
def test_a_confidential_record_reaches_the_court_only_when_both_parties_released_it(
    engine: sa.Engine, tmp_path: Path, court: SignedGateway, ground: str, is_sent: bool
) -> None:
    office = desk(engine, tmp_path, court)
    case_id = with_papers(office)
    made = office.definitions["render-document"].run(
        office.context(), HandlerJob(new_id(), case_id, "record", 1), {"kind": "negotiation-record", "ground": ground}
    )
    job = HandlerJob(new_id(), case_id, "filing", 1)
    asked = {"document_ids": [made["document_id"]]}
    if is_sent:
        assert office.definitions["court-filing"].run(office.context(), job, asked)["court_filing_number"]
        return
    with pytest.raises(JobFailedError, match="《协商记录》保密，没有双方书面同意"):
        office.definitions["court-filing"].run(office.context(), job, asked)
    assert office.rows(court_filing) == []


def test_the_court_calls_back_signed() -> None:
    seen: list[tuple[dict[str, str], bytes]] = []

    class Office(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            seen.append((dict(self.headers.items()), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Office)
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    status = call_back(f"http://127.0.0.1:{server.server_address[1]}/", SECRET, "（2026）示例法收1号", "confirmed")
    thread.join()
    server.server_close()
    ((headers, body),) = seen
    assert status == 204
    assert verify_signature(SigningKey(SECRET), headers, body, system_now())
