"""What goes into each paper: the case's data as JSON for the templates, and what is still missing for it."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from casework.organisations import OrganisationRecord
from casework.queries.read_dispute import AgentRecord, ClaimRecord, DisputeRecord, PartyRecord
from casework.vocabulary import AGENT_KINDS, AGENT_POWERS
from handlers.errors import JobFailedError
from handlers.papers.amounts import capital_amount, chinese_count, chinese_date, figure_amount

Content = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PaperSources:
    """What a paper is made from."""

    dispute: DisputeRecord
    number: str
    today: date
    deadline: Callable[[str, date], tuple[date, bool]]
    """`(rule, start) -> last day and whether it is provisional`, e.g. of `MED-15R`."""
    agreement_number: str | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A kind of paper: its title, what it cannot do without, and what it says."""

    kind: str
    title: str
    content: Callable[[PaperSources], Content]
    event_dates: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    bodies: tuple[str, ...] = field(default=("organisation",))
    """Which of the case's organisations must be known: `organisation`, `arbitration`, `court`."""


_WANTED = {
    "organisation": "调解组织",
    "arbitration": "仲裁院",
    "court": "法院",
    "mediation_application_received_on": "收到调解申请之日",
    "mediation_accepted_on": "调解受理之日",
    "agreement_effective_on": "调解协议生效之日",
    "agreement_terms": "调解协议内容",
}


def missing(paper: Paper, dispute: DisputeRecord) -> tuple[str, ...]:
    """Return, in Chinese, what the case still lacks for the paper."""
    lacking = [name for name in paper.bodies if getattr(dispute, name) is None]
    lacking += [name for name in paper.event_dates if name not in dispute.event_dates]
    lacking += [name for name in paper.statements if not dispute.statements.get(name, "").strip()]
    return tuple(_WANTED[name] for name in lacking)


def refuse_incomplete(paper: Paper, dispute: DisputeRecord) -> None:
    """Raise JobFailedError without retry when the case lacks something for the paper."""
    lacking = missing(paper, dispute)
    if lacking:
        raise JobFailedError(f"《{paper.title}》缺少：{'、'.join(lacking)}。请先补录，再重试此作业。", retry=False)


def paper_content(paper: Paper, sources: PaperSources) -> Content:
    """Return the data for the paper's template; the case lacks nothing for it (`refuse_incomplete`)."""
    content: Content = cleaned(_shared(paper, sources) | paper.content(sources))
    return content


def cleaned(value: Any) -> Any:
    """Return `value` with every text on one line and without invisible control and format characters."""
    if isinstance(value, str):
        visible = "".join(char for char in value if char.isspace() or unicodedata.category(char) not in {"Cc", "Cf"})
        return " ".join(visible.split())
    if isinstance(value, Mapping):
        return {key: cleaned(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [cleaned(item) for item in value]
    return value


# --- the papers ----------------------------------------------------------------------------------------------------


def _acceptance(sources: PaperSources) -> Content:
    dates = sources.dispute.event_dates
    organisation = _known(sources.dispute.organisation)
    contact = [
        organisation.address and f"地址：{organisation.address}",
        organisation.phone and f"电话：{organisation.phone}",
    ]
    return {
        "due": {
            "organisation": _last_day(sources, "MED-15R", dates["mediation_accepted_on"]),
            "statute": _last_day(sources, "MED-15S", dates["mediation_application_received_on"]),
        },
        "contact": "，".join(part for part in contact if part),
        "issued_on": chinese_date(sources.today),
    }


def _agreement(sources: PaperSources) -> Content:
    dispute = sources.dispute
    place = dispute.statements.get("performance_place", "").strip()
    due_on = dispute.event_dates.get("performance_due_on")
    return _terms(sources) | {
        "facts": lines(dispute.statements.get("dispute_facts")),
        "performance": [
            *([f"协议义务应于{chinese_date(due_on)}前（含当日）履行完毕。"] if due_on else []),
            *lines(dispute.statements.get("performance_method")),
            *([f"履行地点：{place}。"] if place else []),
        ],
        "place": dispute.statements.get("mediation_place", "").rstrip("。"),
        "may_order_payment": any(claim.cause.has_payment_order for claim in dispute.claims),
        "copies": chinese_count(len(dispute.parties) + 1),
    }


def _review_application(sources: PaperSources) -> Content:
    arbitration = _known(sources.dispute.arbitration)
    effective_on = sources.dispute.event_dates["agreement_effective_on"]
    return _joint(sources, effective_on) | {
        "addressee": arbitration.seal_name or arbitration.name,
        "due": {"review": _last_day(sources, "REV-APPLY", effective_on)},
    }


def _confirmation_application(sources: PaperSources) -> Content:
    effective_on = sources.dispute.event_dates["agreement_effective_on"]
    return _joint(sources, effective_on) | {
        "addressee": _known(sources.dispute.court).name,
        "due": {"confirmation": _last_day(sources, "JC-APPLY", effective_on)},
    }


PAPERS: Mapping[str, Paper] = MappingProxyType(
    {
        paper.kind: paper
        for paper in (
            Paper(
                "mediation-acceptance-notice",
                "调解受理通知书",
                _acceptance,
                event_dates=("mediation_application_received_on", "mediation_accepted_on"),
            ),
            Paper("mediation-agreement", "调解协议书", _agreement, statements=("agreement_terms",)),
            Paper(
                "review-application",
                "仲裁审查申请书",
                _review_application,
                event_dates=("agreement_effective_on",),
                statements=("agreement_terms",),
                bodies=("organisation", "arbitration"),
            ),
            Paper(
                "confirmation-application",
                "司法确认申请书",
                _confirmation_application,
                event_dates=("agreement_effective_on",),
                statements=("agreement_terms",),
                bodies=("organisation", "court"),
            ),
        )
    }
)
"""Every kind of paper by its name; the template is the file of the same name in this folder."""


# --- parts ---------------------------------------------------------------------------------------------------------


def _shared(paper: Paper, sources: PaperSources) -> Content:
    dispute = sources.dispute
    organisation = _known(dispute.organisation)
    names = {party.party_id: party.name for party in dispute.parties}
    return {
        "title": paper.title,
        "number": sources.number,
        "issuer": organisation.name,
        "issuer_seal": organisation.seal_name or organisation.name,
        "mediator": dispute.mediator_name,
        "cause": "、".join(dict.fromkeys(_topic(claim.cause.zh) for claim in dispute.claims))
        or _topic(dispute.cause.zh),
        "may_be_reviewed": all(claim.cause.may_be_reviewed for claim in dispute.claims),
        "applicants": [_party(party) for party in dispute.parties if party.side == "applicant"],
        "respondents": [_party(party) for party in dispute.parties if party.side == "respondent"],
        "claims": [_claim(claim, names) for claim in dispute.claims],
        "claim_total": _money(sum((claim.amount or Decimal(0) for claim in dispute.claims), Decimal(0))),
        "dates": {name: chinese_date(day) for name, day in dispute.event_dates.items()}
        | {name: "" for name in _WANTED if name.endswith("_on") and name not in dispute.event_dates},
    }


def _terms(sources: PaperSources) -> Content:
    dispute = sources.dispute
    names = {str(party.party_id): party.name for party in dispute.parties}
    instalments = [
        {
            "position": each.position,
            "payer": names.get(str(each.payer_party_id), ""),
            "payee": names.get(str(each.payee_party_id), ""),
            "amount": _money(each.amount),
            "due_on": chinese_date(each.due_on),
            "account": each.account or "",
        }
        for each in dispute.instalments
    ]
    return {
        "terms": lines(dispute.statements["agreement_terms"]),
        "instalments": instalments,
        "instalment_total": _money(sum((each.amount for each in dispute.instalments), Decimal(0))),
    }


def _joint(sources: PaperSources, effective_on: date) -> Content:
    dispute = sources.dispute
    return _terms(sources) | {
        "mediation_organisation": _known(dispute.organisation).name,
        "agreement_number": sources.agreement_number,
        "effective_on": chinese_date(effective_on),
        "sides": {
            "applicants": _side(party for party in dispute.parties if party.side == "applicant"),
            "respondents": _side(party for party in dispute.parties if party.side == "respondent"),
        },
    }


def lines(text: str | None) -> list[str]:
    """Return the lines of a statement that say something."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _party(party: PartyRecord) -> Content:
    is_person = party.kind == "person"
    return {
        "name": party.name,
        "id_label": "居民身份证号码" if is_person else "统一社会信用代码",
        "id_number": party.id_number or "",
        "address_label": "住址" if is_person else "住所",
        "address": party.address or "",
        "phone": party.phone or "",
        "email": party.email or "",
        "legal_representative": party.legal_representative or "",
        "sign": "签名" if is_person else "盖章",
        "agents": [{"line": _agent(agent)} for agent in party.agents],
    }


def _agent(agent: AgentRecord) -> str:
    line = f"{agent.name}（{AGENT_KINDS[agent.kind].zh}，{AGENT_POWERS[agent.powers].zh}）"
    return f"{line}，{agent.phone}" if agent.phone else line


def _claim(claim: ClaimRecord, names: Mapping[Any, str]) -> Content:
    return {
        "position": claim.position,
        "applicant": names.get(claim.party_id, "") if claim.party_id else "",
        "cause": claim.cause.zh,
        "amount": None if claim.amount is None else _money(claim.amount),
        "facts": claim.facts or "",
    }


def _money(amount: Decimal) -> dict[str, str]:
    return {"figures": figure_amount(amount), "words": capital_amount(amount)}


def _last_day(sources: PaperSources, rule: str, start: date) -> str:
    """Return the last day of a period; one that hangs on a holiday notice still to come says so."""
    day, is_provisional = sources.deadline(rule, start)
    return chinese_date(day) + ("（暂定，以公布的节假日安排为准）" if is_provisional else "")


def _topic(cause: str) -> str:
    return cause.removesuffix("争议").removesuffix("纠纷")


def _side(parties: Any) -> str:
    kinds = {party.kind for party in parties}
    return "劳动者" if kinds == {"person"} else "用人单位" if kinds == {"organisation"} else "当事人"


def _known(organisation: OrganisationRecord | None) -> OrganisationRecord:
    assert organisation is not None, "refuse_incomplete() was asked before"
    return organisation
