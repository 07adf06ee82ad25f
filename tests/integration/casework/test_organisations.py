"""Who is competent, who gets a case, and how the stage of a dispute follows its process."""

from uuid import UUID

import pytest

from casework.commands.register_dispute import RegisteredDispute
from casework.errors import NoCompetentOrganisationError, OrganisationUnsuitableError
from casework.organisations import (
    assign_organisation,
    competent_organisation,
    get_organisation,
    list_organisations,
    send_to,
    synchronise_site,
)
from casework.queries.get_dispute import list_stage_changes
from casework.store.tables import dispute, organisation
from engine.domain.actor import Actor
from engine.domain.errors import NotFoundError
from engine.domain.resource import Resource
from engine.store.tables import history
from tests.bpmn_builder import END, call, file, node, process
from tests.bpmn_builder import START as START_EVENT
from tests.integration.casework.office import LINCHENG, TENGZHOU, XINGREN, Office, person


@pytest.mark.parametrize(
    ("kind", "area", "code"),
    [
        ("arbitration", "370402006", "SZ-ARB"),
        ("arbitration", "370404001", "ZZ-ARB"),
        ("arbitration", "370403002", "ZZ-ARB"),
        ("arbitration", "370400", "ZZ-ARB"),
        ("court", "370481001", "TZ-COURT"),
        ("union", "370481001", "TZ-UNION"),
        ("street", "370402006", "SZ-GML-MED"),
        ("street", "370402001", None),
        ("regional", "370402001", "SZ-MED"),
        ("regional", "370403002", "GX-MED"),
    ],
)
def test_the_nearest_body_up_the_tree_is_competent(office: Office, kind: str, area: str, code: str | None) -> None:
    with office.begin() as connection:
        found = competent_organisation(connection, kind, office.bureau.site.areas[area].path)
    assert (found.code if found else None) == code


def test_a_body_that_does_not_accept_is_passed_over(office: Office) -> None:
    with office.begin() as connection:
        connection.execute(organisation.update().where(organisation.c.code == "SZ-ARB").values(accepts=False))
        found = competent_organisation(connection, "arbitration", office.bureau.site.areas["370402006"].path)
    assert found is not None
    assert found.code == "ZZ-ARB"


def test_organisations_are_listed_with_their_open_cases(office: Office) -> None:
    done = office.register()
    with office.as_user("window") as uow:
        assign_organisation(uow, done.case_id, office.organisation_id("SZ-GML-MED"), "street")
    with office.begin() as connection:
        area = office.bureau.site.areas["370402"].path
        found = {each.code: each.open_cases for each in list_organisations(connection, area_path=area, kind="street")}
        assert found == {"SZ-GML-MED": 1, "SZ-LSL-MED": 0}
        connection.execute(dispute.update().values(stage="closed"))
        assert all(each.open_cases == 0 for each in list_organisations(connection))


def test_an_assignment_is_in_history_with_its_rule_and_once(office: Office) -> None:
    done = office.register()
    for _ in range(2):
        with office.as_user("window") as uow:
            found = assign_organisation(uow, done.case_id, office.organisation_id("SZ-GML-MED"), "street")
    assert (found.code, found.kind_number) == ("SZ-GML-MED", 3)
    (event,) = office.rows(history, history.c.kind == "organisation-assigned")
    assert (event.facts["organisation_code"], event.facts["rule"]) == ("SZ-GML-MED", "street")
    with office.as_user("window") as uow:
        assign_organisation(uow, done.case_id, office.organisation_id("ZZ-MED"), "worker-choice")
    *_, event = office.rows(history, history.c.kind == "organisation-assigned")
    assert event.facts["previous_organisation_id"] == str(office.organisation_id("SZ-GML-MED"))


@pytest.mark.parametrize(
    ("code", "problem"),
    [("ZZ-COURT", "no mediation organisation"), ("XC-LC-MED", "does not serve"), ("SZ-LSL-MED", "does not serve")],
)
def test_a_body_that_cannot_mediate_the_case_is_refused(office: Office, code: str, problem: str) -> None:
    done = office.register()
    with pytest.raises(OrganisationUnsuitableError, match=problem), office.as_user("window") as uow:
        assign_organisation(uow, done.case_id, office.organisation_id(code), "worker-choice")


def test_a_closed_organisation_gets_no_case(office: Office) -> None:
    done = office.register()
    with office.begin() as connection:
        connection.execute(organisation.update().where(organisation.c.code == "SZ-GML-MED").values(accepts=False))
    with pytest.raises(OrganisationUnsuitableError, match="does not accept"), office.as_user("window") as uow:
        assign_organisation(uow, done.case_id, office.organisation_id("SZ-GML-MED"), "street")


def test_a_case_goes_to_the_competent_body_or_to_the_named_one(office: Office) -> None:
    done = office.register(area_code=TENGZHOU)
    with office.as_user("window") as uow:
        assert send_to(uow, done.case_id, "arbitration").code == "TZ-ARB"
        assert send_to(uow, done.case_id, "arbitration", office.organisation_id("ZZ-ARB")).code == "ZZ-ARB"
        assert send_to(uow, done.case_id, "arbitration", office.organisation_id("ZZ-ARB")).code == "ZZ-ARB"
        with pytest.raises(OrganisationUnsuitableError):
            send_to(uow, done.case_id, "court", office.organisation_id("ZZ-ARB"))
    sent = [event.facts["organisation_code"] for event in office.rows(history, history.c.kind == "case-sent")]
    assert sent == ["TZ-ARB", "ZZ-ARB"]


def test_where_nobody_is_competent_the_area_is_named(office: Office) -> None:
    done = office.register()
    with office.begin() as connection:
        connection.execute(organisation.update().where(organisation.c.kind == "court").values(accepts=False))
    with pytest.raises(NoCompetentOrganisationError, match="370402006"), office.as_user("window") as uow:
        send_to(uow, done.case_id, "court")


def test_an_unknown_organisation_or_case_is_not_found(office: Office) -> None:
    with office.as_user("window") as uow:
        with pytest.raises(NotFoundError):
            get_organisation(uow.connection, UUID(int=1))
        with pytest.raises(NotFoundError):
            assign_organisation(uow, UUID(int=1), office.organisation_id("ZZ-MED"), "x")
        with pytest.raises(NotFoundError):
            send_to(uow, UUID(int=1), "court")


def test_starting_again_changes_no_organisation_and_mends_a_changed_one(office: Office) -> None:
    before = office.rows(organisation)
    with office.work(Actor("system")) as uow:
        synchronise_site(uow, office.bureau, with_demo=True)
    assert office.rows(organisation) == before
    with office.begin() as connection:
        connection.execute(organisation.update().where(organisation.c.code == "SZ-MED").values(name="旧名"))
    with office.work(Actor("system")) as uow:
        synchronise_site(uow, office.bureau, with_demo=True)
    assert [row.name for row in office.rows(organisation)] == [row.name for row in before]


# --- the stage follows the process -----------------------------------------------------------------------------------


CHAIN = file(
    process(
        "dispute",
        START_EVENT,
        END,
        call("n", "negotiation"),
        call("m", "mediation"),
        call("r", "arbitration-review"),
        call("j", "judicial-confirmation"),
        call("p", "payment-order"),
        "start>n",
        "n>m",
        "m>r",
        "r>j",
        "j>p",
        "p>end",
    )
)
CALLED = [
    Resource(
        f"{key}.bpmn",
        file(
            process(
                key,
                START_EVENT,
                END,
                node("userTask", f"at-{key}", camunda_candidateGroups="mediator"),
                f"start>at-{key}",
                f"at-{key}>end",
            )
        ),
    )
    for key in ("negotiation", "mediation", "arbitration-review", "judicial-confirmation", "payment-order")
]


@pytest.fixture
def chained(office: Office) -> RegisteredDispute:
    office.deploy(CHAIN, *CALLED)
    return office.register(area_code=XINGREN)


def stages(office: Office, done: RegisteredDispute) -> list[str]:
    with office.begin() as connection:
        return [change["code"] for change in list_stage_changes(connection, done.case_id)]


def test_the_stage_follows_the_called_processes(office: Office, chained: RegisteredDispute) -> None:
    assert stages(office, chained) == ["registered", "neg_requested"]
    office.complete("at-negotiation")
    assert stages(office, chained)[-1] == "med_received"
    assert office.rows(dispute)[0].stage == "med_received"


def test_a_body_sees_the_case_when_its_stage_begins_and_not_before(office: Office, chained: RegisteredDispute) -> None:
    def bodies() -> tuple[bool, bool]:
        (row,) = office.rows(dispute)
        return row.arbitration_organisation_id is not None, row.court_id is not None

    office.complete("at-negotiation")
    assert bodies() == (False, False)
    office.complete("at-mediation")
    assert bodies() == (True, False)
    office.complete("at-arbitration-review")
    assert bodies() == (True, False)  # the parties choose the court that is to confirm, and its process sends the case
    office.complete("at-judicial-confirmation")
    assert bodies() == (True, True)
    (row,) = office.rows(dispute)
    assert row.arbitration_organisation_id == office.organisation_id("ZZ-ARB")
    assert row.court_id == office.organisation_id("ZZ-COURT")


def test_the_institution_chosen_by_hand_is_kept_when_the_stage_begins(
    office: Office, chained: RegisteredDispute
) -> None:
    with office.as_user("window") as uow:
        send_to(uow, chained.case_id, "arbitration", office.organisation_id("XC-ARB"))
    office.complete("at-negotiation")
    office.complete("at-mediation")
    assert office.rows(dispute)[0].arbitration_organisation_id == office.organisation_id("XC-ARB")


def test_another_dispute_does_not_move_along(office: Office, chained: RegisteredDispute) -> None:
    other = office.register(area_code=LINCHENG, applicants=(person("钱七"),))
    office.complete("at-negotiation")
    assert sorted((stages(office, chained)[-1], stages(office, other)[-1])) == ["med_received", "neg_requested"]


def test_a_process_that_ran_to_its_end_without_outcome_keeps_its_last_stage(
    office: Office, chained: RegisteredDispute
) -> None:
    for key in ("negotiation", "mediation", "arbitration-review", "judicial-confirmation", "payment-order"):
        office.complete(f"at-{key}")
    assert stages(office, chained)[-1] == "jc_applied"
