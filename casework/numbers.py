"""Numbers of cases and papers: counted per scope and year without gaps, however many people ask at once."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from casework.bureau import Bureau
from casework.errors import NumberFormatMissingError
from casework.organisations import get_organisation
from casework.store.tables import dispute, issued_number, number_sequence
from casework.work import Work, today_of
from engine.domain.errors import NotFoundError

CASE_SCOPE = "case"


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


def number_document(work: Work, bureau: Bureau, case_id: UUID, kind: str, idempotency_key: str) -> str:
    """Return the number of a paper of a case; the same key always gets the same number.

    Raises NumberFormatMissingError when papers of this kind are not numbered, and NotFoundError.
    """
    earlier = _issued(work, idempotency_key)
    if earlier is not None:
        return earlier
    number_format = bureau.site.number_format(kind)
    word, scope = None, kind
    if number_format.scope == "organisation":
        word, organisation_code = _word(work, case_id, kind)
        scope = f"{kind}:{organisation_code}"
    year = today_of(work).year
    position = next_position(work, scope, year)
    # Whoever asked with the same key meanwhile waited for the sequence row above: look again.
    earlier = _issued(work, idempotency_key)
    if earlier is not None:
        _give_back(work, scope, year, position)
        return earlier
    number = number_format.format.format(year=year, n=position, word=word)
    work.connection.execute(
        sa.insert(issued_number).values(
            idempotency_key=idempotency_key,
            scope=scope,
            year=year,
            position=position,
            number=number,
            issued_at=work.now,
        )
    )
    return number


def _issued(work: Work, idempotency_key: str) -> str | None:
    number: str | None = work.connection.execute(
        sa.select(issued_number.c.number).where(issued_number.c.idempotency_key == idempotency_key)
    ).scalar_one_or_none()
    return number


def _word(work: Work, case_id: UUID, kind: str) -> tuple[str, str]:
    row = work.connection.execute(
        sa.select(dispute.c.organisation_id).where(dispute.c.case_id == case_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError(what="dispute", id=case_id)
    if row.organisation_id is None:
        raise NumberFormatMissingError(kind=f"{kind}（案件尚无承办组织 / no organisation has the case yet）")
    found = get_organisation(work.connection, row.organisation_id)
    return found.number_word or found.code, found.code


def _give_back(work: Work, scope: str, year: int, position: int) -> None:
    work.connection.execute(
        sa.update(number_sequence)
        .where(number_sequence.c.scope == scope, number_sequence.c.year == year, number_sequence.c.last == position)
        .values(last=position - 1)
    )
