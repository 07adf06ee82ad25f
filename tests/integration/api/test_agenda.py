"""The agenda and its calendar feeds: the right people's days, a secret that can be taken back, and nobody's name."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from icalendar import Calendar

from casework.encryption import place
from casework.organisations import assign_organisation
from casework.store.tables import appointment, calendar_feed, statement, user_account
from engine.domain.actor import Actor
from engine.store.tables import job, user_task
from tests.integration.api.service_desk import ServiceDesk

RANGE = "first=2026-03-01&last=2026-03-31"


def session(desk: ServiceDesk, at: str = "2026-03-10T01:30:00+00:00", state: str = "completed") -> dict[str, Any]:
    """Register a case, give it to the street's mediators, and write a notice of a session as its job would stand."""
    case = desk.case()
    desk.token("mediator")
    case_id = UUID(case["id"])
    with desk.work(Actor("user:window")) as uow:
        assign_organisation(uow, case_id, desk.organisation_id("SZ-GML-MED"), "nearest")
        ids = desk.platform.ids
        statement_id = ids()
        uow.connection.execute(
            sa.insert(statement).values(
                id=statement_id, case_id=case_id, name="mediation_place", recorded_at=uow.now, recorded_by="user:mediator",
                content=desk.bureau.keyring.seal("二楼第一调解室", place("statement", "content", statement_id)),
            )
        )  # fmt: skip
        (account,) = uow.connection.execute(sa.select(user_account).where(user_account.c.username == "mediator"))
        uow.connection.execute(
            sa.insert(appointment).values(
                id=ids(), case_id=case_id, role="mediator", user_id=account.id, appointed_at=uow.now, appointed_by="user:window"
            )
        )  # fmt: skip
        uow.connection.execute(
            sa.insert(job).values(
                id=ids(), case_id=case_id, instance_id=UUID(case["instance_id"]), token_id=None, process_key="mediation",
                element_id="n", element_name="出具调解通知书", job_type="render-document",
                input={"kind": "mediation-session-notice", "held_at": {"$type": "datetime", "value": at}},
                state=state, retry_delays=[], retries_left=0, run_at=uow.now, created_at=uow.now,
            )
        )  # fmt: skip
        uow.connection.execute(
            sa.update(user_task)
            .where(user_task.c.case_id == case_id)
            .values(due_at=datetime(2026, 3, 12, 16, tzinfo=UTC), assignee="user:mediator", state="assigned")
        )
    return case


def days(desk: ServiceDesk, by: str, query: str = RANGE, whose: str = "me") -> list[tuple[str, str]]:
    items = desk.get(f"/agenda?{query}&whose={whose}", by=by)["items"]
    return [(item["what"], item["day"]) for item in items]


def test_an_agenda_shows_sessions_and_due_days_of_those_they_concern(desk: ServiceDesk) -> None:
    case = session(desk)
    both = [("session", "2026-03-10"), ("user-task", "2026-03-12")]
    assert days(desk, "mediator") == both
    assert days(desk, "head") == []
    assert days(desk, "head", whose="organisation") == both
    assert days(desk, "supervisor", whose="organisation") == both
    assert days(desk, "tengzhou", whose="organisation") == days(desk, "clerk", whose="organisation") == []
    assert days(desk, "mediator", "first=2026-03-11&last=2026-03-11") == []
    assert days(desk, "mediator", "first=2026-03-12&last=2026-03-12") == [("user-task", "2026-03-12")]
    first, last = desk.get(f"/agenda?{RANGE}", by="mediator")["items"]
    assert (last["assignee"], last["assignee_name"]) == ("mediator", "mediator")
    assert (first["number"], first["place"], first["at"]) == (
        case["number"],
        "二楼第一调解室",
        "2026-03-10T09:30:00+08:00",
    )


def test_a_session_whose_notice_was_canceled_is_not_on_the_agenda(desk: ServiceDesk) -> None:
    session(desk, state="canceled")
    assert days(desk, "mediator") == [("user-task", "2026-03-12")]


def test_a_range_that_cannot_be_is_refused(desk: ServiceDesk) -> None:
    for query in (
        "first=2026-03-02&last=2026-03-01",
        "first=2026-01-01&last=2026-12-31",
        "first=x&last=2026-01-01",
        "",
    ):
        assert desk.problem("GET", f"/agenda?{query}", by="mediator") == (422, "request_invalid")


def test_a_feed_is_read_with_its_secret_names_nobody_and_ends_when_it_is_taken_back(desk: ServiceDesk) -> None:
    case = session(desk)
    made = desk.post("/calendar-feeds", {"whose": "me"}, by="mediator")
    secret = made["path"].split("/")[-2]
    assert secret not in str(desk.rows(calendar_feed))
    answer = desk.call("GET", made["path"], by=None)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    events = Calendar.from_ical(answer.data).walk("VEVENT")
    assert [str(event["summary"]) for event in events] == [f"{case['number']} 调解", f"{case['number']} 到期 a"]
    assert (events[0].decoded("dtstart"), str(events[0]["location"])) == (
        datetime(2026, 3, 10, 1, 30, tzinfo=UTC),
        "二楼第一调解室",
    )
    assert events[1].decoded("dtstart").isoformat() == "2026-03-12"
    text = answer.data.decode()
    assert all(name not in text for name in ("张三", "某某机械", "李四", "mediator"))
    assert all(len(line) <= 75 for line in answer.data.split(b"\r\n"))
    assert [each["id"] for each in desk.get("/calendar-feeds", by="mediator")["items"]] == [made["id"]]
    assert desk.get("/calendar-feeds", by="head")["items"] == []
    assert desk.problem("DELETE", f"/calendar-feeds/{made['id']}", by="head") == (404, "not_found")
    assert desk.call("DELETE", f"/calendar-feeds/{made['id']}", by="mediator").status_code == 204
    assert desk.problem("GET", made["path"], by=None) == (404, "not_found")


def test_a_feed_ends_with_its_owners_account_and_a_guess_finds_nothing(desk: ServiceDesk) -> None:
    session(desk)
    made = desk.post("/calendar-feeds", {}, by="mediator")
    with desk.begin() as connection:
        connection.execute(sa.update(user_account).where(user_account.c.username == "mediator").values(is_active=False))
    assert desk.problem("GET", made["path"], by=None) == (404, "not_found")
    assert desk.problem("GET", "/calendar-feeds/guess/content", by=None) == (404, "not_found")
