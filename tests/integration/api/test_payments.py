"""The ledger of performance over HTTP: recorded at any time, summed up exactly, withdrawn with a reason."""

from decimal import Decimal
from uuid import uuid4

import pytest

from tests.integration.api.service_desk import ServiceDesk

PLAN = [{"amount": "5000.10", "due_on": "2026-03-20"}, {"amount": "7000.05", "due_on": "2026-04-20"}]


def planned(desk: ServiceDesk) -> str:
    case_id: str = desk.case()["id"]
    with desk.as_user("window") as uow:
        values = {"instalments": PLAN}
        desk.platform.host.record_inputs(uow.connection, case_id, values, actor_id="x", now=uow.now, reason=None)
    return case_id


def paid(*amounts: str, on: str = "2026-03-01", **more) -> dict:
    return {"payments": [{"amount": amount, "paid_on": on, **more} for amount in amounts]}


def test_a_fen_is_lost_between_payments_and_instalments(desk: ServiceDesk) -> None:
    case_id = planned(desk)
    told = desk.post(f"/cases/{case_id}/payments", paid("5000", "0.10", note="转账"))
    assert (told["state"], told["paid"], told["outstanding"]) == ("partial", "5000.10", "7000.05")
    assert [(row["outstanding"], row["settled_on"]) for row in told["instalments"]] == [
        ("0.00", "2026-03-01"),
        ("7000.05", None),
    ]
    told = desk.post(f"/cases/{case_id}/payments", paid("7000.06"))
    assert (told["state"], told["outstanding"], Decimal(told["overpaid"])) == ("complete", "0.00", Decimal("0.01"))
    last = next(each for each in told["payments"] if each["amount"] == "7000.06")
    path = f"/cases/{case_id}/payments/{last['id']}/withdrawal"
    told = desk.post(path, {"reason": "重复登记"})
    assert (told["state"], told["outstanding"]) == ("partial", "7000.05")
    (gone,) = (each for each in told["payments"] if not each["is_current"])
    assert (gone["reason"], gone["recorded_by"]) == ("重复登记", "window")
    assert desk.problem("POST", path, {"reason": "再撤"}) == (409, "payment_gone")
    assert desk.problem("POST", path, {"reason": ""}) == (422, "request_invalid")
    path = f"/cases/{case_id}/payments/{uuid4()}/withdrawal"
    assert desk.problem("POST", path, {"reason": "无"}) == (404, "not_found")
    assert {each["note"] for each in desk.get(f"/cases/{case_id}/payments", by="supervisor")["payments"]} == {
        "转账",
        None,
    }


def test_the_same_request_twice_records_two_payments(desk: ServiceDesk) -> None:
    case_id = planned(desk)
    for _ in range(2):
        told = desk.post(f"/cases/{case_id}/payments", paid("1"), key="once")
        assert len(told["payments"]) == 1


def test_a_case_without_known_instalments_takes_no_payment(desk: ServiceDesk) -> None:
    case_id = desk.case()["id"]
    told = desk.post(f"/cases/{case_id}/payments", paid("1.50"))
    assert (told["state"], told["paid"], told["instalments"]) == (None, "1.50", [])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"payments": []}, "request_invalid"),
        (paid("0"), "input_invalid"),
        (paid("-1"), "input_invalid"),
        (paid("0.001"), "input_invalid"),
        (paid("NaN"), "request_invalid"),
        (paid("1e400"), "input_invalid"),
        (paid("1", on="2031-01-01"), "input_invalid"),
        (paid("1", on="2001-01-01"), "input_invalid"),
        (paid("1", position=3), "input_invalid"),
        (paid("1", proof=str(uuid4())), "input_invalid"),
        ({"payments": [{"amount": "1"}]}, "request_invalid"),
    ],
)
def test_a_payment_that_cannot_be_is_recorded(desk: ServiceDesk, body: dict, code: str) -> None:
    case_id = planned(desk)
    assert desk.problem("POST", f"/cases/{case_id}/payments", body) == (422, code)
    assert desk.get(f"/cases/{case_id}/payments")["payments"] == []


@pytest.mark.parametrize(("by", "status"), [("worker", 403), ("designer", 403), ("tengzhou", 404), ("mediator", 404)])
def test_somebody_records_payments_in_a_case_that_is_not_theirs(desk: ServiceDesk, by: str, status: int) -> None:
    case_id = planned(desk)
    assert desk.problem("POST", f"/cases/{case_id}/payments", paid("1"), by=by)[0] == status
    assert desk.problem("POST", f"/cases/{case_id}/payments/{uuid4()}/withdrawal", {"reason": "x"}, by=by)[0] == status
    assert desk.problem("GET", f"/cases/{case_id}/payments", by="tengzhou")[0] == 404
    assert desk.problem("GET", f"/cases/{case_id}/payments", by="designer")[0] == 403
