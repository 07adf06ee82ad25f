"""The effect gate: when a mediation agreement binds, and what is still missing for it.

A mediation agreement takes effect when both parties have signed or sealed it, the mediator has signed it and the
mediation organisation has put its seal on it (劳动争议调解仲裁法 Art. 14; 企业劳动争议协商调解规定 Art. 26). The day is
that of the last of them, whenever it was recorded. Values in, values out: no clock, no database.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

SignerKind = Literal["party", "mediator", "organisation", "workers"]
Level = Literal["basic", "paper-scan", "certified"]
SignedBy = Literal["self", "agent", "representative"]
Problem = Literal["not-signed", "level-too-low", "scan-missing", "consent-missing"]

SIGNER_KINDS: tuple[str, ...] = get_args(SignerKind)
LEVELS: tuple[str, ...] = get_args(Level)
SIGNED_BY: tuple[str, ...] = get_args(SignedBy)

ENOUGH: Mapping[str, frozenset[str]] = {
    "basic": frozenset(LEVELS),
    "paper-scan": frozenset({"paper-scan", "certified"}),
    "certified": frozenset({"certified"}),
}
"""Level demanded -> levels that meet it; a reliable electronic signature equals one by hand (电子签名法 Art. 14)."""


@dataclass(frozen=True, slots=True)
class GateDemand:
    """What an office demands of signatures; a setting of the site."""

    level: str = "paper-scan"
    """`paper-scan`: paper originals; `basic`: a plain electronic mark is enough; `certified`: certificates only."""
    is_scan_required: bool = True
    """Whether a paper signature counts only when a scan of the original is on file."""


@dataclass(frozen=True, slots=True)
class Signatory:
    """Somebody whose signature or seal the agreement needs."""

    code: str
    """`applicant-1`, `respondent-2`, `mediator-1`, `organisation`; `workers`: those whom no party names."""
    signer: str


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature or seal as it stands on record."""

    signatory: str
    signed_on: date
    level: str = "paper-scan"
    signed_by: str = "self"
    consented_on: date | None = None
    """When somebody who was represented agreed to it: a representative cannot settle without the consent of each."""
    has_proof: bool = True


@dataclass(frozen=True, slots=True)
class Missing:
    """A signatory without a signature that counts, and why."""

    signatory: str
    problem: str


@dataclass(frozen=True, slots=True)
class GateDecision:
    """Whether the agreement is in effect, since when, or what it lacks."""

    effective_on: date | None
    missing: tuple[Missing, ...]

    @property
    def is_satisfied(self) -> bool:
        """Whether nothing is missing."""
        return self.effective_on is not None


def decide(signatories: Sequence[Signatory], signatures: Iterable[Signature], demand: GateDemand) -> GateDecision:
    """Return whether the agreement is in effect; `signatures` holds at most one for each signatory.

    A signature of somebody who need not sign changes nothing. Without any signatory nothing is in effect.
    """
    by_signatory = {signature.signatory: signature for signature in signatures}
    missing = []
    days = []
    for signatory in signatories:
        signature = by_signatory.get(signatory.code)
        problem = _problem(signature, demand)
        if problem is not None:
            missing.append(Missing(signatory.code, problem))
        elif signature is not None:
            days.append(counting_day(signature))
    return GateDecision(max(days) if days and not missing else None, tuple(missing))


def counting_day(signature: Signature) -> date:
    """Return the day from which a signature counts: with a representative, not before the consent."""
    if signature.consented_on is None:
        return signature.signed_on
    return max(signature.signed_on, signature.consented_on)


def signatories(
    parties: Iterable[str], mediators: int, *, has_unnamed_workers: bool, is_mediated: bool = True
) -> tuple[Signatory, ...]:
    """Return who must sign: every party by its code, each of `mediators` mediators (at least one), the organisation.

    `has_unnamed_workers`: there are workers whom no party names, so that their joint written consent is needed.
    A settlement (`is_mediated` False) needs the parties alone (企业劳动争议协商调解规定 Art. 11).
    """
    found = [Signatory(code, "party") for code in parties]
    if has_unnamed_workers:
        found.append(Signatory("workers", "workers"))
    if is_mediated:
        found += [Signatory(f"mediator-{position}", "mediator") for position in range(1, max(mediators, 1) + 1)]
        found.append(Signatory("organisation", "organisation"))
    return tuple(found)


def _problem(signature: Signature | None, demand: GateDemand) -> Problem | None:
    if signature is None:
        return "not-signed"
    if signature.level not in ENOUGH[demand.level]:
        return "level-too-low"
    if signature.level == "paper-scan" and demand.is_scan_required and not signature.has_proof:
        return "scan-missing"
    if signature.signed_by == "representative" and signature.consented_on is None:
        return "consent-missing"
    return None
