"""What each viewer reads of a dispute, alone and in lists."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest

from casework.commands.register_dispute import RegisteredDispute
from casework.named_inputs import keep_inputs
from casework.organisations import assign_organisation, send_to
from casework.queries.get_dispute import find_case_id, get_dispute
from casework.queries.list_disputes import DisputeFilters, list_disputes
from casework.registration import NewClaim
from engine.domain.errors import NotFoundError
from tests.integration.casework.office import GML, TENGZHOU, Office, company, lawyer, person

NUMBER = "11010519491231002X"


@pytest.fixture
def registered(office: Office) -> RegisteredDispute:
    office.user("worker-a", "worker")
    office.user("employer-a", "employer")
    done = office.register(
        applicants=(
            person("张三丰", id_number=NUMBER, username="worker-a", agents=(lawyer("王五", id_number=NUMBER),)),
            person("赵六", id_number="440308199901101512"),
        ),
        respondents=(company("某某机械有限公司", phone="06321234567", username="employer-a"),),
    )
    with office.as_user("window") as uow:
        assign_organisation(uow, done.case_id, office.organisation_id("SZ-GML-MED"), "street")
        send_to(uow, done.case_id, "arbitration")
        keep_inputs(
            uow.connection,
            office.bureau,
            uow.ids,
            done.case_id,
            {
                "mediation_record": "张三丰让步到一万元。",
                "agreement_terms": "一、支付工资。\n\n二、不再追究。",
                "instalments": [{"amount": "9000", "due_on": date(2026, 4, 1)}],
                "performance_method": "转账",
            },
            actor_id="user:mediator",
            now=uow.now,
            reason=None,
        )
    return done


def view(office: Office, case_id, *roles: str, area: str | None = None, organisation: str | None = None, user=None):
    viewer = user or office.user("viewer", *roles, area=area, organisation=organisation)
    with office.begin() as connection:
        return get_dispute(connection, office.bureau, viewer, case_id, office.clock.now())


def account(office: Office, username: str):
    from casework.users import viewer_for_username

    with office.begin() as connection:
        found = viewer_for_username(connection, username)
    assert found is not None
    return found


def test_a_mediator_reads_everything_in_clear(office: Office, registered: RegisteredDispute) -> None:
    seen = view(office, registered.case_id, "mediator", area=GML, organisation="SZ-GML-MED")
    first, second, employer = seen["parties"]
    assert (first["name"], first["id_number"], first["phone"]) == ("张三丰", NUMBER, "13800000000")
    assert first["agents"][0]["id_number"] == NUMBER
    assert second["id_number"] == "440308199901101512"
    assert employer["legal_representative"] == "李四"
    assert seen["statements"]["mediation_record"] == "张三丰让步到一万元。"
    assert seen["stage"] == {"code": "registered", "zh": "已登记", "en": "Registered"}
    assert seen["organisation"]["code"] == "SZ-GML-MED"
    assert seen["arbitration"]["code"] == "SZ-ARB"
    assert [claim["amount"] for claim in seen["claims"]] == ["18000.00"]
    assert [task["element_id"] for task in seen["open_user_tasks"]] == ["a"]


def test_an_agreement_is_told_term_by_term_with_its_instalments(office: Office, registered: RegisteredDispute) -> None:
    agreement = view(office, registered.case_id, "window-clerk", area="370400")["agreement"]
    assert agreement["kind"] == "mediation"
    assert agreement["terms"] == ["一、支付工资。", "二、不再追究。"]
    assert agreement["performance_method"] == "转账"
    assert [(row["amount"], row["due_on"]) for row in agreement["instalments"]] == [("9000.00", "2026-04-01")]


@pytest.mark.parametrize(
    ("roles", "area", "organisation"),
    [
        (("supervisor",), "370400", None),
        (("window-clerk",), "370400", None),
        (("organisation-head",), GML, "SZ-GML-MED"),
        (("reviewer",), "370402", "SZ-ARB"),
        (("union-station",), "370400", "ZZ-UNION"),
    ],
)
def test_confidential_notes_stay_between_parties_and_mediator(
    office: Office, registered: RegisteredDispute, roles: tuple[str, ...], area: str, organisation: str | None
) -> None:
    seen = view(office, registered.case_id, *roles, area=area, organisation=organisation)
    assert "让步" not in json.dumps(seen, ensure_ascii=False)
    assert "agreement_terms" in seen["statements"]


@pytest.mark.parametrize(
    ("role", "area", "organisation"),
    [("supervisor", "370400", None), ("union-station", "370400", "ZZ-UNION")],
)
def test_identity_numbers_are_masked_for_those_who_only_watch(
    office: Office, registered: RegisteredDispute, role: str, area: str, organisation: str | None
) -> None:
    seen = view(office, registered.case_id, role, area=area, organisation=organisation)
    text = json.dumps(seen, ensure_ascii=False)
    assert NUMBER not in text
    assert "440308199901101512" not in text
    assert seen["parties"][0]["name"] == "张三丰"
    assert seen["parties"][0]["id_number"] == "1101**********002X"


def test_a_party_reads_its_own_data_in_full_and_the_other_persons_masked(
    office: Office, registered: RegisteredDispute
) -> None:
    first, second, employer = view(office, registered.case_id, user=account(office, "worker-a"))["parties"]
    assert (first["is_own"], first["id_number"], first["phone"]) == (True, NUMBER, "13800000000")
    assert (second["is_own"], second["id_number"], second["phone"]) == (False, "4403**********1512", "138******00")
    assert (employer["name"], employer["phone"]) == ("某某机械有限公司", "06321234567")


def test_the_other_party_does_not_read_the_worker_s_number(office: Office, registered: RegisteredDispute) -> None:
    seen = view(office, registered.case_id, user=account(office, "employer-a"))
    assert NUMBER not in json.dumps(seen, ensure_ascii=False)
    assert seen["parties"][2]["is_own"]


@pytest.mark.parametrize("role", ["designer", "admin", "worker"])
def test_whoever_has_no_business_with_the_case_finds_nothing(
    office: Office, registered: RegisteredDispute, role: str
) -> None:
    viewer = office.user("viewer", role, area="370400")
    with office.begin() as connection:
        with pytest.raises(NotFoundError):
            get_dispute(connection, office.bureau, viewer, registered.case_id, office.clock.now())
        with pytest.raises(NotFoundError):
            find_case_id(connection, viewer, registered.business_key)


def test_a_case_is_found_by_id_business_key_and_number(office: Office, registered: RegisteredDispute) -> None:
    viewer = office.user("viewer", "supervisor", area="370400")
    with office.begin() as connection:
        for key in (str(registered.case_id), registered.business_key, registered.number):
            assert find_case_id(connection, viewer, key) == registered.case_id
        for key in ("ZZ202699999", "00000000-0000-0000-0000-000000000001", ""):
            with pytest.raises(NotFoundError):
                find_case_id(connection, viewer, key)


def listed(office: Office, viewer, **filters) -> list[dict]:
    with office.begin() as connection:
        return list_disputes(connection, office.bureau, viewer, DisputeFilters(**filters), now=office.clock.now()).items


def test_lists_mask_names_for_supervisors_and_show_them_to_the_mediator(
    office: Office, registered: RegisteredDispute
) -> None:
    (seen,) = listed(office, office.user("city", "supervisor", area="370400"))
    assert seen["applicant"] == {"name": "张**", "kind": "person", "count": 2}
    assert seen["respondent"]["name"] == "某某机械有限公司"
    (seen,) = listed(office, office.user("med", "mediator", organisation="SZ-GML-MED"))
    assert seen["applicant"]["name"] == "张三丰"


def test_with_two_roles_names_show_only_where_a_role_needs_them(office: Office, registered: RegisteredDispute) -> None:
    office.register(applicants=(person("钱七"),), area_code=TENGZHOU)
    viewer = office.user("two", "mediator", "supervisor", area="370400", organisation="SZ-GML-MED")
    assert {seen["applicant"]["name"] for seen in listed(office, viewer)} == {"钱**", "张三丰"}


def test_filters_narrow_and_combine(office: Office, registered: RegisteredDispute) -> None:
    office.clock.advance(timedelta(days=1))
    other = office.register(
        applicants=(person("钱七"),),
        claims=(NewClaim("injury", Decimal(1)),),
        area_code=TENGZHOU,
        flags=("new-form",),
    )
    viewer = office.user("city", "supervisor", area="370400")
    ids = {str(registered.case_id): "first", str(other.case_id): "second"}

    def found(**filters) -> list[str]:
        return [ids[item["id"]] for item in listed(office, viewer, **filters)]

    assert found() == ["second", "first"]
    assert found(cause_code="injury") == ["second"]
    assert found(area_code="370402") == ["first"]
    assert found(area_code="370481", cause_code="wages") == []
    assert found(flag="new-form") == ["second"]
    assert found(stages=("registered",)) == ["second", "first"]
    assert found(stages=("closed",)) == []
    assert found(organisation_id=office.organisation_id("SZ-GML-MED")) == ["first"]
    assert found(registered_from=office.clock.now() - timedelta(hours=1)) == ["second"]
    assert found(registered_until=office.clock.now()) == ["first"]
    assert found(text="张三丰") == ["first"]
    assert found(text=" 11010519491231002x ") == ["first"]
    assert found(text=other.number) == ["second"]
    assert found(text="张三") == []


def test_pages_follow_one_another_without_gap_or_double_even_at_one_instant(office: Office) -> None:
    keys = [office.register(applicants=(person(f"工人{n}"),)).business_key for n in range(5)]
    viewer = office.user("city", "supervisor", area="370400")
    seen, after = [], None
    with office.begin() as connection:
        while True:
            page = list_disputes(
                connection, office.bureau, viewer, DisputeFilters(), now=office.clock.now(), after=after, limit=2
            )
            seen += [item["business_key"] for item in page.items]
            after = page.next_after
            if after is None:
                break
    assert sorted(seen) == keys
