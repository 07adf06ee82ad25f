"""propose-court: says which court may be asked to confirm a mediation agreement, and why that one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, fields

from casework.areas import lies_within
from casework.organisations import OrganisationRecord
from handlers.context import HandlerContext
from handlers.errors import JobFailedError
from handlers.registry import HandlerJob, handles

INVITING, ORGANISATION, DOMICILE, INTERMEDIATE = "inviting", "organisation", "domicile", "intermediate"


class ProposeCourtInput(Schema):
    """Nothing: the dispute says it all."""


class ProposeCourtOutput(Schema):
    """What the form offers, and what it proposes."""

    court_options = fields.List(
        fields.Dict(keys=fields.String(), values=fields.String()),
        required=True,
        metadata={
            "zh": "可选的法院（value 代码、label 名称），建议的在前",
            "en": "Courts to choose from (value: code, label: name), the proposed one first",
        },
    )
    court_code = fields.String(required=True, metadata={"zh": "建议的法院代码", "en": "Code of the proposed court"})
    court_rule = fields.String(
        required=True,
        metadata={
            "zh": "管辖依据：inviting、organisation、domicile、intermediate",
            "en": "Why this one: inviting, organisation, domicile, intermediate",
        },
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """What the choice of a court goes by (民事诉讼法 Art. 205)."""

    area_path: str
    """Where the work is done: as a rule where the employer has its seat."""
    organisation_path: str | None = None
    """Where the mediation organisation has its seat."""
    is_from_court: bool = False
    """A court sent the parties to mediation."""
    court_code: str | None = None
    """The court that has the case already."""


@handles(
    "propose-court",
    input=ProposeCourtInput,
    output=ProposeCourtOutput,
    zh="提出可以受理司法确认申请的法院：邀请调解的法院；否则为调解组织所在地、当事人住所地的基层法院。",
    en="Proposes the court for a judicial confirmation: the one that invited the mediation; else the basic court at the "
    "seat of the mediation organisation, or where the parties are.",
)
def propose_court(context: HandlerContext, job: HandlerJob, input: dict[str, Any]) -> dict[str, Any]:
    """Propose, change nothing. Raises JobFailedError when the register holds no court."""
    dispute = context.dispute(job.case_id)
    standing = Standing(
        area_path=dispute.area_path,
        organisation_path=dispute.organisation.area_path if dispute.organisation else None,
        is_from_court=dispute.channel == "court",
        court_code=dispute.court.code if dispute.court else None,
    )
    courts = context.courts()
    if not courts:
        raise JobFailedError("组织名录中没有人民法院，请先登记，再重试此作业。", retry=False)
    proposed, rule = choose_court(standing, courts)
    ordered = [proposed, *(each for each in courts if each.code != proposed.code)]
    return {
        "court_options": [{"value": each.code, "label": each.name} for each in ordered],
        "court_code": proposed.code,
        "court_rule": rule,
    }


def choose_court(standing: Standing, courts: Sequence[OrganisationRecord]) -> tuple[OrganisationRecord, str]:
    """Return the court to propose and the rule that leads to it; `courts` must not be empty.

    A court that invited the mediation comes first. Otherwise the basic court at the organisation's seat, then the one
    where the work is done. An intermediate court is proposed only where no basic court serves either place: whether
    the dispute belongs there by its weight is for a person to say.
    """
    if standing.is_from_court:
        invited = next((each for each in courts if each.code == standing.court_code), None)
        found = invited or _serving(standing.area_path, courts)
        if found is not None:
            return found, INVITING
    basic = [each for each in courts if not _is_intermediate(each, courts)]
    for path, rule in ((standing.organisation_path, ORGANISATION), (standing.area_path, DOMICILE)):
        found = _serving(path, basic) if path else None
        if found is not None:
            return found, rule
    return _serving(standing.area_path, courts) or courts[0], INTERMEDIATE


def _serving(path: str, courts: Sequence[OrganisationRecord]) -> OrganisationRecord | None:
    """Return the court nearest above a place in the area tree."""
    serving = [each for each in courts if lies_within(path, each.area_path)]
    return max(serving, key=lambda each: (len(each.area_path), each.code), default=None)


def _is_intermediate(court: OrganisationRecord, courts: Sequence[OrganisationRecord]) -> bool:
    """Tell whether other courts sit below this one in the area tree."""
    return any(each.area_path != court.area_path and lies_within(each.area_path, court.area_path) for each in courts)
