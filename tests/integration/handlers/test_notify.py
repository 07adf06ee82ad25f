"""notify through real channels: each delivers once, however the others fare."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from casework.gateway_signatures import SigningKey
from casework.notifications import list_notifications
from casework.store.tables import notification, party
from engine.store.tables import history
from handlers.settings import SmsSettings, SmtpSettings
from tests.integration.casework.office import company, person
from tests.integration.handlers.desk import Desk, one_job
from tests.twins.mail_server import MailServer
from tests.twins.signed_gateway import SignedGateway
from tests.twins.sms_gateway import sms_gateway

SECRET = "shared"
WORKER = person("示例甲", phone="13800000001", email="jia@example.cn")
EMPLOYER = company("示例机械有限公司", phone="13900000002", email="hr@example.cn")


@pytest.fixture
def mail() -> Iterator[MailServer]:
    server = MailServer().start()
    yield server
    server.stop()


@pytest.fixture
def phone() -> Iterator[SignedGateway]:
    server = sms_gateway(SECRET).start()
    yield server
    server.stop()


@pytest.fixture
def rooms(engine: sa.Engine, tmp_path: Path, mail: MailServer, phone: SignedGateway) -> "Rooms":
    return Rooms(engine, tmp_path, mail, phone)


class Rooms:
    """Opens desks with both channels configured."""

    def __init__(self, engine: sa.Engine, var: Path, mail: MailServer, phone: SignedGateway) -> None:
        self._engine, self._var, self._mail, self._phone = engine, var, mail, phone

    def open(self, inputs: dict[str, str], **settings: Any) -> Desk:
        channels = {
            "smtp": SmtpSettings("127.0.0.1", self._mail.port, "tingzhu@example.cn", "none", timeout_seconds=2.0),
            "sms": SmsSettings(self._phone.url, SigningKey(SECRET), 2.0),
        }
        template = one_job("notify", inputs, {"told": "${notification_ids}"}, retry="PT1S,PT1S,PT1S")
        desk = Desk(self._engine, self._var, template, **(channels | settings))
        self._phone._now = desk.clock.now
        return desk


def told(desk: Desk) -> list[tuple[str, str]]:
    """Return channel and state of every notification, sorted."""
    return sorted((row.channel, row.state) for row in desk.rows(notification))


def again(desk: Desk) -> Any:
    """Let the next attempt come due and make it."""
    desk.clock.advance(timedelta(seconds=2))
    return desk.do()


def test_a_party_is_told_in_the_system_by_mail_and_by_short_message(
    rooms: Rooms, mail: MailServer, phone: SignedGateway
) -> None:
    desk = rooms.open({"template": "dispute-registered", "recipient": "applicants"})
    done = desk.register(applicants=(WORKER,), respondents=(EMPLOYER,))
    assert desk.do() == "completed"
    assert told(desk) == [("email", "delivered"), ("in-app", "delivered"), ("sms", "delivered")]
    (letter,) = mail.mails
    assert letter["To"] == "jia@example.cn"
    assert letter["Subject"] == f"【听竹】案件已登记（{done.number}）"
    assert letter.get_content().startswith("示例甲：")
    (message,) = phone.messages
    assert message["to"] == "13800000001"
    assert message["text"].startswith(f"【听竹】{done.number}（")
    assert len(desk.result()["notification_ids"]) == 3


def test_a_channel_that_fails_twice_does_not_repeat_the_others(
    rooms: Rooms, mail: MailServer, phone: SignedGateway
) -> None:
    phone.script.extend(["500", "garbage"])
    desk = rooms.open({"template": "case-closed", "recipient": "applicants"})
    desk.register(applicants=(WORKER,), respondents=(EMPLOYER,))
    assert desk.do() == "failed"
    assert "短信网关" in desk.the_job().failure
    assert again(desk) == "failed"
    assert again(desk) == "completed"
    assert told(desk) == [("email", "delivered"), ("in-app", "delivered"), ("sms", "delivered")]
    assert (len(mail.mails), len(phone.messages)) == (1, 1)


def test_an_answer_that_got_lost_does_not_send_the_message_again(rooms: Rooms, phone: SignedGateway) -> None:
    phone.script.append("slow:0.6")  # it is taken, but the answer comes too late
    desk = rooms.open(
        {"template": "case-closed", "recipient": "applicants"},
        smtp=None,
        sms=SmsSettings(phone.url, SigningKey(SECRET), 0.3),
    )
    desk.register(applicants=(WORKER,), respondents=(EMPLOYER,))
    assert desk.do() == "failed"
    assert again(desk) == "completed"
    assert len(phone.requests) == 2
    assert len(phone.messages) == 1


def test_an_address_refused_for_good_is_marked_and_does_not_stop_the_rest(rooms: Rooms, mail: MailServer) -> None:
    mail.script.append("550 no such user")
    desk = rooms.open({"template": "case-closed", "recipient": "parties", "channels": "email"})
    desk.register(applicants=(WORKER,), respondents=(EMPLOYER,))
    assert desk.do() == "completed"
    assert told(desk) == [
        ("email", "delivered"),
        ("email", "failed"),
        ("in-app", "delivered"),
        ("in-app", "delivered"),
    ]


def test_without_any_channel_people_are_still_told_in_the_system(rooms: Rooms) -> None:
    desk = rooms.open({"template": "case-closed", "recipient": "worker, employer"}, smtp=None, sms=None)
    desk.register(applicants=(WORKER,), respondents=(EMPLOYER,))
    assert desk.do() == "completed"
    assert told(desk) == [("in-app", "delivered")] * 2


def test_a_role_means_its_users_who_see_the_case_and_each_is_told_once(rooms: Rooms) -> None:
    desk = rooms.open(
        {"template": "task-overdue", "recipient": "supervisor,user:boss,supervisor", "due_on": "2026-03-09"},
        smtp=None,
        sms=None,
    )
    boss = desk.user("boss", "supervisor", area="370402")
    desk.user("stranger", "supervisor", area="370481")
    desk.register(applicants=(WORKER,), respondents=(EMPLOYER,))
    assert desk.do() == "completed"
    with desk.begin() as connection:
        (seen,) = list_notifications(connection, boss)
    assert seen.facts["due_on"] == "2026年3月9日"
    assert len(desk.rows(notification)) == 1


ITEM = {
    "content": "支付拖欠工资",
    "cause_code": "wages",
    "amount": "1000.00",
    "payer_party_id": "respondent-1",
    "payee_party_id": "applicant-1",
}


@pytest.mark.parametrize(
    ("promised", "recipient", "sides"),
    [
        ({"agreement_items": [ITEM]}, "payers", ["respondent"]),
        ({"agreement_items": [ITEM]}, "payees", ["applicant"]),
        (
            {"agreement_items": [ITEM], "instalments": [{"amount": "1000", "due_on": "2026-04-01"}]},
            "payers",
            ["respondent"],
        ),
        ({"agreement_terms": "支付1000元。", "agreement_amount": "1000"}, "payers", ["applicant", "respondent"]),
        ({"agreement_terms": "支付1000元。", "agreement_amount": "1000"}, "payees", []),
        ({"settlement_items": [ITEM]}, "payers", ["respondent"]),
    ],
)
def test_what_falls_due_is_told_to_who_pays_and_what_is_awaited_to_who_is_paid(
    rooms: Rooms, promised: dict[str, Any], recipient: str, sides: list[str]
) -> None:
    desk = rooms.open({"template": "performance-due-soon", "recipient": recipient}, smtp=None, sms=None)
    case_id = desk.register(applicants=(WORKER,), respondents=(EMPLOYER,)).case_id
    with desk.as_user("mediator") as uow:
        desk.platform.host.record_inputs(
            uow.connection, case_id, promised, actor_id=uow.actor.id, now=uow.now, reason=None
        )
    assert desk.do() == "completed", desk.the_job().failure
    told_parties = {row.party_id for row in desk.rows(notification)}
    assert sorted(row.side for row in desk.rows(party) if row.id in told_parties) == sides


@pytest.mark.parametrize(
    ("inputs", "named"),
    [
        ({"template": "nonsense", "recipient": "worker"}, "没有这个通知模板"),
        ({"template": "case-closed", "recipient": "postman"}, "postman"),
        ({"template": "case-closed", "recipient": ""}, "不是接收人"),
        ({"template": "case-closed", "recipient": "worker", "channels": "pigeon"}, "pigeon"),
        ({"template": "case-closed", "recipient": "user:nobody"}, "nobody"),
        ({"template": "case-closed", "recipient": "party:00000000-0000-0000-0000-000000000001"}, "不是本案当事人"),
    ],
)
def test_a_notice_to_nobody_or_about_nothing_fails_for_good_and_says_why(
    rooms: Rooms, inputs: dict[str, str], named: str
) -> None:
    desk = rooms.open(inputs)
    desk.register(applicants=(WORKER,), respondents=(EMPLOYER,))
    assert desk.do() == "failed"
    assert named in desk.incidents()[0].message
    assert desk.rows(notification) == []


def test_neither_text_nor_address_is_kept(rooms: Rooms, phone: SignedGateway) -> None:
    phone.script.append("500")
    desk = rooms.open({"template": "case-closed", "recipient": "parties"})
    desk.register(applicants=(WORKER,), respondents=(EMPLOYER,))
    desk.do()
    kept = "".join(str(row) for table in (notification, history) for row in desk.rows(table))
    for personal in ("示例甲", "13800000001", "jia@example.cn", "已办结"):
        assert personal not in kept
