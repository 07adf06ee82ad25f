"""What an arbitration review weighs: the grounds of its forms with their articles, and what was said of papers and items.

Codes of grounds such as `78-3` name the item of an article of the case rules (劳动人事争议仲裁办案规则); their words stand
in the forms alone. Values in, values out.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casework.agreements import AgreementItem
from casework.causes import cause
from casework.deadlines.citations import Citation
from casework.deadlines.rules import shipped
from engine.domain.values import Value, plain

PROCESS = "arbitration-review"
GROUND_FIELDS = {"review-acceptance": "review_refusal_ground", "review-decision": "review_decision_ground"}
"""Form of the review -> its field that chooses why it is refused."""
APPLICATION_FORM, MATERIALS = "review-application", "review_materials"
DECISIONS_FORM, DECISIONS, ITEM_GROUND = "review-acceptance", "review_item_decisions", "item_ground"
VARIABLES = frozenset(
    {MATERIALS, "review_materials_missing", "review_materials_state", "review_acceptance", "review_scope", DECISIONS}
)
"""What earlier tasks of the review said."""

_ITEM = re.compile(r"(\d+)-(\d+)")
_ARTICLE = re.compile(r"(\d+)-")


@dataclass(frozen=True, slots=True)
class Ground:
    """A reason to refuse."""

    code: str
    label: str
    """As the form words it."""
    article: Citation | None

    def as_dict(self) -> dict[str, Any]:
        """Return it with its article in both languages."""
        article = None if self.article is None else {"zh": self.article.zh, "en": self.article.en}
        return {"code": self.code, "label": self.label, "article": article}


def grounds(form: Mapping[str, Any] | None, key: str) -> list[Ground]:
    """Return the grounds that a form's field offers, in its order; none without the form."""
    return [Ground(code, label, _article(code)) for code, label in choices(form, key).items()]


def choices(form: Mapping[str, Any] | None, key: str) -> dict[str, str]:
    """Return the choices, code -> label, of the first field of a form (form-js JSON) with this key; rows are searched too."""
    for component in _components((form or {}).get("components", ())):
        if component.get("key") == key:
            return {str(each["value"]): str(each["label"]) for each in component.get("values", ())}
    return {}


def materials(form: Mapping[str, Any] | None, said: Mapping[str, Value]) -> list[dict[str, Any]]:
    """Return every paper that the application form lists with its state: received, missing, supplied, or not noted.

    `supplied`: it was missing and came when the parties were asked to complete their application. The list is empty when
    nothing was said of papers yet.
    """
    received, missing = set(said.get(MATERIALS) or ()), set(said.get("review_materials_missing") or ())
    if not received and not missing:
        return []
    is_supplied = said.get("review_materials_state") == "corrected"
    rows = []
    for code, label in choices(form, MATERIALS).items():
        state = "received" if code in received else "not-noted"
        if code in missing:
            state = "supplied" if is_supplied else "missing"
        rows.append({"code": code, "label": label, "state": state})
    return rows


def items(
    agreement: Sequence[AgreementItem],
    form: Mapping[str, Any] | None,
    said: Mapping[str, Value],
    names: Mapping[str, str],
) -> list[dict[str, Any]]:
    """Return the items of an agreement, each with whether its cause may be reviewed and what was decided at acceptance.

    `is_reviewed` is null while nothing was decided of an item; where the whole agreement was accepted, every item is.
    `names` gives the parties' names by their id.
    """
    known = {ground.code: ground for ground in grounds(form, ITEM_GROUND)}
    decided = {row["item_number"]: row for row in said.get(DECISIONS) or () if isinstance(row, dict)}
    is_whole = said.get("review_acceptance") == "accepted" and said.get("review_scope") == "all"
    rows = []
    for item in agreement:
        its_cause = cause(item.cause_code)
        decision = decided.get(item.position)
        ground = None if decision is None else known.get(str(decision.get(ITEM_GROUND) or ""))
        rows.append(
            {
                "position": item.position,
                "content": item.content,
                "cause": {"code": its_cause.code, "zh": its_cause.zh, "en": its_cause.en},
                "amount": plain(item.amount),
                "payer": names.get(item.payer_party_id or ""),
                "payee": names.get(item.payee_party_id or ""),
                "due_on": item.due_on,
                "may_be_reviewed": its_cause.may_be_reviewed,
                "is_reviewed": decision["eligible"] == "yes" if decision else True if is_whole else None,
                "ground": None if ground is None else ground.as_dict(),
            }
        )
    return rows


def _components(rows: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for row in rows:
        yield row
        yield from _components(row.get("components", ()))


def _article(code: str) -> Citation | None:
    statute = shipped().statutes["arbitration-case-rules"].words
    if match := _ITEM.fullmatch(code):
        return Citation(statute, (f"{match[1]}[{match[2]}]",))
    if match := _ARTICLE.match(code):
        return Citation(statute, (match[1],))
    return None
