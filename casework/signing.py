"""Signatures and seals of a case: kept, withdrawn, and the day on which they made the agreement effective."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.bureau import Bureau
from casework.effect_gate import LEVELS, SIGNED_BY, GateDecision, decide
from casework.encryption import place
from casework.errors import InputInvalidError
from casework.event_dates import FIRST_DAY
from casework.store.named_inputs import current_dates, drop_row, put_row
from casework.store.signatures import (
    Signing,
    current_signatures,
    every_signature,
    latest_agreement,
    put_signature,
    signature_of,
    signing_of,
    supersede,
)
from casework.store.tables import agent, document, event_date, signature
from engine.domain.clock import shanghai_date
from engine.domain.host import InputChange
from engine.domain.ids import IdSource
from engine.domain.values import Value

EFFECTIVE = "agreement_effective_on"
SIGNATURES = "agreement_signatures"
SIGNED_COPY = "signed_copy"


def keep_signatures(
    connection: sa.Connection,
    bureau: Bureau,
    ids: IdSource,
    case_id: UUID,
    rows: Value,
    *,
    signed_copy: Value = None,
    actor_id: str,
    now: datetime,
    reason: str | None = None,
) -> list[InputChange]:
    """Keep signatures of a case, whose lock the caller holds; return what changed, the day of effect with it.

    Each row is a dict: `signatory` (a code that `signing_of` names), `signed_on`, and where they differ from the usual
    `level` (paper-scan), `signed_by` (self), `consented_on`, `proof` (id of a document of the case). A row without
    `signed_on` says that nobody has signed yet and is passed over; one that says what is on record changes nothing.
    `signed_copy` is the scan for every paper signature that has none. Raises NotFoundError and InputInvalidError.
    """
    signing = signing_of(connection, case_id)
    standing = current_signatures(connection, case_id)
    scan = _document(connection, case_id, signed_copy, SIGNED_COPY)
    agreement = latest_agreement(connection, case_id)
    kept: list[str] = []
    for given in _rows(rows):
        if not given.get("signed_on"):
            continue
        row = _row(connection, case_id, signing, given, shanghai_date(now))
        old = standing.get(row["signatory"])
        if row["proof_document_id"] is None:
            row["proof_document_id"] = scan or (old.proof_document_id if old is not None else None)
        if old is not None and all(old._mapping[key] == value for key, value in row.items()):
            continue
        row_id = ids()
        sealed = bureau.keyring.seal_optional(reason, place("signature", "reason", row_id))
        row |= {"id": row_id, "case_id": case_id, "document_id": agreement, "reason": sealed}
        put_signature(connection, row | {"recorded_at": now, "recorded_by": actor_id}, now=now)
        standing.pop(row["signatory"], None)
        kept.append(str(row_id))
    if scan is not None:
        kept += _add_scan(connection, ids, standing.values(), scan, actor_id=actor_id, now=now)
    changes = [InputChange(SIGNATURES, sorted(str(row.id) for row in standing.values()) or None, kept)] if kept else []
    return changes + refresh_effect(connection, bureau, ids, case_id, actor_id=actor_id, now=now, signing=signing)


def withdraw_signatures(
    connection: sa.Connection,
    bureau: Bureau,
    ids: IdSource,
    case_id: UUID,
    codes: Iterable[str] | None,
    *,
    actor_id: str,
    now: datetime,
    reason: str,
) -> list[InputChange]:
    """Let the standing signatures of these signatories (None: of all) stand no more; return what changed."""
    standing = current_signatures(connection, case_id)
    gone = [row for code, row in standing.items() if codes is None or code in codes]
    for row in gone:
        supersede(connection, case_id, row.signatory, now=now)
        sealed = bureau.keyring.seal(reason, place("signature", "reason", row.id))
        connection.execute(sa.update(signature).where(signature.c.id == row.id).values(reason=sealed))
    if not gone:
        return []
    left = sorted(str(row.id) for row in current_signatures(connection, case_id).values())
    changes = [InputChange(SIGNATURES, sorted(str(row.id) for row in standing.values()), left, reason)]
    return changes + refresh_effect(connection, bureau, ids, case_id, actor_id=actor_id, now=now)


def refresh_effect(
    connection: sa.Connection,
    bureau: Bureau,
    ids: IdSource,
    case_id: UUID,
    *,
    actor_id: str,
    now: datetime,
    signing: Signing | None = None,
) -> list[InputChange]:
    """Let the day of effect follow from the signatures on record; return what changed.

    A case without any signature on record keeps the day that was entered for an agreement made elsewhere.
    """
    if not every_signature(connection, case_id):
        return []
    decision = gate_of(connection, bureau, case_id, signing=signing)
    old, new = current_dates(connection, case_id).get(EFFECTIVE), decision.effective_on
    if old == new:
        return []
    if new is None:
        drop_row(connection, event_date, case_id, EFFECTIVE, now=now)
    else:
        row = {"id": ids(), "value": new, "recorded_at": now, "recorded_by": actor_id}
        put_row(connection, event_date, case_id, EFFECTIVE, row, now=now)
    changes = [InputChange(EFFECTIVE, old, new)]
    if (old is None) != (new is None):
        words = {True: "open", False: "satisfied"}
        changes.append(InputChange("agreement_gate", words[old is None], words[new is None]))
    return changes


def gate_of(
    connection: sa.Connection, bureau: Bureau, case_id: UUID, *, signing: Signing | None = None
) -> GateDecision:
    """Return what the effect gate decides on the signatures on record. Raises NotFoundError."""
    signing = signing or signing_of(connection, case_id)
    given = [signature_of(row) for row in current_signatures(connection, case_id).values()]
    return decide(signing.signatories, given, bureau.site.effect_gate)


def refuse_entered_effect(connection: sa.Connection, case_id: UUID) -> None:
    """Raise InputInvalidError where the day of effect follows from signatures, so that nobody enters it by hand."""
    if latest_agreement(connection, case_id) is not None or every_signature(connection, case_id):
        raise InputInvalidError(
            name=EFFECTIVE,
            problem_zh="生效日期由各方签名盖章的日期得出，请登记或者更正签名盖章。",
            problem_en="the day of effect follows from the signatures and the seal; record or correct those.",
        )


def _add_scan(
    connection: sa.Connection,
    ids: IdSource,
    standing: Iterable[sa.Row[Any]],
    scan: UUID,
    *,
    actor_id: str,
    now: datetime,
) -> list[str]:
    """Record the paper signatures that had no scan anew, with this one."""
    kept = []
    for old in standing:
        if old.level == "paper-scan" and old.proof_document_id is None:
            row_id = ids()
            row = dict(old._mapping) | {"id": row_id, "proof_document_id": scan, "reason": None}
            put_signature(connection, row | {"recorded_at": now, "recorded_by": actor_id}, now=now)
            kept.append(str(row_id))
    return kept


def _rows(rows: Value) -> list[Mapping[str, Any]]:
    if rows is None:
        return []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _wrong("应为签名盖章的列表。", "a list of signatures is needed.")
    codes = [row.get("signatory") for row in rows if row.get("signed_on")]
    if len(set(codes)) < len(codes):
        raise _wrong("同一签署人登记了两次。", "somebody is named twice.")
    return rows


def _row(
    connection: sa.Connection, case_id: UUID, signing: Signing, given: Mapping[str, Any], today: date
) -> dict[str, Any]:
    code = str(given.get("signatory") or "")
    signer = {each.code: each.signer for each in signing.signatories}.get(code)
    if signer is None:
        known = "、".join(each.code for each in signing.signatories)
        raise _wrong(f"没有签署人“{code}”，应为：{known}。", f"nobody called {code!r} is to sign; known: {known}.")
    signed_on = _day(code, given["signed_on"], today)
    consented_on = _day(code, given["consented_on"], today) if given.get("consented_on") else None
    signed_by = str(given.get("signed_by") or "self")
    level = str(given.get("level") or "paper-scan")
    if level not in LEVELS or signed_by not in SIGNED_BY:
        raise _wrong(f"“{code}”的签署方式不正确。", f"the way in which {code!r} signed is unknown.")
    party_id = signing.parties.get(code)
    if signed_by == "agent" and not _has_special_agent(connection, party_id):
        raise _wrong(
            f"“{code}”没有特别授权的代理人，代理人不能代签协议。",
            f"{code!r} has no agent with special powers, so nobody can sign in its place.",
        )
    return {
        "signatory": code,
        "signer": signer,
        "party_id": party_id,
        "user_id": signing.mediators.get(code),
        "level": level,
        "signed_by": signed_by,
        "signed_on": signed_on,
        "consented_on": consented_on,
        "proof_document_id": _document(connection, case_id, given.get("proof"), SIGNATURES),
    }


def _day(code: str, value: Any, today: date) -> date:
    try:
        day = value if type(value) is date else date.fromisoformat(str(value))
    except ValueError:
        raise _wrong(f"“{code}”的签署日期不正确。", f"the day on which {code!r} signed is none.") from None
    if not FIRST_DAY <= day <= today:
        raise _wrong(
            f"“{code}”的签署日期 {day} 不在 {FIRST_DAY} 至今天（{today}）之间，尚未签署的不能登记。",
            f"the day {day} on which {code!r} signed does not lie between {FIRST_DAY} and today ({today}).",
        )
    return day


def _has_special_agent(connection: sa.Connection, party_id: UUID | None) -> bool:
    statement = sa.select(agent.c.id).where(agent.c.party_id == party_id, agent.c.powers == "special")
    return party_id is not None and connection.execute(statement).first() is not None


def _document(connection: sa.Connection, case_id: UUID, value: Value, name: str) -> UUID | None:
    if value in (None, ""):
        return None
    try:
        document_id = UUID(str(value))
    except ValueError:
        document_id = None
    statement = sa.select(document.c.id).where(document.c.case_id == case_id, document.c.id == document_id)
    if document_id is None or connection.execute(statement).first() is None:
        raise InputInvalidError(
            name=name,
            problem_zh="扫描件不是本案已上传的文件，请先上传。",
            problem_en="the scan is no document of this case; upload it first.",
        )
    return document_id


def _wrong(zh: str, en: str) -> InputInvalidError:
    return InputInvalidError(name=SIGNATURES, problem_zh=zh, problem_en=en)
