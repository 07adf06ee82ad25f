"""Asks for a paper at once, beside the process: a receipt at the window, a notice that no step of the case makes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.access import Viewer, require, roles_in_scope
from casework.bureau import Bureau
from casework.documents import current_paper, request_reissue
from casework.errors import ActionForbiddenError, InputInvalidError, PaperNotOfferedError
from casework.paper_kinds import is_repeated
from casework.paper_offers import OFFERS, PaperOffer
from casework.stages import STAGES
from casework.store.tables import dispute, document, party
from engine.commands.add_job import add_job
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.values import Value, encode
from engine.store.cases import lock_case
from engine.store.tables import job, process_instance

JOB_TYPE = "render-document"
MADE_AGAIN = "按要求重新制作 / made again on request"


@dataclass(frozen=True, slots=True)
class PaperRequest:
    """Which paper is wanted, and what is to stand on it that the case does not know."""

    kind: str
    """A key of `casework.paper_offers.OFFERS`."""
    grounds: tuple[str, ...] = ()
    party_id: UUID | None = None
    about_kind: str | None = None
    held_at: datetime | None = None
    reason: str | None = None
    """Why it is made again, where the case has one already."""


@dataclass(frozen=True, slots=True)
class _Place:
    """The dispute's process as a whole: where in it the paper belongs."""

    instance_id: UUID
    process_key: str
    element_id: str
    element_name: str


def request_paper(uow: UnitOfWork, bureau: Bureau, viewer: Viewer, case_id: UUID, wanted: PaperRequest) -> UUID:
    """Have a paper made and return the id of the job that makes it. No token moves, and no 撤回 is barred by it.

    Who asks for such a kind again, in the same words and before it is made, gets the same job: one paper, one version.

    It bears the name of the viewer's organisation where it is the office's own letter. Of a kind that a case has once,
    a further one is the next version of the first. Locks the case. Raises NotFoundError, ActionForbiddenError,
    PaperNotOfferedError in a stage without it, and InputInvalidError.
    """
    require(uow.connection, viewer, "issue-document", case_id)
    offer = OFFERS[wanted.kind]
    if not offer.roles & roles_in_scope(uow.connection, viewer, case_id):
        raise ActionForbiddenError(action="issue-document")
    locked = lock_case(uow.connection, case_id)
    stage = uow.connection.execute(sa.select(dispute.c.stage).where(dispute.c.case_id == case_id)).scalar_one()
    if offer.stages is not None and stage not in offer.stages:
        raise PaperNotOfferedError(
            title_zh=offer.zh, title_en=offer.en, stage_zh=STAGES[stage].zh, stage_en=STAGES[stage].en
        )
    _refuse_unfit(uow.connection, case_id, offer, wanted)
    asked = _input(viewer, wanted)
    open_job = None if is_repeated(wanted.kind) else _open_job(uow.connection, case_id, asked)
    if open_job is not None:
        return open_job
    job_id = add_job(uow, locked, _place(uow.connection, case_id, offer), JOB_TYPE, asked)
    current = None
    if not is_repeated(wanted.kind):
        current = current_paper(uow.connection, case_id, wanted.kind, wanted.party_id)
    if current is not None:
        request_reissue(uow, bureau, current.id, (wanted.reason or "").strip() or MADE_AGAIN, str(job_id))
    return job_id


def _open_job(connection: sa.Connection, case_id: UUID, asked: dict[str, Value]) -> UUID | None:
    """Return the job that was asked for in the same words and has not made its paper yet."""
    found: UUID | None = connection.execute(
        sa.select(job.c.id)
        .where(
            job.c.case_id == case_id,
            job.c.job_type == JOB_TYPE,
            job.c.token_id.is_(None),
            job.c.state.in_(("waiting", "leased")),
            job.c.input == encode(asked),
        )
        .order_by(job.c.created_at, job.c.id)
        .limit(1)
    ).scalar_one_or_none()
    return found


def _input(viewer: Viewer, wanted: PaperRequest) -> dict[str, Value]:
    found: dict[str, Value] = {"kind": wanted.kind}
    if viewer.organisation_id is not None:
        found["issuer_id"] = str(viewer.organisation_id)
    if wanted.grounds:
        found["ground"] = ",".join(dict.fromkeys(wanted.grounds))
    if wanted.party_id is not None:
        found["party_id"] = str(wanted.party_id)
    if wanted.about_kind is not None:
        found["about_kind"] = wanted.about_kind
    if wanted.held_at is not None:
        found["held_at"] = wanted.held_at
    return found


def _refuse_unfit(connection: sa.Connection, case_id: UUID, offer: PaperOffer, wanted: PaperRequest) -> None:
    """Raise InputInvalidError for what does not belong on this paper of this case."""
    unknown = [code for code in wanted.grounds if code not in offer.grounds]
    if unknown:
        known = ", ".join(offer.grounds) or "—"
        _invalid(
            "grounds", f"没有 {', '.join(unknown)}，可用：{known}", f"there is no {', '.join(unknown)}; known: {known}"
        )
    if wanted.party_id is not None:
        if not offer.is_for_one_party:
            _invalid("party_id", f"《{offer.zh}》不分当事人制作。", "this paper is not made for one party.")
        if not _is_there(connection, party, party.c.id == wanted.party_id, party.c.case_id == case_id):
            _invalid("party_id", "不是本案当事人。", "it is no party of the case.")
    if (wanted.about_kind is None) is offer.is_about_paper:
        _invalid(
            "about_kind",
            "请指明送达的是哪一种文书。" if offer.is_about_paper else f"《{offer.zh}》不涉及其他文书。",
            "name the paper that is served." if offer.is_about_paper else "this paper is about no other.",
        )
    if wanted.about_kind is not None and not _is_there(
        connection,
        document,
        document.c.case_id == case_id,
        document.c.kind == wanted.about_kind,
        document.c.number.is_not(None),
        document.c.superseded_at.is_(None),
        document.c.voided_at.is_(None),
    ):
        _invalid("about_kind", "本案还没有这种文书。", "the case has no paper of this kind.")
    if wanted.held_at is not None and not offer.is_of_session:
        _invalid("held_at", f"《{offer.zh}》不写调解时间。", "this paper tells no time of a session.")


def _is_there(connection: sa.Connection, table: sa.Table, *where: sa.ColumnElement[bool]) -> bool:
    return connection.execute(sa.select(sa.literal(1)).select_from(table).where(*where).limit(1)).first() is not None


def _invalid(name: str, zh: str, en: str) -> None:
    raise InputInvalidError(name=name, problem_zh=zh, problem_en=en)


def _place(connection: sa.Connection, case_id: UUID, offer: PaperOffer) -> Any:
    row = connection.execute(
        sa.select(process_instance.c.id, process_instance.c.process_key)
        .where(process_instance.c.case_id == case_id)
        .order_by(process_instance.c.started_at, process_instance.c.id)
        .limit(1)
    ).one()
    return _Place(row.id, row.process_key, row.process_key, f"制作《{offer.zh}》")
