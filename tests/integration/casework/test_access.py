"""Who sees which case, and who may do what with it."""

from dataclasses import dataclass
from uuid import UUID

import pytest
import sqlalchemy as sa

from casework.access import (
    Viewer,
    candidate_groups,
    case_scope,
    has_case_scope,
    in_scope,
    is_operator,
    log_case_access,
    may,
    may_globally,
    require,
    require_globally,
    roles_in_scope,
)
from casework.commands.register_dispute import RegisteredDispute
from casework.errors import ActionForbiddenError
from casework.organisations import assign_organisation, send_to
from casework.store.tables import case_access, dispute
from casework.users import viewer_for_username
from engine.domain.errors import ForbiddenError, NotFoundError
from tests.integration.casework.office import GML, LINCHENG, LSL, TENGZHOU, XINGREN, Office, lawyer, person


@dataclass
class Cases:
    """Five disputes in five streets; the first is with a mediator, an arbitration institution and a court."""

    gml: RegisteredDispute
    lsl: RegisteredDispute
    lincheng: RegisteredDispute
    xingren: RegisteredDispute
    tengzhou: RegisteredDispute


@pytest.fixture
def cases(office: Office) -> Cases:
    office.user("worker-a", "worker")
    office.user("lawyer-a", "worker")
    party = person(username="worker-a", agents=(lawyer(username="lawyer-a"),))
    found = Cases(
        gml=office.register(area_code=GML, applicants=(party,)),
        lsl=office.register(area_code=LSL, applicants=(person("乙"),)),
        lincheng=office.register(area_code=LINCHENG, applicants=(person("丙"),)),
        xingren=office.register(area_code=XINGREN, applicants=(person("丁"),)),
        tengzhou=office.register(area_code=TENGZHOU, applicants=(person("戊"),)),
    )
    with office.as_user("window") as uow:
        assign_organisation(uow, found.gml.case_id, office.organisation_id("SZ-GML-MED"), "street")
        send_to(uow, found.gml.case_id, "arbitration")
        send_to(uow, found.gml.case_id, "court")
    return found


ALL = {"gml", "lsl", "lincheng", "xingren", "tengzhou"}


SIGHTS = (
    # what it shows, username of a party or None for a new account, roles, area, organisation, cases seen
    ("a party sees the own case", "worker-a", None, None, None, {"gml"}),
    ("an agent sees the party's case", "lawyer-a", None, None, None, {"gml"}),
    ("another worker sees nothing", None, ["worker"], None, None, set()),
    ("an employer's area opens nothing", None, ["employer"], GML, None, set()),
    ("a mediator sees the organisation's cases", None, ["mediator"], GML, "SZ-GML-MED", {"gml"}),
    ("another organisation's mediator", None, ["mediator"], "370400", "SZ-LSL-MED", set()),
    ("a mediator without organisation", None, ["mediator"], "370400", None, set()),
    ("the organisation's head", None, ["organisation-head"], GML, "SZ-GML-MED", {"gml"}),
    ("arbitration: cases sent to it", None, ["arbitration-clerk"], "370402", "SZ-ARB", {"gml"}),
    ("another institution's clerk", None, ["arbitration-clerk"], "370400", "ZZ-ARB", set()),
    ("reviewer", None, ["reviewer"], "370402", "SZ-ARB", {"gml"}),
    ("director", None, ["arbitration-director"], "370402", "SZ-ARB", {"gml"}),
    ("court: cases before it", None, ["court-liaison"], "370402", "SZ-COURT", {"gml"}),
    ("another court", None, ["court-liaison"], "370403", "XC-COURT", set()),
    ("window clerk: own area and below", None, ["window-clerk"], "370402", None, {"gml", "lsl"}),
    ("a window clerk without area", None, ["window-clerk"], None, None, set()),
    ("union: area and assigned", None, ["union-station"], "370400", "ZZ-UNION", ALL - {"tengzhou"}),
    ("union of a district", None, ["union-station"], "370402", "ZZ-UNION", {"gml", "lsl"}),
    ("the nearest union station", None, ["union-station"], "370400", "TZ-UNION", {"tengzhou"}),
    ("union without station", None, ["union-station"], "370400", None, set()),
    ("the city sees all", None, ["supervisor"], "370400", None, ALL),
    ("a district sees its own", None, ["supervisor"], "370402", None, {"gml", "lsl"}),
    ("not the streets of the zone", None, ["supervisor"], "370403", None, {"lincheng"}),
    ("the zone sees its streets", None, ["supervisor"], "3704GX", None, {"xingren"}),
    ("a street sees itself", None, ["supervisor"], GML, None, {"gml"}),
    ("a supervisor without area sees nothing", None, ["supervisor"], None, None, set()),
    ("designers see no case", None, ["designer"], "370400", "ZZ-HRSS", set()),
    ("administrators see no case", None, ["admin"], "370400", "ZZ-HRSS", set()),
    ("two roles", None, ["mediator", "supervisor"], "370403", "SZ-GML-MED", {"gml", "lincheng"}),
)


def test_lists_show_exactly_the_cases_in_scope(office: Office, cases: Cases) -> None:
    names = {getattr(cases, name).case_id: name for name in ALL}
    found, expected = {}, {}
    for number, (what, username, roles, area, organisation, visible) in enumerate(SIGHTS):
        viewer = _viewer(office, username or f"user-{number}", roles, area, organisation)
        with office.begin() as connection:
            listed = connection.execute(sa.select(dispute.c.case_id).where(case_scope(viewer))).scalars()
            found[what] = {names[case_id] for case_id in listed}
            single = {name for case_id, name in names.items() if in_scope(connection, viewer, case_id)}
        expected[what] = visible
        assert single == found[what], f"{what}: the list and the single case disagree"
    assert found == expected


def _viewer(
    office: Office, username: str, roles: list[str] | None, area: str | None, organisation: str | None
) -> Viewer:
    if roles is not None:
        return office.user(username, *roles, area=area, organisation=organisation)
    with office.begin() as connection:
        found = viewer_for_username(connection, username)
    assert found is not None
    return found


def test_whoever_registered_a_case_keeps_seeing_it_outside_the_area(office: Office, cases: Cases) -> None:
    clerk = office.user("window", "window-clerk", area="370404")
    with office.begin() as connection:
        assert in_scope(connection, clerk, cases.tengzhou.case_id)


def test_a_percent_sign_in_an_area_opens_nothing(office: Office, cases: Cases) -> None:
    viewer = Viewer(UUID(int=1), "x", frozenset({"supervisor"}), "%", "%", None)
    with office.begin() as connection:
        assert not in_scope(connection, viewer, cases.gml.case_id)


RIGHTS = (
    # roles, area, organisation, allowed, refused
    (["window-clerk"], "370400", None, {"read", "work", "transfer", "audit"}, {"operate", "read-confidential"}),
    (["mediator"], GML, "SZ-GML-MED", {"read", "work", "read-confidential"}, {"operate", "transfer"}),
    (["organisation-head"], GML, "SZ-GML-MED", {"work", "transfer"}, {"read-confidential", "operate"}),
    (["reviewer"], "370402", "SZ-ARB", {"work", "read-document"}, {"read-confidential"}),
    (["court-liaison"], "370402", "SZ-COURT", {"work"}, {"transfer", "operate"}),
    (["union-station"], "370400", "ZZ-UNION", {"read", "work"}, {"correct-event-date", "audit"}),
    (["supervisor"], "370400", None, {"read", "operate", "correct-event-date", "audit"}, {"work", "add-document"}),
    (["designer"], "370400", None, set(), {"read", "work", "operate", "audit"}),
    (["admin"], "370400", None, set(), {"read", "operate", "audit", "read-document"}),
)


def test_what_a_role_may_do_with_a_case_in_its_scope(office: Office, cases: Cases) -> None:
    found, expected = {}, {}
    for number, (roles, area, organisation, allowed, refused) in enumerate(RIGHTS):
        viewer = office.user(f"user-{number}", *roles, area=area, organisation=organisation)
        with office.begin() as connection:
            rights = {action for action in allowed | refused if may(connection, viewer, action, cases.gml.case_id)}
        found[roles[0]], expected[roles[0]] = rights, allowed
    assert found == expected


def test_a_right_in_one_scope_is_no_right_in_the_scope_of_another_role(office: Office, cases: Cases) -> None:
    viewer = office.user("two", "mediator", "supervisor", area="370403", organisation="SZ-GML-MED")
    with office.begin() as connection:
        assert may(connection, viewer, "read-confidential", cases.gml.case_id)
        assert not may(connection, viewer, "read-confidential", cases.lincheng.case_id)
        assert roles_in_scope(connection, viewer, cases.gml.case_id) == {"mediator"}
        assert roles_in_scope(connection, viewer, cases.lincheng.case_id) == {"supervisor"}


def test_a_stranger_is_not_told_that_the_case_exists(office: Office, cases: Cases) -> None:
    stranger = office.user("stranger", "worker")
    with office.begin() as connection:
        with pytest.raises(NotFoundError):
            require(connection, stranger, "read", cases.gml.case_id)
        with pytest.raises(NotFoundError):
            require(connection, stranger, "read", UUID(int=7))


def test_whoever_sees_a_case_is_told_which_right_is_missing(office: Office, cases: Cases) -> None:
    supervisor = office.user("city", "supervisor", area="370400")
    with office.begin() as connection, pytest.raises(ActionForbiddenError, match="work"):
        require(connection, supervisor, "work", cases.gml.case_id)


@pytest.mark.parametrize(
    ("role", "actions"),
    [
        ("designer", {"deploy"}),
        ("admin", {"deploy", "operate", "manage-users"}),
        ("supervisor", {"operate", "register"}),
        ("window-clerk", {"register"}),
        ("worker", {"register"}),
        ("employer", set()),
        ("reviewer", set()),
    ],
)
def test_what_a_role_may_do_without_a_case(role: str, actions: set[str]) -> None:
    viewer = Viewer(UUID(int=1), "x", frozenset({role}), None, None, None)
    known = ("register", "deploy", "operate", "manage-users")
    assert {action for action in known if may_globally(viewer, action)} == actions
    assert is_operator(viewer) == ("operate" in actions)
    if "deploy" not in actions:
        with pytest.raises(ForbiddenError):
            require_globally(viewer, "deploy")


def test_a_supervisor_claims_no_user_tasks() -> None:
    viewer = Viewer(UUID(int=1), "x", frozenset({"supervisor", "mediator", "admin"}), None, None, None)
    assert candidate_groups(viewer) == ["mediator"]
    assert has_case_scope(viewer)
    assert not has_case_scope(Viewer(UUID(int=1), "x", frozenset({"admin"}), None, None, None))


def test_only_a_supervisor_s_reading_is_written_down(office: Office, cases: Cases) -> None:
    supervisor = office.user("city", "supervisor", area="370400")
    clerk = office.user("win", "window-clerk", area="370400")
    with office.as_user("city") as uow:
        log_case_access(uow, supervisor, cases.gml.case_id, "read")
        log_case_access(uow, clerk, cases.gml.case_id, "read")
    (row,) = office.rows(case_access)
    assert (row.case_id, row.user_id, row.purpose, row.at) == (
        cases.gml.case_id,
        supervisor.user_id,
        "read",
        office.clock.now(),
    )


def test_an_unknown_role_in_the_database_opens_nothing(office: Office, cases: Cases) -> None:
    viewer = Viewer(UUID(int=1), "x", frozenset({"king"}), "370400", "370400/", None)
    with office.begin() as connection:
        assert not in_scope(connection, viewer, cases.gml.case_id)
        assert not may(connection, viewer, "read", cases.gml.case_id)
        assert roles_in_scope(connection, viewer, cases.gml.case_id) == frozenset()
