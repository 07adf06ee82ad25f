"""Builds disputes as papers read them, small and large."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from casework.causes import cause
from casework.organisations import OrganisationRecord
from casework.payments import Due
from casework.queries.read_dispute import AgentRecord, ClaimRecord, DisputeRecord, PartyRecord
from casework.statements import Instalment
from casework.vocabulary import kind_number

DATES = {
    "mediation_application_received_on": date(2026, 2, 1),
    "mediation_accepted_on": date(2026, 2, 3),
    "agreement_effective_on": date(2026, 2, 24),
    "review_application_received_on": date(2026, 3, 2),
    "review_accepted_on": date(2026, 3, 3),
}
STATEMENTS = {
    "settlement_terms": "用人单位向劳动者支付拖欠的工资。\n双方的劳动合同继续履行。",
    "agreement_terms": "被申请人向申请人支付拖欠的工资和经济补偿。\n\n被申请人为申请人出具解除劳动合同证明。",
    "dispute_facts": "申请人自2021年3月起在被申请人处从事车工工作。",
    "performance_method": "以银行转账方式支付至申请人本人账户。",
}


def worker(number: int = 1, name: str = "示例甲", **more: Any) -> PartyRecord:
    party = PartyRecord(
        party_id=UUID(int=100 + number),
        side="applicant",
        kind="person",
        position=number,
        name=name,
        id_number=f"37040219900101{number:04d}",
        phone=f"138{number:08d}",
        email=None,
        address=f"枣庄市市中区示例小区{number}号楼2单元301室",
        legal_representative=None,
        user_id=None,
        agents=(AgentRecord(UUID(int=1), "lawyer", "special", "示例丁", None, "13800000003", None),)
        if number == 1
        else (),
    )
    return replace(party, **more)


def employer(number: int = 1, name: str = "示例机械有限公司", **more: Any) -> PartyRecord:
    party = PartyRecord(
        party_id=UUID(int=200 + number),
        side="respondent",
        kind="organisation",
        position=number,
        name=name,
        id_number=f"91370402MA3DEM{number:03d}E",
        phone="0632-3000001",
        email="hr@example.cn",
        address="枣庄市市中区示例路1号",
        legal_representative="示例乙",
        user_id=None,
        agents=(),
    )
    return replace(party, **more)


def body(name: str, kind: str, **more: Any) -> OrganisationRecord:
    record = OrganisationRecord(
        id=UUID(int=1),
        code="X",
        name=name,
        kind=kind,
        kind_number=kind_number(kind),
        area_code="370402",
        area_path="370400/370402/",
        accepts=True,
        industries=(),
        employer_code=None,
        address="枣庄市市中区示例中路100号",
        phone="0632-3330000",
        seal_name=name,
        number_word="市中光",
    )
    return replace(record, **more)


def dispute(
    parties: Sequence[PartyRecord] = (),
    claims: Sequence[ClaimRecord] = (),
    instalments: Sequence[Instalment] = (),
    dates: Mapping[str, date] = DATES,
    statements: Mapping[str, str] = STATEMENTS,
    **more: Any,
) -> DisputeRecord:
    chosen = tuple(parties) or (worker(), employer())
    asked = tuple(claims) or (claim(1, "wages", "18000.00"), claim(2, "economic-compensation", "12000.50"))
    record = DisputeRecord(
        case_id=UUID(int=9),
        business_key="ZZ202600001",
        number="枣劳人登〔2026〕1号",
        registered_at=datetime(2026, 2, 1, tzinfo=UTC),
        registered_on=date(2026, 2, 1),
        registered_by="user:window",
        first_asked="user:window",
        stage="med_running",
        channel="window",
        area_code="370402006",
        area_name="市中区光明路街道",
        area_path="370400/370402/370402006/",
        industry=None,
        cause=asked[0].cause,
        worker_count=1,
        claim_total=Decimal("30000.50"),
        flags=(),
        parties=chosen,
        claims=asked,
        event_dates=dict(dates),
        statements=dict(statements),
        instalments=tuple(instalments),
        dues=tuple(Due(each.position, each.amount, each.due_on, "instalments") for each in instalments),
        organisation=body("市中区示例街道劳动人事争议调解中心", "street"),
        arbitration=body(
            "枣庄市市中区劳动人事争议仲裁院", "arbitration", seal_name="枣庄市市中区劳动人事争议仲裁委员会"
        ),
        court=body("枣庄市市中区人民法院", "court"),
        union=None,
        appointments={"mediator": "示例调", "reviewer": "示例审"},
    )
    return replace(record, **more)


def claim(position: int, code: str, amount: str | None, **more: Any) -> ClaimRecord:
    record = ClaimRecord(
        position=position,
        cause=cause(code),
        amount=Decimal(amount) if amount else None,
        facts="2025年6月至8月工资未发。",
        party_id=None,
    )
    return replace(record, **more)


def large() -> DisputeRecord:
    """Return thirty workers against three employers, with three claims each and an instalment for each worker."""
    workers = [worker(number, f"示例工{number}", agents=()) for number in range(1, 31)]
    employers = [employer(number, f"示例建筑劳务第{number}有限责任公司") for number in range(1, 4)]
    claims = [
        claim(position, "wages", f"{3000 + position}.00", party_id=workers[position % 30].party_id)
        for position in range(1, 91)
    ]
    instalments = [
        Instalment(
            each.position,
            Decimal("3200.00"),
            date(2026, 5, 15),
            str(employers[0].party_id),
            str(each.party_id),
            "银行转账",
        )
        for each in workers
    ]
    return dispute([*workers, *employers], claims, instalments)
