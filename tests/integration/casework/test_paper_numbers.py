"""Numbers of papers: one series per institution and procedure, without gaps, void ones kept."""

import threading
from datetime import timedelta
from uuid import UUID

import pytest

from casework.commands.register_dispute import RegisteredDispute
from casework.errors import NumberFormatMissingError, ReasonMissingError
from casework.numbers import issued_numbers, number_document, void_number
from casework.organisations import assign_organisation, send_to
from casework.store.tables import issued_number, number_sequence
from engine.domain.errors import NotFoundError
from tests.integration.casework.office import LINCHENG, Office, person


@pytest.fixture
def registered(office: Office) -> RegisteredDispute:
    return with_organisation(office, "SZ-GML-MED")


def with_organisation(office: Office, code: str, **changes) -> RegisteredDispute:
    done = office.register(**changes)
    with office.as_user("window") as uow:
        assign_organisation(uow, done.case_id, office.organisation_id(code), "street")
    return done


def number(office: Office, case_id: UUID, key: str, kind: str = "mediation-agreement") -> str:
    with office.as_user("mediator") as uow:
        return number_document(uow, office.bureau, case_id, kind, key).number


def test_an_organisation_counts_its_own_cases_from_one_each_year(office: Office, registered: RegisteredDispute) -> None:
    second = with_organisation(office, "SZ-GML-MED", applicants=(person("孙八"),))
    other = with_organisation(office, "XC-LC-MED", area_code=LINCHENG, applicants=(person("钱七"),))
    assert number(office, registered.case_id, "a") == "枣市中光明调〔2026〕1号"
    assert number(office, second.case_id, "b") == "枣市中光明调〔2026〕2号"
    assert number(office, other.case_id, "c") == "枣薛临城调〔2026〕1号"
    office.clock.advance(timedelta(days=365))
    next_year = with_organisation(office, "SZ-GML-MED", applicants=(person("周九"),))
    assert number(office, next_year.case_id, "d") == "枣市中光明调〔2027〕1号"


def test_papers_of_a_case_bear_its_number_and_further_ones_a_suffix(
    office: Office, registered: RegisteredDispute
) -> None:
    kinds = [
        "mediation-acceptance-notice",
        "mediation-session-notice",
        "mediation-session-notice",
        "mediation-agreement",
    ]
    assert [number(office, registered.case_id, f"k{at}", kind) for at, kind in enumerate(kinds)] == [
        "枣市中光明调〔2026〕1号",
        "枣市中光明调〔2026〕1-1号",
        "枣市中光明调〔2026〕1-2号",
        "枣市中光明调〔2026〕1号",
    ]
    office.clock.advance(timedelta(days=365))
    assert number(office, registered.case_id, "late", "performance-notice") == "枣市中光明调〔2026〕1-3号"


def test_the_review_counts_in_the_series_of_the_arbitration_institution(
    office: Office, registered: RegisteredDispute
) -> None:
    with pytest.raises(NumberFormatMissingError, match="仲裁机构"):
        number(office, registered.case_id, "a", "review-acceptance-notice")
    with office.as_user("window") as uow:
        send_to(uow, registered.case_id, "arbitration")
    assert number(office, registered.case_id, "a", "review-acceptance-notice") == "枣市中劳人仲审〔2026〕1号"
    assert number(office, registered.case_id, "b", "review-correction-notice") == "枣市中劳人仲审〔2026〕1-1号"
    assert number(office, registered.case_id, "c", "award") == "枣市中劳人仲审〔2026〕1号"


def test_papers_of_the_parties_go_by_the_registration_number(office: Office) -> None:
    done = office.register()
    stem = done.number.removesuffix("号")
    assert number(office, done.case_id, "a", "negotiation-request") == f"{stem}-1号"
    assert number(office, done.case_id, "b", "review-application") == f"{stem}-2号"


def test_a_case_that_changes_hands_is_numbered_anew(office: Office, registered: RegisteredDispute) -> None:
    assert number(office, registered.case_id, "a") == "枣市中光明调〔2026〕1号"
    with office.as_user("window") as uow:
        assign_organisation(uow, registered.case_id, office.organisation_id("SZ-MED"), "district")
    assert number(office, registered.case_id, "b") == "枣市中调〔2026〕1号"


def test_the_year_of_a_number_is_the_year_in_shanghai(office: Office, registered: RegisteredDispute) -> None:
    other = with_organisation(office, "SZ-GML-MED", applicants=(person("孙八"),))
    office.clock.set(office.clock.now().replace(month=12, day=31, hour=15, minute=59))
    assert "〔2026〕" in number(office, registered.case_id, "a")
    office.clock.advance(timedelta(minutes=1))
    assert "〔2027〕" in number(office, other.case_id, "b")


def test_the_same_key_gets_the_same_number(office: Office, registered: RegisteredDispute) -> None:
    first = number(office, registered.case_id, "a", "mediation-session-notice")
    assert number(office, registered.case_id, "a", "mediation-session-notice") == first
    assert number(office, registered.case_id, "b", "mediation-session-notice") != first


def test_many_at_the_same_moment_leave_no_gap_and_no_double(office: Office) -> None:
    cases = [with_organisation(office, "SZ-GML-MED", applicants=(person(f"工人{at}"),)) for at in range(3)]
    found: list[str] = []
    barrier = threading.Barrier(6)

    def take(at: int) -> None:
        barrier.wait(10)
        found.append(number(office, cases[at % 3].case_id, f"key-{at % 3}"))

    threads = [threading.Thread(target=take, args=(at,)) for at in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(found) == sorted(2 * [f"枣市中光明调〔2026〕{n}号" for n in (1, 2, 3)])
    assert [row.last for row in office.rows(number_sequence) if row.scope.startswith("mediation")] == [3]


def test_a_number_rolled_back_is_given_to_the_next(office: Office, registered: RegisteredDispute) -> None:
    with office.begin() as connection:
        uow = office.platform.unit_of_work(connection, office.user("x1", "mediator").actor)
        number_document(uow, office.bureau, registered.case_id, "mediation-agreement", "a")
        connection.rollback()
    other = with_organisation(office, "SZ-GML-MED", applicants=(person("孙八"),))
    assert number(office, other.case_id, "b") == "枣市中光明调〔2026〕1号"


def test_a_paper_without_format_and_a_case_without_organisation_get_no_number(office: Office) -> None:
    done = office.register()
    for kind in ("no-such-paper", "mediation-agreement"):
        with pytest.raises(NumberFormatMissingError):
            number(office, done.case_id, "a", kind)


def test_a_void_number_is_kept_with_its_reason_and_never_used_again(
    office: Office, registered: RegisteredDispute
) -> None:
    first = number(office, registered.case_id, "a")
    with office.as_user("head") as uow:
        with pytest.raises(ReasonMissingError):
            void_number(uow, office.bureau, first, "mediation-agreement", " ")
        with pytest.raises(NotFoundError):
            void_number(uow, office.bureau, "枣市中光明调〔2026〕99号", "mediation-agreement", "误编")
        void_number(uow, office.bureau, first, "mediation-agreement", "张三姓名写错")
        void_number(uow, office.bureau, first, "mediation-agreement", "又一次")
    assert number(office, registered.case_id, "b") == "枣市中光明调〔2026〕1-1号"
    with office.begin() as connection:
        register = issued_numbers(connection, office.bureau, registered.case_id)
    assert [(each.number, each.void_reason, each.voided_by) for each in register] == [
        ("枣市中光明调〔2026〕1号", "张三姓名写错", "user:head"),
        ("枣市中光明调〔2026〕1-1号", None, None),
    ]
    assert "张三" not in str(office.rows(issued_number))


def test_every_kind_of_paper_has_a_number_format(office: Office) -> None:
    from handlers.papers.content import PAPERS

    assert sorted(set(PAPERS) - set(office.bureau.site.numbers)) == []
