"""Mail and gateways against real servers that misbehave."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from casework.gateway import DeliveryDelayedError, DeliveryRefusedError, Gateway, post_signed
from casework.gateway_signatures import SigningKey
from handlers.channels.mail import send_mail
from handlers.channels.sms import send_sms
from handlers.settings import SmsSettings, SmtpSettings
from tests.twins.mail_server import MailServer
from tests.twins.signed_gateway import SignedGateway
from tests.twins.sms_gateway import sms_gateway

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SECRET = "shared"


@pytest.fixture
def gateway() -> Iterator[SignedGateway]:
    server = sms_gateway(SECRET, now=lambda: NOW).start()
    yield server
    server.stop()


@pytest.fixture
def mail() -> Iterator[MailServer]:
    server = MailServer().start()
    yield server
    server.stop()


def sms(server: SignedGateway, timeout_seconds: float = 2.0) -> SmsSettings:
    return SmsSettings(server.url, SigningKey(SECRET), timeout_seconds)


def smtp(server: MailServer, port: int | None = None) -> SmtpSettings:
    return SmtpSettings("127.0.0.1", port or server.port, "tingzhu@example.cn", "none", timeout_seconds=2.0)


def test_a_short_message_reaches_the_gateway_signed(gateway: SignedGateway) -> None:
    assert send_sms(sms(gateway), "13800000001", "您好", "k-1", NOW) == "sms-1"
    assert gateway.messages == [{"to": "13800000001", "text": "您好"}]


def test_a_repeated_request_is_taken_once(gateway: SignedGateway) -> None:
    first = send_sms(sms(gateway), "13800000001", "您好", "k-1", NOW)
    assert send_sms(sms(gateway), "13800000001", "您好", "k-1", NOW) == first
    assert len(gateway.requests) == 2
    assert len(gateway.messages) == 1


@pytest.mark.parametrize("word", ["500", "503", "429", "408", "302", "garbage", "hang-up", "huge"])
def test_a_gateway_in_trouble_delays_the_message(gateway: SignedGateway, word: str) -> None:
    gateway.script.append(word)
    with pytest.raises(DeliveryDelayedError, match="短信网关"):
        send_sms(sms(gateway), "13800000001", "您好", "k-1", NOW)
    assert send_sms(sms(gateway), "13800000001", "您好", "k-1", NOW) == "sms-1"


@pytest.mark.parametrize("word", ["slow:3", "drip"])
def test_a_slow_gateway_is_given_up_within_its_time(gateway: SignedGateway, word: str) -> None:
    gateway.script.append(word)
    begun = time.monotonic()
    with pytest.raises(DeliveryDelayedError, match="超时"):
        send_sms(sms(gateway, timeout_seconds=0.4), "13800000001", "您好", "k-1", NOW)
    assert time.monotonic() - begun < 2


def test_a_gateway_that_is_not_there_delays_the_message(gateway: SignedGateway) -> None:
    gateway.stop()
    with pytest.raises(DeliveryDelayedError, match="无法连接"):
        send_sms(sms(gateway), "13800000001", "您好", "k-1", NOW)


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "http://[", "nonsense"])
def test_an_address_that_is_none_delays_the_message(url: str) -> None:
    with pytest.raises(DeliveryDelayedError, match="无法连接"):
        post_signed(Gateway("短信网关", url, SigningKey(SECRET), 1.0), b"{}", "k-1", NOW)


@pytest.mark.parametrize(
    ("word", "status", "code"),
    [("400", 400, "refused"), ("422:number-unknown", 422, "number-unknown"), ("403:示例甲不存在", 403, None)],
)
def test_a_refusal_carries_status_and_a_harmless_code(
    gateway: SignedGateway, word: str, status: int, code: str | None
) -> None:
    gateway.script.append(word)
    with pytest.raises(DeliveryRefusedError) as refused:
        send_sms(sms(gateway), "13800000001", "您好", "k-1", NOW)
    assert (refused.value.status, refused.value.code) == (status, code)
    assert "13800000001" not in str(refused.value)


def test_a_gateway_with_another_secret_refuses(gateway: SignedGateway) -> None:
    with pytest.raises(DeliveryRefusedError) as refused:
        send_sms(SmsSettings(gateway.url, SigningKey("other"), 2.0), "13800000001", "您好", "k-1", NOW)
    assert refused.value.status == 401


def test_a_mail_arrives_with_its_words(mail: MailServer) -> None:
    message_id = send_mail(smtp(mail), "jia@example.cn", "案件已登记", "示例甲：\n\n您好。\n", "k-1", NOW)
    (received,) = mail.mails
    assert received["Subject"] == "案件已登记"
    assert received["Message-ID"] == message_id
    assert received["Date"].endswith("+0800")
    assert received.get_content().splitlines() == ["示例甲：", "", "您好。"]
    assert mail.recipients == ["jia@example.cn"]


def test_a_repeated_mail_has_the_same_message_id(mail: MailServer) -> None:
    ids = {send_mail(smtp(mail), "jia@example.cn", "s", "t", key, NOW) for key in ("k-1", "k-1", "k-2")}
    assert len(ids) == 2


@pytest.mark.parametrize(
    ("reply", "error"), [("450 busy", DeliveryDelayedError), ("550 no such user", DeliveryRefusedError)]
)
def test_what_the_mail_server_says_decides_whether_to_try_again(
    mail: MailServer, reply: str, error: type[Exception]
) -> None:
    mail.script.append(reply)
    with pytest.raises(error) as failed:
        send_mail(smtp(mail), "jia@example.cn", "s", "t", "k-1", NOW)
    assert "jia@" not in str(failed.value)
    assert mail.mails == []


@pytest.mark.parametrize("address", ["nobody", "a@example.cn\r\nBcc: b@example.cn", "a@example.cn\nX: 1", ""])
def test_an_impossible_address_is_refused_and_adds_no_header(mail: MailServer, address: str) -> None:
    with pytest.raises(DeliveryRefusedError):
        send_mail(smtp(mail), address, "s", "t", "k-1", NOW)
    assert mail.mails == []


def test_a_mail_server_that_is_not_there_delays_the_mail(mail: MailServer) -> None:
    port = mail.port
    mail.stop()
    with pytest.raises(DeliveryDelayedError, match="无法连接"):
        send_mail(smtp(mail, port), "jia@example.cn", "s", "t", "k-1", NOW)


def test_a_server_without_tls_gets_no_mail_when_tls_is_asked_for(mail: MailServer) -> None:
    settings = SmtpSettings("127.0.0.1", mail.port, "t@example.cn", "starttls", timeout_seconds=2.0)
    with pytest.raises(DeliveryDelayedError, match="加密"):
        send_mail(settings, "jia@example.cn", "s", "t", "k-1", NOW)
    assert mail.mails == []
