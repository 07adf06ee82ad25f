"""Numbers of cases and papers: counted per institution and year without gaps, however many people ask at once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from casework.bureau import Bureau
from casework.encryption import place
from casework.errors import NumberFormatMissingError, ReasonMissingError
from casework.organisations import get_organisation
from casework.site import NumberSeries
from casework.store.tables import case_number, dispute, issued_number, number_sequence
from casework.work import Work, today_of
from engine.domain.errors import NotFoundError
from engine.store.cases import lock_case

CASE_SCOPE = "case"


@dataclass(frozen=True, slots=True)
class PaperNumber:
    """The number of a paper and the organisation from whose series it is."""

    number: str
    issuer_id: UUID | None
    """None for papers that go by the registration number."""


@dataclass(frozen=True, slots=True, repr=False)
class IssuedNumber:
    """A line of the register of numbers."""

    number: str
    case_id: UUID
    kind: str
    series: str
    issuer_id: UUID | None
    issued_at: datetime
    voided_at: datetime | None
    voided_by: str | None
    void_reason: str | None


def next_position(work: Work, scope: str, year: int) -> int:
    """Return the next position of a scope in a year, from 1.

    The row stays locked until the transaction ends, so a number that is rolled back is given to the next who asks.
    """
    statement = insert(number_sequence).values(scope=scope, year=year, last=1)
    position: int = work.connection.execute(
        statement.on_conflict_do_update(
            index_elements=["scope", "year"], set_={"last": number_sequence.c.last + 1}
        ).returning(number_sequence.c.last)
    ).scalar_one()
    return position


def number_case(work: Work, bureau: Bureau) -> tuple[str, str]:
    """Return business key and number of a new case."""
    year = today_of(work).year
    position = next_position(work, CASE_SCOPE, year)
    key, number = bureau.site.case_key_format, bureau.site.case_number_format
    return key.format(year=year, n=position), number.format(year=year, n=position)


def number_document(work: Work, bureau: Bureau, case_id: UUID, kind: str, idempotency_key: str) -> PaperNumber:
    """Return the number of a new paper of a case; the same key always gets the same number.

    The first such paper of a procedure draws the case's number (调解编号, say) from the institution's series. Locks the
    case. Raises NumberFormatMissingError when papers of this kind are not numbered, and NotFoundError.
    """
    lock_case(work.connection, case_id)
    earlier = work.connection.execute(
        sa.select(issued_number.c.number, issued_number.c.issuer_id).where(
            issued_number.c.idempotency_key == idempotency_key
        )
    ).one_or_none()
    if earlier is not None:
        return PaperNumber(earlier.number, earlier.issuer_id)
    number_format = bureau.site.number_format(kind)
    series = number_format.series
    stem, issuer_id = _stem(work, case_id, kind, series)
    suffix = 0
    if number_format.is_suffixed or _is_taken(work, series.number.format(stem=stem), kind):
        suffix = _last_suffix(work, case_id, series.key, issuer_id) + 1
    number = series.suffixed.format(stem=stem, m=suffix) if suffix else series.number.format(stem=stem)
    work.connection.execute(
        sa.insert(issued_number).values(
            idempotency_key=idempotency_key,
            case_id=case_id,
            kind=kind,
            series=series.key,
            issuer_id=issuer_id,
            number=number,
            suffix=suffix,
            issued_at=work.now,
        )
    )
    return PaperNumber(number, issuer_id)


def void_number(work: Work, bureau: Bureau, number: str, kind: str, reason: str) -> None:
    """Write down that a number is void (作废), and why; it is never given out again. Twice is once.

    Raises ReasonMissingError, and NotFoundError when no such number was given out.
    """
    if not reason.strip():
        raise ReasonMissingError()
    row = work.connection.execute(
        sa.select(issued_number.c.idempotency_key, issued_number.c.voided_at)
        .where(issued_number.c.number == number, issued_number.c.kind == kind)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFoundError(what="number", id=number)
    if row.voided_at is not None:
        return
    work.connection.execute(
        sa.update(issued_number)
        .where(issued_number.c.idempotency_key == row.idempotency_key)
        .values(
            voided_at=work.now,
            voided_by=work.actor.id,
            void_reason=bureau.keyring.seal(reason, place("issued_number", "void_reason", row.idempotency_key)),
        )
    )


def issued_numbers(connection: sa.Connection, bureau: Bureau, case_id: UUID) -> list[IssuedNumber]:
    """Return the numbers given out to papers of a case, in the order they were given, void ones with their reason."""
    statement = (
        sa.select(issued_number)
        .where(issued_number.c.case_id == case_id)
        .order_by(issued_number.c.issued_at, issued_number.c.suffix, issued_number.c.kind)
    )
    return [
        IssuedNumber(
            number=row.number,
            case_id=row.case_id,
            kind=row.kind,
            series=row.series,
            issuer_id=row.issuer_id,
            issued_at=row.issued_at,
            voided_at=row.voided_at,
            voided_by=row.voided_by,
            void_reason=bureau.keyring.open_optional(
                row.void_reason, place("issued_number", "void_reason", row.idempotency_key)
            ),
        )
        for row in connection.execute(statement)
    ]


def _stem(work: Work, case_id: UUID, kind: str, series: NumberSeries) -> tuple[str, UUID | None]:
    """Return the case's stem in a series, drawn now if it has none yet, and whose series it is."""
    row = work.connection.execute(sa.select(dispute).where(dispute.c.case_id == case_id)).one_or_none()
    if row is None:
        raise NotFoundError(what="dispute", id=case_id)
    if series.issuer == "none":
        return row.number.removesuffix("号"), None
    issuer_id = _issuer(row, kind, series)
    known = work.connection.execute(
        sa.select(case_number.c.stem).where(
            case_number.c.case_id == case_id,
            case_number.c.series == series.key,
            case_number.c.issuer_id == issuer_id,
        )
    ).scalar_one_or_none()
    if known is not None:
        return known, issuer_id
    found = get_organisation(work.connection, issuer_id)
    year = today_of(work).year
    position = next_position(work, f"{series.key}:{found.code}", year)
    stem = series.stem.format(word=found.number_word or found.code, year=year, n=position)
    work.connection.execute(
        sa.insert(case_number).values(
            id=work.ids(),
            case_id=case_id,
            series=series.key,
            issuer_id=issuer_id,
            year=year,
            position=position,
            stem=stem,
            issued_at=work.now,
        )
    )
    return stem, issuer_id


def _issuer(row: Any, kind: str, series: NumberSeries) -> UUID:
    issuer_id: UUID | None = row.arbitration_organisation_id if series.issuer == "arbitration" else row.organisation_id
    if issuer_id is None:
        missing = "仲裁机构 / arbitration institution" if series.issuer == "arbitration" else "承办组织 / organisation"
        raise NumberFormatMissingError(kind=f"{kind}（案件尚无{missing} has the case yet）")
    return issuer_id


def _is_taken(work: Work, number: str, kind: str) -> bool:
    statement = sa.select(sa.literal(1)).where(issued_number.c.number == number, issued_number.c.kind == kind)
    return work.connection.execute(statement).first() is not None


def _last_suffix(work: Work, case_id: UUID, series: str, issuer_id: UUID | None) -> int:
    last: int = work.connection.execute(
        sa.select(sa.func.coalesce(sa.func.max(issued_number.c.suffix), 0)).where(
            issued_number.c.case_id == case_id,
            issued_number.c.series == series,
            issued_number.c.issuer_id.is_not_distinct_from(issuer_id),
        )
    ).scalar_one()
    return last
