"""notify: tells people about the case in the system, by mail and by short message, each channel once."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, validate

from casework.amounts import chinese_date
from casework.gateway import DeliveryDelayedError, DeliveryRefusedError
from casework.notices import notice_templates, render_notice
from casework.notifications import CHANNELS, Recipient
from casework.queries.read_dispute import DisputeRecord, PartyRecord
from casework.roles import ROLES
from handlers.context import HandlerContext
from handlers.errors import JobFailedError
from handlers.registry import HandlerJob, handles

IN_APP = "in-app"
SIDES = ("parties", "applicants", "respondents", "payers", "payees")


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _check_recipients(text: str) -> None:
    words = _words(text)
    unknown = [each for each in words if not (each in ROLES or each in SIDES or each.startswith(("user:", "party:")))]
    if unknown or not words:
        raise ValidationError(
            f"“{'、'.join(unknown)}”不是接收人：应为角色、{'、'.join(SIDES)}、user:用户名 或 party:当事人编号"
        )


def _check_channels(text: str) -> None:
    unknown = [each for each in _words(text) if each not in CHANNELS]
    if unknown:
        raise ValidationError(f"“{'、'.join(unknown)}”不是通知渠道，可用：{'、'.join(CHANNELS)}")


class NotifyInput(Schema):
    """Who is told what."""

    template = fields.String(
        required=True,
        validate=validate.OneOf(notice_templates(), error="没有这个通知模板，可用：{choices}"),
        metadata={"zh": "通知模板", "en": "Notice template"},
    )
    recipient = fields.String(
        required=True,
        validate=_check_recipients,
        metadata={
            "zh": "接收人，逗号分隔：角色、parties、applicants、respondents、payers（下一期的付款方；没有写明的为全部当事人）、"
            "payees（其收款方）、user:用户名、party:当事人编号",
            "en": "Who, comma separated: roles, parties, applicants, respondents, payers (of what falls due next; all "
            "parties where nobody is named), payees (to whom it is paid), user:<username>, party:<party_id>",
        },
    )
    channels = fields.String(
        validate=_check_channels,
        allow_none=True,
        metadata={
            "zh": "渠道，逗号分隔：in-app、email、sms；省略时为全部可用渠道，系统内通知总会发出",
            "en": "Channels, comma separated: in-app, email, sms; all that are possible when left out, in-app always",
        },
    )
    due_on = fields.Date(allow_none=True, metadata={"zh": "通知中的期限", "en": "The day the notice speaks of"})
    document_number = fields.String(allow_none=True, metadata={"zh": "通知中的文号", "en": "The paper it speaks of"})


class NotifyOutput(Schema):
    """What was sent."""

    notification_ids = fields.List(
        fields.UUID(), required=True, metadata={"zh": "各条通知的编号", "en": "Ids of the notifications"}
    )


@handles(
    "notify",
    input=NotifyInput,
    output=NotifyOutput,
    zh="通知当事人或者工作人员：系统内、邮件、短信，每个渠道只送达一次。",
    en="Tells parties or staff in the system, by mail and by short message; each channel delivers once.",
    time_limit=timedelta(seconds=180),
)
def notify(context: HandlerContext, job: HandlerJob, input: dict[str, Any]) -> dict[str, list[UUID]]:
    """Tell every recipient through every channel that has an address.

    A channel that refuses for good is marked failed and does not stop the rest; one that cannot be reached fails the
    job after the rest was done, and the next attempt repeats that channel alone.
    """
    dispute = context.dispute(job.case_id)
    facts = _facts(dispute, input.get("due_on"), input.get("document_number"))
    chosen = _words(input.get("channels") or "") or list(CHANNELS)
    ids: list[UUID] = []
    troubles: list[str] = []
    for recipient in _recipients(context, dispute, _words(input["recipient"])):
        for channel, address in _ways(context, recipient, chosen):
            key = f"{job.idempotency_key}:{channel}:{recipient.party_id or recipient.user_id}"
            recorded = context.record_notification(
                job.case_id,
                template=input["template"],
                channel=channel,
                recipient=recipient,
                facts=facts,
                idempotency_key=key,
            )
            ids.append(recorded.id)
            if recorded.state != "pending":
                continue
            try:
                external_id = _send(context, channel, address, recipient, input["template"], facts, key)
            except DeliveryRefusedError:
                context.mark_failed(recorded.id)
            except DeliveryDelayedError as error:
                troubles.append(str(error))
            else:
                context.mark_delivered(recorded.id, external_id)
    if troubles:
        raise JobFailedError(f"{len(troubles)} 条通知尚未送出：{'；'.join(sorted(set(troubles)))}")
    return {"notification_ids": ids}


def _facts(dispute: DisputeRecord, due_on: date | None, document_number: str | None) -> dict[str, str]:
    """Return what a notice speaks of: nothing about a person, for it is kept and travels over open networks."""
    facts = {
        "number": dispute.number,
        "cause": dispute.cause.zh,
        "organisation": dispute.organisation.name if dispute.organisation else "",
        "due_on": chinese_date(due_on) if due_on else "",
        "document_number": document_number or "",
    }
    return {name: value for name, value in facts.items() if value}


def _recipients(context: HandlerContext, dispute: DisputeRecord, words: Iterable[str]) -> list[Recipient]:
    """Return the recipients in the order asked for, each once."""
    found: dict[tuple[UUID | None, UUID | None], Recipient] = {}
    for word in words:
        for recipient in _meant_by(context, dispute, word):
            found.setdefault((recipient.party_id, None if recipient.party_id else recipient.user_id), recipient)
    return list(found.values())


def _meant_by(context: HandlerContext, dispute: DisputeRecord, word: str) -> list[Recipient]:
    if word in SIDES:
        return [context.party_recipient(party.party_id) for party in _side(dispute, word)]
    kind, colon, name = word.partition(":")
    if not colon:
        return context.users_of_role(dispute.case_id, word)
    if kind == "user":
        return [context.user_recipient(name)]
    if name not in {str(party.party_id) for party in dispute.parties}:
        raise JobFailedError(f"“{word}”不是本案当事人。", retry=False)
    return [context.party_recipient(UUID(name))]


def _side(dispute: DisputeRecord, word: str) -> Iterable[PartyRecord]:
    """Return the parties that a word of SIDES means."""
    if word in ("payers", "payees"):
        following = dispute.ledger.next_due
        due = [
            row.position
            for row in dispute.ledger.rows
            if row.outstanding and following is not None and row.due_on == following.due_on
        ]
        payers = frozenset().union(*(dispute.payers(position) for position in due))
        payees = frozenset().union(*(dispute.payees(position) for position in due)) - payers
        if not payers:
            return dispute.parties if word == "payers" else ()
        wanted = payers if word == "payers" else payees
        return [party for party in dispute.parties if str(party.party_id) in wanted]
    return {"parties": dispute.parties, "applicants": dispute.applicants, "respondents": dispute.respondents}[word]


def _ways(context: HandlerContext, recipient: Recipient, chosen: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the channels that can reach the recipient, with the address."""
    yield IN_APP, ""
    if "email" in chosen and recipient.email and context.settings.smtp:
        yield "email", recipient.email
    if "sms" in chosen and recipient.phone and context.settings.sms:
        yield "sms", recipient.phone


def _send(
    context: HandlerContext,
    channel: str,
    address: str,
    recipient: Recipient,
    template: str,
    facts: dict[str, str],
    key: str,
) -> str:
    """Hand the notice to a channel and return its id there; raises DeliveryDelayedError and DeliveryRefusedError."""
    from handlers.channels.mail import send_mail
    from handlers.channels.sms import send_sms

    settings = context.settings
    notice = render_notice(template, recipient.language, facts)
    if channel == "sms":
        assert settings.sms is not None
        return send_sms(settings.sms, address, f"【{settings.brand}】{notice.text}", key, context.now())
    assert settings.smtp is not None
    greeting = f"Dear {recipient.name}," if recipient.language == "en" else f"{recipient.name}："
    link = [settings.address] if settings.address else []
    text = "\n\n".join([greeting, notice.text, *link, settings.brand]) + "\n"
    subject = f"【{settings.brand}】{notice.subject}（{facts['number']}）"
    return send_mail(settings.smtp, address, subject, text, key, context.now())
