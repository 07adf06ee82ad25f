"""assign-organisation: gives the case to the mediation organisation that the routing rule picks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from casework.areas import lies_within
from casework.organisations import OrganisationRecord
from casework.vocabulary import MEDIATION_KINDS
from handlers.context import HandlerContext
from handlers.errors import BpmnError
from handlers.registry import HandlerJob, handles

NO_ORGANISATION = "no-organisation"


class AssignOrganisationInput(Schema):
    """What narrows the choice; without anything the default rule decides."""

    preference = fields.String(
        allow_none=True,
        metadata={
            "zh": "首选：调解组织的类型（如 street）或者代码；没有合适的时按默认规则",
            "en": "First choice: a kind of organisation (e.g. street) or a code; the default rule when none fits",
        },
    )
    area_code = fields.String(
        allow_none=True, metadata={"zh": "行政区划代码，默认取工作地", "en": "Area code; the workplace's by default"}
    )
    industry = fields.String(
        allow_none=True, metadata={"zh": "行业，默认取登记的行业", "en": "Industry; as registered by default"}
    )
    worker_objects = fields.Boolean(
        allow_none=True,
        metadata={"zh": "劳动者不同意由企业调委会调解", "en": "The worker objects to the enterprise's own committee"},
    )


class AssignOrganisationOutput(Schema):
    """Who has the case now."""

    organisation_id = fields.UUID(required=True, metadata={"zh": "组织编号", "en": "Id of the organisation"})
    organisation_kind = fields.String(required=True, metadata={"zh": "组织类型", "en": "Its kind"})
    organisation_code = fields.String(required=True, metadata={"zh": "组织代码", "en": "Its code"})


@dataclass(frozen=True, slots=True)
class Wish:
    """What the choice goes by."""

    area_path: str
    industry: str | None = None
    employer_codes: frozenset[str] = frozenset()
    worker_objects: bool = False
    preference: str | None = None


@handles(
    "assign-organisation",
    input=AssignOrganisationInput,
    output=AssignOrganisationOutput,
    zh="按规则为案件选定调解组织：企业调委会、镇街、行业（区域、商会）、区（市）中心，办案少者优先。",
    en="Picks the mediation organisation: the enterprise's committee, town or street, industry, regional or chamber, "
    "district centre; among equals the one with the fewest open cases.",
    bpmn_errors={NO_ORGANISATION: "没有可受理的调解组织 / no mediation organisation can take the case"},
)
def assign_organisation(context: HandlerContext, job: HandlerJob, input: dict[str, Any]) -> dict[str, UUID | str]:
    """Choose and record. Raises BpmnError `no-organisation`."""
    dispute = context.dispute(job.case_id)
    area_code = input.get("area_code")
    wish = Wish(
        area_path=context.area_path(area_code) if area_code else dispute.area_path,
        industry=input.get("industry") or dispute.industry,
        employer_codes=frozenset(
            party.id_number for party in dispute.parties if party.kind == "organisation" and party.id_number
        ),
        worker_objects=bool(input.get("worker_objects")),
        preference=input.get("preference") or None,
    )
    chosen = choose_organisation(wish, context.mediation_organisations())
    if chosen is None:
        raise BpmnError(NO_ORGANISATION, "本案所在区域没有可受理的调解组织。")
    found, rule = chosen
    context.assign_organisation(job.case_id, found.id, rule)
    return {"organisation_id": found.id, "organisation_kind": found.kind, "organisation_code": found.code}


def choose_organisation(
    wish: Wish, organisations: Sequence[OrganisationRecord]
) -> tuple[OrganisationRecord, str] | None:
    """Return the organisation and the code of the rule that chose it; None when no organisation serves the place.

    A preference (of the worker, or of the routing decision) comes first; mediation is voluntary, so it is followed
    wherever it can be. Then: the employer's own committee unless the worker objects; the town or street of the
    workplace; industry, regional, chamber and other organisations nearest to it; the centre of the district or city.
    """
    serving = [each for each in organisations if lies_within(wish.area_path, each.area_path) and _may_take(each, wish)]
    for rule, candidates in (
        ("preference", [each for each in serving if wish.preference in (each.code, each.kind)]),
        ("enterprise", [each for each in serving if each.kind == "enterprise"]),
        ("street", [each for each in serving if each.kind == "street"]),
        ("industry", [each for each in serving if each.kind == "industry"]),
        ("nearest", serving),
    ):
        if candidates:
            return _nearest_and_least_busy(candidates), rule
    return None


def _may_take(organisation: OrganisationRecord, wish: Wish) -> bool:
    """A committee serves its own enterprise only, an industry's organisation its industry only."""
    if organisation.kind == "enterprise":
        return organisation.employer_code in wish.employer_codes and not wish.worker_objects
    if organisation.kind == "industry":
        return wish.industry is not None and wish.industry in organisation.industries
    return True


def _nearest_and_least_busy(candidates: Sequence[OrganisationRecord]) -> OrganisationRecord:
    """Nearest in the area tree first, then the fewest open cases, then kind and code, so that the choice is settled."""
    return min(
        candidates,
        key=lambda each: (-len(each.area_path), each.open_cases, MEDIATION_KINDS.index(each.kind), each.code),
    )
