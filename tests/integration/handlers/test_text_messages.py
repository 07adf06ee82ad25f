"""Links and codes on their way to a telephone: sent once, tried again, given up, and kept nowhere."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from casework.gateway_signatures import SigningKey
from casework.party_access import invite_party, request_session_code
from casework.queries.read_dispute import read_parties
from casework.store.tables import notification
from casework.work import PlainWork
from engine.domain.actor import Actor
from handlers.settings import HandlerSettings, SmsSettings
from handlers.text_messages import send_text_messages
from tests.integration.casework.office import Office, person
from tests.twins.signed_gateway import SignedGateway
from tests.twins.sms_gateway import sms_gateway

SECRET = "shared"


@pytest.fixture
def office(engine: sa.Engine, tmp_path: Path) -> Office:
    return Office(engine, tmp_path)


@pytest.fixture
def phone(office: Office) -> Iterator[SignedGateway]:
    server = sms_gateway(SECRET, now=office.clock.now).start()
    yield server
    server.stop()


def settings(phone: SignedGateway) -> HandlerSettings:
    sms = SmsSettings(phone.url, SigningKey(SECRET), 2.0)
    return HandlerSettings(fonts=(), brand="听竹", address="https://case.example.cn", sms=sms)


def invite(office: Office) -> Any:
    """Register a dispute and send its applicant a link."""
    done = office.register(applicants=(person(phone="138 0000 0001"),))
    with office.as_user("window") as uow:
        party_id = read_parties(uow.connection, office.bureau, done.case_id)[0].party_id
        return invite_party(uow, office.bureau, done.case_id, party_id, is_sent=True)


def send(office: Office, told: HandlerSettings) -> int:
    return send_text_messages(office.engine.begin, office.bureau, office.platform.ids, told, office.clock)


def states(office: Office) -> list[str]:
    return [row.state for row in office.rows(notification, notification.c.channel == "sms")]


def link_in(text: str) -> str:
    return text.partition("#link=")[2][:32]


def ask(office: Office, link: str) -> None:
    with office.engine.begin() as connection:
        work = PlainWork(connection, Actor("anonymous"), office.clock.now(), office.platform.ids)
        request_session_code(work, office.bureau, link, "here")


def test_a_link_and_then_a_code_arrive_on_the_telephone(office: Office, phone: SignedGateway) -> None:
    invite(office)
    assert send(office, settings(phone)) == 1
    (first,) = phone.messages
    assert first["to"] == "13800000001"
    assert first["text"].startswith("【听竹】枣劳人登〔")
    assert "https://case.example.cn/app/party#link=" in first["text"]
    ask(office, link_in(first["text"]))
    assert send(office, settings(phone)) == 1
    assert phone.messages[1]["text"][4:10].isdecimal()
    assert send(office, settings(phone)) == 0
    assert states(office) == ["delivered", "delivered"]


def test_a_gateway_in_trouble_delays_a_message_and_a_refusal_ends_it(office: Office, phone: SignedGateway) -> None:
    invite(office)
    phone.script.extend(["503", "503"])
    assert send(office, settings(phone)) == 0
    assert states(office) == ["pending"]
    phone.script.clear()
    assert send(office, settings(phone)) == 1
    invite(office)
    phone.script.append("400")
    assert send(office, settings(phone)) == 0
    assert states(office) == ["delivered", "failed"]


def test_a_code_that_has_run_out_and_a_link_that_was_replaced_are_not_sent(
    office: Office, phone: SignedGateway
) -> None:
    first = invite(office)
    with office.as_user("window") as uow:
        case_id = office.rows(notification)[-1].case_id
        second = invite_party(uow, office.bureau, case_id, first.party_id, is_sent=True)
    assert send(office, settings(phone)) == 1
    assert sorted(states(office)) == ["delivered", "failed"]
    assert second.state == "open"
    ask(office, link_in(phone.messages[0]["text"]))
    office.clock.advance(timedelta(minutes=11))
    assert send(office, settings(phone)) == 0
    assert sorted(states(office)) == ["delivered", "failed", "failed"]


def test_without_a_gateway_a_message_fails_and_a_demonstration_writes_it_down(office: Office, tmp_path: Path) -> None:
    invite(office)
    assert send(office, HandlerSettings(fonts=(), brand="听竹")) == 0
    assert states(office) == ["failed"]
    invite(office)
    told = HandlerSettings(fonts=(), brand="听竹", demo_messages=tmp_path / "messages.txt")
    assert send(office, told) == 1
    assert "13800000001 【听竹】" in (tmp_path / "messages.txt").read_text("utf-8")
