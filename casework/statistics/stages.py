"""The stages that figures are kept for: when each begins and ends, how it may end, and which day it is due on."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, get_args

import sqlalchemy as sa

from casework.store.tables import dispute

Outcome = Literal["agreed", "failed", "withdrawn"]
"""How a stage ended: with what it is for (an agreement, a mediation document, a confirmation), without, or taken back."""

OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


@dataclass(frozen=True, slots=True)
class CountedStage:
    """A stage of the chain as figures see it."""

    code: str
    zh: str
    en: str
    organisation: "sa.Column[Any]"
    """Column of `dispute` with the organisation whose stage it is."""
    accepted: str
    """Event date with which the stage is taken on (受理)."""
    outcomes: Mapping[str, tuple[Outcome, str]]
    """Stage of the dispute that ends it -> how it ended, and the event date on which it did."""
    rule: str | None
    """Deadline rule by which it is due."""
    extended: str | None = None
    """Event date to which the parties put it off, which then counts in place of the rule."""
    has_rate: bool = False
    """Whether a rate of success is kept for it (K3 is about mediation)."""


COUNTED_STAGES: Mapping[str, CountedStage] = MappingProxyType(
    {
        stage.code: stage
        for stage in (
            CountedStage(
                "negotiation",
                "协商",
                "Negotiation",
                dispute.c.union_organisation_id,
                "negotiation_request_received_on",
                {
                    "neg_settled": ("agreed", "settlement_signed_on"),
                    "neg_failed": ("failed", "negotiation_ended_on"),
                    "neg_refused": ("failed", "negotiation_refused_on"),
                },
                rule=None,
                extended="negotiation_term_until",
            ),
            CountedStage(
                "mediation",
                "调解",
                "Mediation",
                dispute.c.organisation_id,
                "mediation_accepted_on",
                {
                    "med_agreed": ("agreed", "agreement_effective_on"),
                    "med_failed": ("failed", "mediation_ended_on"),
                    "med_withdrawn": ("withdrawn", "withdrawn_on"),
                },
                rule="MED-15R",
                extended="mediation_extended_until",
                has_rate=True,
            ),
            CountedStage(
                "arbitration-review",
                "仲裁审查",
                "Arbitration review",
                dispute.c.arbitration_organisation_id,
                "review_accepted_on",
                {
                    "rev_issued": ("agreed", "award_made_on"),
                    "rev_refused": ("failed", "award_refused_on"),
                    "rev_withdrawn": ("withdrawn", "review_withdrawn_on"),
                },
                rule="REV-5",
            ),
            CountedStage(
                "judicial-confirmation",
                "司法确认",
                "Judicial confirmation",
                dispute.c.court_id,
                "confirmation_accepted_on",
                {
                    "jc_confirmed": ("agreed", "confirmation_ruled_on"),
                    "jc_rejected": ("failed", "confirmation_ruled_on"),
                },
                rule="JC-DEC",
            ),
        )
    }
)
