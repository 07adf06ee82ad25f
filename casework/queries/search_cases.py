"""Search for cases by words: number, business key, parties' names, organisation, cause; names through blind indexes."""

from collections.abc import Callable, Iterator

import sqlalchemy as sa

from casework.access import Viewer, names_in_lists
from casework.bureau import Bureau
from casework.causes import causes
from casework.name_grams import asked_grams
from casework.queries.find_duplicates import matching_party
from casework.store.tables import case_number, dispute, organisation, party
from engine.store.tables import case

MOST_WORDS = 5
_ORGANISATIONS = ("organisation_id", "arbitration_organisation_id", "court_id", "union_organisation_id")


def matching_text(
    bureau: Bureau,
    viewer: Viewer,
    text: str,
    also: Callable[[str], sa.ColumnElement[bool]] = lambda _: sa.false(),
) -> sa.ColumnElement[bool]:
    """Return the condition over `dispute` that every word of a text (the first MOST_WORDS) is found in the case.

    `also` tells of a word where else it may be found. A text that is a whole name, spaces and all, is found as such.
    """
    words = text.split()[:MOST_WORDS]
    each = sa.and_(sa.true(), *[sa.or_(_matching_word(bureau, viewer, word), also(word)) for word in words])
    if len(words) < 2:
        return each
    whole = sa.select(party.c.case_id).where(matching_party(bureau.keyring, text))
    return sa.or_(each, dispute.c.case_id.in_(whole))


def _matching_word(bureau: Bureau, viewer: Viewer, word: str) -> sa.ColumnElement[bool]:
    """Return the condition over `dispute` that a word is found in the case.

    That is a part of its number, of a number under which it is kept elsewhere in the house, of its business key, of the
    name of an organisation that has it, or of its cause; or the whole name or identity number of a party. A part of a
    party's name finds only cases in whose lists the viewer sees names: who sees masked names must not guess them bit by
    bit.
    """
    found = sa.union(*_ways(bureau, word)).subquery()
    conditions: list[sa.ColumnElement[bool]] = [dispute.c.case_id.in_(sa.select(found.c.case_id))]
    by_name = [party.c.name_grams.contains(grams) for grams in asked_grams(bureau.keyring, word) if grams]
    if by_name:
        partly = sa.select(party.c.case_id).where(sa.or_(*by_name))
        conditions.append(sa.and_(dispute.c.case_id.in_(partly), names_in_lists(viewer)))
    cause_codes = [each.code for each in causes().values() if _has(word, each.zh, each.en, each.code)]
    if cause_codes:
        conditions.append(dispute.c.cause_code.in_(cause_codes))
    return sa.or_(*conditions)


def _ways(bureau: Bureau, word: str) -> Iterator[sa.Select[tuple[object]]]:
    """Yield selects of case ids, each of which its own index or a short table serves."""
    yield sa.select(dispute.c.case_id).where(dispute.c.number.contains(word, autoescape=True))
    yield sa.select(case.c.id.label("case_id")).where(
        case.c.is_hosted, case.c.business_key.contains(word, autoescape=True)
    )
    yield sa.select(case_number.c.case_id).where(case_number.c.stem.contains(word.removesuffix("号"), autoescape=True))
    yield sa.select(party.c.case_id).where(matching_party(bureau.keyring, word))
    named = sa.select(organisation.c.id).where(organisation.c.name.contains(word, autoescape=True))
    yield sa.select(dispute.c.case_id).where(sa.or_(*[dispute.c[name].in_(named) for name in _ORGANISATIONS]))


def _has(word: str, *texts: str) -> bool:
    return any(word.casefold() in text.casefold() for text in texts)
