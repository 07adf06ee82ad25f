"""render-document on a real case."""

import hashlib
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from casework.documents import rendering_key, request_reissue
from casework.errors import ActionForbiddenError, ReasonMissingError
from casework.queries.documents import list_documents, read_document, read_document_content
from casework.store.tables import document, issued_number
from engine.store.history import verify
from engine.store.tables import history
from handlers.papers.content import PAPERS
from handlers.registry import HandlerJob
from tests.integration.casework.office import person
from tests.integration.handlers.desk import Desk, one_job


def desk(engine: sa.Engine, tmp_path: Path, kind: str) -> Desk:
    return Desk(engine, tmp_path, one_job("render-document", {"kind": kind}, {"paper": "${number}"}))


EACH_SORT = ("mediation-agreement", "award", "mediation-record", "service-receipt", "archive-index")
"""Numbered by the organisation and by the arbitration institution, confidential, one page a party, of other papers."""


@pytest.mark.parametrize("kind", EACH_SORT)
def test_a_paper_is_numbered_stored_and_attested(engine: sa.Engine, tmp_path: Path, kind: str) -> None:
    office = desk(engine, tmp_path, kind)
    office.agreed()
    assert office.do() == "completed", office.the_job().failure
    (stored,) = office.rows(document)
    with office.begin() as connection:
        found = read_document_content(connection, office.bureau, stored.id)
    assert found.content.startswith(b"%PDF-")
    assert found.record.title == PAPERS[kind].title
    assert stored.number == office.result()["number"]
    assert office.result()["number"]
    assert stored.is_confidential == PAPERS[kind].is_confidential
    assert stored.sha256 == hashlib.sha256(found.content).hexdigest()
    (told,) = office.rows(history, history.c.kind == "document-stored")
    assert told.facts["sha256"] == stored.sha256
    with office.begin() as connection:
        verify(connection, stored.case_id)
    assert office.open_tasks() == ["done"]


def test_the_same_key_twice_gives_the_same_paper_under_the_same_number(engine: sa.Engine, tmp_path: Path) -> None:
    office = desk(engine, tmp_path, "mediation-agreement")
    case_id = office.agreed()
    definition = office.definitions["render-document"]
    job = HandlerJob(office.the_job().id, case_id, "one-key", 1)
    first = definition.run(office.context(), job, {"kind": "mediation-agreement"})
    office.clock.advance(timedelta(days=400))
    assert definition.run(office.context(), job, {"kind": "mediation-agreement"}) == first
    assert len(office.rows(document)) == 1
    assert len(office.rows(issued_number)) == 1


def test_a_paper_that_lacks_something_says_what_and_takes_no_number(engine: sa.Engine, tmp_path: Path) -> None:
    office = desk(engine, tmp_path, "mediation-agreement")
    office.register()
    assert office.do() == "failed"
    (incident,) = office.incidents()
    assert "调解组织、调解协议内容" in incident.message
    assert office.rows(issued_number) == []


def test_no_name_reaches_variables_or_history(engine: sa.Engine, tmp_path: Path) -> None:
    office = desk(engine, tmp_path, "mediation-agreement")
    office.agreed(applicants=(person("独一无二的姓名", address="独一无二的地址"),))
    assert office.do() == "completed"
    with office.begin() as connection:
        told = connection.execute(sa.text("select string_agg(h::text, '') from history h")).scalar_one()
        kept = connection.execute(sa.text("select string_agg(p::text, '') from process_instance p")).scalar_one()
    assert "独一无二" not in told + kept


def test_an_unknown_kind_of_paper_fails_for_good_and_lists_the_known_ones(engine: sa.Engine, tmp_path: Path) -> None:
    office = desk(engine, tmp_path, "poem")
    office.agreed()
    assert office.do() == "failed"
    assert "mediation-agreement" in office.incidents()[0].message


@pytest.mark.parametrize("kind", ["mediation-agreement", "mediation-session-notice"])
def test_a_paper_made_anew_for_a_reason_is_its_next_version(engine: sa.Engine, tmp_path: Path, kind: str) -> None:
    office = desk(engine, tmp_path, kind)
    case_id = office.agreed()
    assert office.do() == "completed", office.the_job().failure
    (first,) = office.rows(document)
    with office.as_user("mediator") as uow:
        with pytest.raises(ReasonMissingError):
            request_reissue(uow, office.bureau, first.id, " ", "again")
        request_reissue(uow, office.bureau, first.id, "当事人住址更正", "again")
    definition = office.definitions["render-document"]
    job = HandlerJob(office.the_job().id, case_id, "again", 1)
    answer = definition.run(office.context(), job, {"kind": kind})
    assert definition.run(office.context(), job, {"kind": kind}) == answer
    with office.begin() as connection:
        old, new = list_documents(connection, office.bureau, case_id)
    assert (old.state, old.superseded_by) == ("superseded", new.id)
    assert (new.version, new.number, new.reason) == (2, old.number, "当事人住址更正")
    assert rendering_keys(office, new.id) == "again"


@pytest.mark.parametrize(("ground", "is_read"), [("meeting,continue", False), ("meeting,continue,may-be-used", True)])
def test_a_record_of_negotiation_leaves_the_circle_of_the_parties_only_with_both_consents(
    engine: sa.Engine, tmp_path: Path, ground: str, is_read: bool
) -> None:
    office = Desk(engine, tmp_path, one_job("render-document", {"kind": "negotiation-record", "ground": ground}))
    case_id = office.agreed()
    assert office.do() == "completed", office.the_job().failure
    (stored,) = office.rows(document)
    reviewer = office.user("reviewer-of-the-case", "reviewer", area="370402", organisation="SZ-ARB")
    with office.begin() as connection:
        listed = list_documents(connection, office.bureau, case_id, reviewer)
        assert [each.id for each in listed] == ([stored.id] if is_read else [])
        if is_read:
            assert read_document(connection, office.bureau, reviewer, stored.id).content.startswith(b"%PDF-")
        else:
            with pytest.raises(ActionForbiddenError):
                read_document(connection, office.bureau, reviewer, stored.id)


def rendering_keys(office: Desk, document_id: UUID) -> str:
    with office.begin() as connection:
        return rendering_key(connection, document_id)
