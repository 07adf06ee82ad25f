"""Registering a dispute: rows, numbers, warnings, refusals, and the process that starts."""

import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from casework.commands.register_dispute import register_dispute
from casework.errors import DisputeInvalidError
from casework.queries.read_dispute import read_dispute
from casework.registration import NewClaim
from casework.store.tables import dispute, number_sequence, party, stage_change
from engine.domain.actor import Actor
from engine.domain.errors import NotFoundError
from engine.queries.work import get_process_instance
from engine.store.tables import history
from tests.integration.casework.office import Office, company, lawyer, person, registration


def codes(registered) -> list[str]:
    return [warning.code for warning in registered.warnings]


def test_a_registered_dispute_reads_back_as_it_was_told(office: Office) -> None:
    done = office.register(
        applicants=(person("张三", id_number="11010519491231002X", agents=(lawyer("王五"),)), person("赵六")),
        respondents=(company("某某机械有限公司", address="市中区某路1号"),),
        claims=(
            NewClaim("wages", Decimal("18000.5"), "欠薪三个月", applicant=0),
            NewClaim("damages", None, None, applicant=1),
        ),
    )
    with office.begin() as connection:
        record = read_dispute(connection, office.bureau, done.case_id)
    first, second = record.applicants
    assert (first.name, first.id_number, first.phone) == ("张三", "11010519491231002X", "13800000000")
    assert [(each.name, each.powers) for each in first.agents] == [("王五", "special")]
    assert second.name == "赵六"
    assert record.employer is not None
    assert (record.employer.name, record.employer.legal_representative) == ("某某机械有限公司", "李四")
    wages, damages = record.claims
    assert (wages.amount, wages.facts, wages.party_id) == (Decimal("18000.50"), "欠薪三个月", first.party_id)
    assert (damages.amount, damages.facts, damages.party_id) == (None, None, second.party_id)
    assert record.claim_total == Decimal("18000.50")
    assert record.area_name == "市中区光明路街道"
    assert record.union is not None
    assert record.union.code == "ZZ-UNION"


def test_names_numbers_and_facts_lie_encrypted_in_the_tables(office: Office) -> None:
    office.register(applicants=(person("张三", id_number="11010519491231002X"),))
    row = office.rows(party, party.c.side == "applicant")[0]
    for column in ("name", "id_number", "phone"):
        assert row._mapping[column].startswith("aesgcm1:")


def test_the_process_starts_with_references_codes_and_amounts_only(office: Office) -> None:
    done = office.register(worker_count=12)
    with office.begin() as connection:
        variables = get_process_instance(connection, done.instance_id)["variables"]
    assert variables == {
        "case_id": str(done.case_id),
        "number": done.number,
        "channel": "window",
        "cause_code": "wages",
        "area_code": "370402006",
        "worker_count": 12,
        "claim_total": "18000.00",
        "is_group": True,
        "may_be_reviewed": True,
        "union_station": True,
    }


def test_business_key_and_number_carry_the_year_and_count_from_one(office: Office) -> None:
    first, second = office.register(), office.register(applicants=(person("钱七"),))
    assert (first.business_key, first.number) == ("ZZ202600001", "枣劳人登〔2026〕1号")
    assert (second.business_key, second.number) == ("ZZ202600002", "枣劳人登〔2026〕2号")
    office.clock.advance(timedelta(days=365))
    assert office.register(applicants=(person("孙八"),)).number == "枣劳人登〔2027〕1号"


def test_clerks_at_the_same_moment_get_numbers_without_gap_or_double(office: Office) -> None:
    numbers: list[str] = []

    def register(index: int) -> None:
        numbers.append(office.register(applicants=(person(f"工人{index}"),)).business_key)

    threads = [threading.Thread(target=register, args=(index,)) for index in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(numbers) == [f"ZZ20260000{position}" for position in range(1, 7)]


def test_a_registration_that_fails_gives_its_number_back(office: Office) -> None:
    with office.begin() as connection:
        uow = office.platform.unit_of_work(connection, Actor("user:window"))
        assert register_dispute(uow, office.bureau, registration()).business_key == "ZZ202600001"
        connection.rollback()
    assert office.rows(number_sequence) == []
    assert office.register().business_key == "ZZ202600001"


def test_nothing_stays_behind_when_no_process_is_deployed(office: Office) -> None:
    with office.begin() as connection:
        connection.execute(sa.text("update process_definition set key = 'gone'"))
    with pytest.raises(NotFoundError):
        office.register()
    assert office.rows(dispute) == []


@pytest.mark.parametrize(
    ("earlier", "later", "is_duplicate"),
    [
        pytest.param({}, {}, True, id="same names"),
        pytest.param({}, {"applicants": (person("张 三"),)}, True, id="a space in the name"),
        pytest.param({}, {"applicants": (person("李三"),)}, False, id="another applicant"),
        pytest.param({}, {"respondents": (company("别的公司"),)}, False, id="another employer"),
        pytest.param({}, {"claims": (NewClaim("injury", Decimal(1)),)}, False, id="another cause"),
        pytest.param(
            {"applicants": (person("张三", id_number="11010519491231002X"),)},
            {"applicants": (person("张叁", id_number="11010519491231002x"),)},
            True,
            id="same number, name misspelt",
        ),
        pytest.param(
            {"applicants": (person("张三", id_number="11010519491231002X"),)},
            {"applicants": (person("张三", id_number="440308199901101512"),)},
            False,
            id="namesake with another number",
        ),
        pytest.param(
            {"applicants": (person("甲"), person("张三"))}, {"applicants": (person("张三"),)}, True, id="one of several"
        ),
    ],
)
def test_the_same_dispute_again_is_told_with_the_earlier_number(
    office: Office, earlier: dict, later: dict, is_duplicate: bool
) -> None:
    first = office.register(**earlier)
    second = office.register(**later)
    found = [warning for warning in second.warnings if warning.code == "duplicate"]
    assert bool(found) == is_duplicate
    if found:
        assert found[0].data["business_key"] == first.business_key
        assert first.number in found[0].zh


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"worker_count": 9}, []),
        ({"worker_count": 10}, ["group"]),
        ({"applicants": tuple(person(f"工人{n}") for n in range(10))}, ["group"]),
        ({"flags": ("migrant-wage",)}, ["migrant-wage"]),
        ({"claims": (NewClaim("labour-relation"),)}, ["review-excluded"]),
        ({"applicants": (person(id_number="110105194912310021"),)}, ["id-number-doubtful"]),
        ({"respondents": (company(id_number="91370402MA3DEMA11F"),)}, ["id-number-doubtful"]),
    ],
)
def test_a_clerk_is_warned_of_what_needs_a_second_look(office: Office, changes: dict, expected: list[str]) -> None:
    assert codes(office.register(**changes)) == expected


def test_ten_workers_put_the_group_flag_on_the_dispute(office: Office) -> None:
    office.register(worker_count=10, flags=("migrant-wage",))
    assert office.rows(dispute)[0].flags == ["group", "migrant-wage"]


def test_every_field_to_mend_is_named_at_once(office: Office) -> None:
    with pytest.raises(DisputeInvalidError) as refused:
        office.register(
            channel="pigeon",
            area_code="110000",
            applicants=(person("  "),),
            respondents=(),
            claims=(NewClaim("wages", Decimal("-1")), NewClaim("nonsense", Decimal("1.001"), applicant=3)),
            event_dates={"received_on": date(2030, 1, 1)},
            flags=("odd",),
        )
    assert sorted(problem["field"] for problem in refused.value.problems) == [
        "applicants[0].name",
        "area_code",
        "channel",
        "claims[0].amount",
        "claims[1].amount",
        "claims[1].applicant",
        "claims[1].cause_code",
        "event_dates.received_on",
        "flags[0]",
        "respondents",
    ]
    assert all(problem["zh"] and problem["en"] for problem in refused.value.problems)
    assert office.rows(dispute) == []


def test_an_account_that_does_not_exist_is_a_field_to_mend(office: Office) -> None:
    with pytest.raises(DisputeInvalidError) as refused:
        office.register(applicants=(person(username="nobody", agents=(lawyer(username="nobody2"),)),))
    assert [problem["field"] for problem in refused.value.problems] == [
        "applicants[0].username",
        "applicants[0].agents[0].username",
    ]


def test_the_registration_is_in_history_with_counts_and_codes(office: Office) -> None:
    done = office.register()
    (event,) = office.rows(history, history.c.kind == "dispute-registered")
    assert event.actor_id == "user:window"
    assert event.facts["number"] == done.number
    assert event.facts["claim_total"] == "18000.00"
    assert event.facts["event_dates"] == {"received_on": "2026-03-02"}


def test_a_new_dispute_is_at_the_stage_registered(office: Office) -> None:
    office.register()
    assert office.rows(dispute)[0].stage == "registered"
    assert [row.stage for row in office.rows(stage_change)] == ["registered"]
