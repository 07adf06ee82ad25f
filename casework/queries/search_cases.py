"""Search for cases by words: number, business key, parties' names, organisation, cause; names through blind indexes."""

from collections.abc import Iterable, Iterator
from typing import Any

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


def matching_text(bureau: Bureau, viewer: Viewer, text: str) -> sa.ColumnElement[bool]:
    """Return the condition over `dispute` that every word of a text (the first MOST_WORDS) is found in the case.

    A word is found as a part of a number of the case (a word with a digit), of its business key, of the name of an
    organisation that has it, or of its cause; or as the whole name or identity number of a party. A part of a party's
    name finds only cases in whose lists the viewer sees names: who sees masked names must not guess them bit by bit. A
    text that is a whole name, spaces and all, is found as such.
    """
    words = text.split()[:MOST_WORDS]
    each = sa.and_(sa.true(), *[_among(_ways(bureau, viewer, word)) for word in words])
    if len(words) < 2:
        return each
    return sa.or_(each, _among([sa.select(party.c.case_id).where(matching_party(bureau.keyring, text))]))


def _among(ways: Iterable[sa.Select[Any]]) -> sa.ColumnElement[bool]:
    """Return the condition that one of some selects of case ids has the dispute; as one list, so that indexes serve."""
    found = sa.union(*ways).subquery()
    return dispute.c.case_id.in_(sa.select(found.c.case_id))


def _ways(bureau: Bureau, viewer: Viewer, word: str) -> Iterator[sa.Select[Any]]:
    """Yield selects of case ids, each of which an index or a short table serves, or else one scan of short columns."""
    yield sa.select(party.c.case_id).where(matching_party(bureau.keyring, word))
    by_part = [party.c.name_grams.contains(grams) for grams in asked_grams(bureau.keyring, word) if grams]
    if by_part:
        named = sa.select(party.c.case_id).join(dispute, dispute.c.case_id == party.c.case_id)
        yield named.where(sa.or_(*by_part), names_in_lists(viewer))
    bodies = sa.select(organisation.c.id).where(organisation.c.name.contains(word, autoescape=True))
    for column in _ORGANISATIONS:
        yield sa.select(dispute.c.case_id).where(dispute.c[column].in_(bodies))
    codes = [each.code for each in causes().values() if _has(word, each.zh, each.en, each.code)]
    if codes:
        yield sa.select(dispute.c.case_id).where(dispute.c.cause_code.in_(codes))
    if any(letter.isdigit() for letter in word):
        yield sa.select(dispute.c.case_id).where(dispute.c.number.contains(word, autoescape=True))
        stem = word.removesuffix("号")
        yield sa.select(case_number.c.case_id).where(case_number.c.stem.contains(stem, autoescape=True))
        if word.isascii():
            keyed = sa.select(case.c.id.label("case_id")).where(case.c.is_hosted)
            yield keyed.where(case.c.business_key.contains(word, autoescape=True))


def _has(word: str, *texts: str) -> bool:
    return any(word.casefold() in text.casefold() for text in texts)
