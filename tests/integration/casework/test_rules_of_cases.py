"""A due date says 参照 where a rule does not bind the organisation that has the case, and follows it when it changes."""

import pytest

from casework.deadline_recounts import run_recounts
from casework.organisations import assign_organisation
from casework.store.tables import deadline_recount, organisation
from engine.domain.actor import Actor
from engine.store.tables import user_task
from tests.bpmn_builder import END, file, node, process
from tests.bpmn_builder import START as START_EVENT
from tests.integration.casework.office import Office

ACCEPTED = file(
    process(
        "dispute",
        START_EVENT,
        END,
        node("userTask", "assign", camunda_candidateGroups="window-clerk"),
        node(
            "userTask",
            "mediate",
            camunda_candidateGroups="mediator",
            camunda_dueDate='${deadline("MED-15R", received_on)}',
        ),
        "start>assign",
        "assign>mediate",
        "mediate>end",
    )
)


def why(office: Office) -> str:
    """Return why the open mediation is due when it is due."""
    (task,) = office.rows(user_task, user_task.c.element_id == "mediate")
    told: str = task.due_explanation["explanation"]
    return told


def organisation_of(office: Office, kind: str) -> str:
    """Return the code of an organisation of this kind that can take the case."""
    rows = office.rows(organisation, organisation.c.kind == kind, organisation.c.accepts)
    return str(next(row.code for row in rows if row.area_path.startswith("370400/370402/") or row.code == "SZ-GML-MED"))


@pytest.fixture
def mediating(office: Office) -> Office:
    office.deploy(ACCEPTED)
    return office


def give(office: Office, case_id: object, code: str) -> None:
    with office.as_user("window") as uow:
        assign_organisation(uow, case_id, office.organisation_id(code), "test")  # type: ignore[arg-type]


def test_a_rule_of_enterprises_is_followed_by_analogy_in_a_street(mediating: Office) -> None:
    registered = mediating.register()
    give(mediating, registered.case_id, organisation_of(mediating, "street"))
    mediating.complete("assign")
    assert "参照：《企业劳动争议协商调解规定》第二十九条" in why(mediating)
    assert mediating.rows(deadline_recount) == []


def test_a_case_that_goes_to_another_kind_of_organisation_keeps_the_old_citation(mediating: Office) -> None:
    registered = mediating.register()
    give(mediating, registered.case_id, organisation_of(mediating, "enterprise"))
    mediating.complete("assign")
    assert "依据：《企业劳动争议协商调解规定》第二十九条" in why(mediating)
    give(mediating, registered.case_id, organisation_of(mediating, "street"))
    run_recounts(lambda: mediating.work(Actor("system")))
    assert "参照：《企业劳动争议协商调解规定》第二十九条" in why(mediating)
