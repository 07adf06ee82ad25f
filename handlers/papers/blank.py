"""Empty forms: a paper without a case, for the window to print and people to fill with a pen."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Literal
from uuid import UUID

from casework.causes import cause
from casework.queries.read_dispute import DisputeRecord, PartyRecord
from handlers.papers.content import paper_content
from handlers.papers.paper import Content, LastDay, Paper, PaperSources

_NEVER = date(2008, 5, 1)


def blank_content(paper: Paper) -> Content:
    """Return what the template of `paper` is filled with when nothing is known."""
    sources = PaperSources(
        dispute=_blank_dispute(),
        number="",
        today=_NEVER,
        deadline=lambda rule, start, extended_by: LastDay(start, start),
        is_blank=True,
    )
    return paper_content(paper, sources) | {"cause": "", "channel": ""}


def _blank_dispute() -> DisputeRecord:
    return DisputeRecord(
        case_id=UUID(int=0),
        business_key="",
        number="",
        registered_at=datetime(_NEVER.year, _NEVER.month, _NEVER.day, tzinfo=UTC),
        registered_on=_NEVER,
        registered_by="",
        first_asked="",
        stage="",
        channel="window",
        area_code="",
        area_name="",
        area_path="",
        industry=None,
        cause=cause("wages"),
        worker_count=1,
        claim_total=Decimal(0),
        flags=(),
        parties=(_blank_party("applicant", "person"), _blank_party("respondent", "organisation")),
        claims=(),
        event_dates=MappingProxyType({}),
        statements=MappingProxyType({}),
        instalments=(),
        organisation=None,
        arbitration=None,
        court=None,
        union=None,
        appointments=MappingProxyType({}),
    )


def _blank_party(side: Literal["applicant", "respondent"], kind: Literal["person", "organisation"]) -> PartyRecord:
    return PartyRecord(
        party_id=UUID(int=1 if side == "applicant" else 2),
        side=side,
        kind=kind,
        position=1,
        name="",
        id_number=None,
        phone=None,
        email=None,
        address=None,
        legal_representative=None,
        user_id=None,
        agents=(),
    )
