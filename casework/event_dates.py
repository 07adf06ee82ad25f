"""The event dates: what the law counts from, each a day that a person enters, never the moment of recording."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from casework.errors import EventDateInvalidError, EventDateUnknownError
from casework.service_records import SERVED_PAPERS, SIGNED_FOR_ONLY

FIRST_DAY = date(2008, 5, 1)
"""The day on which the law on mediation and arbitration of labour disputes came into force."""


@dataclass(frozen=True, slots=True)
class EventDate:
    """A day from which, or up to which, the law counts."""

    name: str
    zh: str
    en: str
    stage: str
    """The process to which it belongs."""
    may_be_future: bool = False
    """True for days that are agreed, or that follow by law from what was done, not observed."""


EVENT_DATES: Mapping[str, EventDate] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            EventDate("received_on", "收到申请日期", "Request received", "dispute"),
            EventDate(
                "internal_complaint_received_on", "收到内部申诉日期", "Internal complaint received", "negotiation"
            ),
            EventDate(
                "internal_complaint_answered_on", "答复内部申诉日期", "Internal complaint answered", "negotiation"
            ),
            EventDate(
                "negotiation_request_received_on", "协商要求送达日期", "Negotiation request received", "negotiation"
            ),
            EventDate("negotiation_answered_on", "协商答复日期", "Negotiation request answered", "negotiation"),
            EventDate("negotiation_refused_on", "不愿协商日期", "Negotiation refused", "negotiation"),
            EventDate(
                "negotiation_term_until", "约定的协商期限届满日期", "Agreed end of the negotiation", "negotiation", True
            ),
            EventDate("negotiation_ended_on", "协商结束日期", "Negotiation ended", "negotiation"),
            EventDate("settlement_signed_on", "和解协议签订日期", "Settlement signed", "negotiation"),
            EventDate(
                "mediation_application_received_on", "收到调解申请日期", "Mediation application received", "mediation"
            ),
            EventDate("mediation_accepted_on", "调解受理日期", "Mediation accepted", "mediation"),
            EventDate("mediation_refused_on", "调解不予受理日期", "Mediation refused", "mediation"),
            EventDate(
                "mediation_extended_until", "延长后的调解期限届满日期", "Mediation extended until", "mediation", True
            ),
            EventDate("mediation_ended_on", "调解终结日期", "Mediation ended without agreement", "mediation"),
            EventDate("agreement_effective_on", "调解协议生效日期", "Mediation agreement in effect", "mediation"),
            EventDate("performance_due_on", "履行期限届满日期", "Performance due", "performance", True),
            EventDate(
                "review_application_received_on",
                "收到审查申请日期",
                "Review application received",
                "arbitration-review",
            ),
            EventDate(
                "review_materials_completed_on",
                "审查申请材料补正齐全日期",
                "Review application completed",
                "arbitration-review",
            ),
            EventDate("review_accepted_on", "审查受理日期", "Review accepted", "arbitration-review"),
            EventDate("review_refused_on", "审查不予受理日期", "Review not accepted", "arbitration-review"),
            EventDate("award_made_on", "仲裁调解书制作日期", "Arbitral mediation document made", "arbitration-review"),
            EventDate("award_refused_on", "不予制作调解书决定日期", "Mediation document refused", "arbitration-review"),
            EventDate("review_withdrawn_on", "撤回审查申请日期", "Review withdrawn", "arbitration-review"),
            EventDate(
                "confirmation_applied_on",
                "申请司法确认日期",
                "Judicial confirmation applied for",
                "judicial-confirmation",
            ),
            EventDate(
                "confirmation_accepted_on",
                "司法确认受理日期",
                "Judicial confirmation accepted",
                "judicial-confirmation",
            ),
            EventDate(
                "confirmation_refused_on",
                "司法确认不予受理日期",
                "Judicial confirmation not accepted",
                "judicial-confirmation",
            ),
            EventDate(
                "confirmation_ruled_on", "司法确认裁定日期", "Judicial confirmation ruled on", "judicial-confirmation"
            ),
            EventDate(
                "confirmation_withdrawn_on",
                "撤回司法确认申请日期",
                "Judicial confirmation withdrawn",
                "judicial-confirmation",
            ),
            EventDate("followed_up_on", "回访日期", "Followed up", "performance"),
            EventDate("performance_breached_on", "确认未按期履行日期", "Breach of performance", "performance"),
            EventDate("urged_on", "督促履行日期", "Performance urged", "performance"),
            EventDate("payment_order_applied_on", "申请支付令日期", "Payment order applied for", "payment-order"),
            EventDate(
                "payment_order_accepted_on", "支付令申请受理日期", "Payment order application accepted", "payment-order"
            ),
            EventDate("payment_order_issued_on", "支付令发出日期", "Payment order issued", "payment-order"),
            EventDate(
                "payment_order_served_on", "债务人收到支付令日期", "Payment order served on the debtor", "payment-order"
            ),
            EventDate(
                "payment_order_objected_on", "书面异议日期", "Written objection to the payment order", "payment-order"
            ),
            EventDate(
                "payment_order_ended_on",
                "支付令程序结束日期（收到不予受理通知、驳回或者终结裁定）",
                "Payment order procedure ended: notice or ruling received",
                "payment-order",
            ),
            EventDate("performed_on", "履行完毕日期", "Performed", "performance"),
            EventDate("withdrawn_on", "撤回日期", "Withdrawn", "dispute"),
            EventDate("closed_on", "结案日期", "Closed", "dispute"),
            *(
                EventDate(
                    paper.event_date,
                    f"{paper.zh}送达日期",
                    f"{paper.en}: served",
                    paper.stage,
                    may_be_future=paper.kind not in SIGNED_FOR_ONLY,
                )
                for paper in SERVED_PAPERS.values()
            ),
        )
    }
)

ORDER: tuple[tuple[str, str], ...] = (
    ("received_on", "internal_complaint_received_on"),
    ("internal_complaint_received_on", "internal_complaint_answered_on"),
    ("internal_complaint_received_on", "negotiation_request_received_on"),
    ("received_on", "negotiation_request_received_on"),
    ("negotiation_request_received_on", "negotiation_answered_on"),
    ("negotiation_request_received_on", "negotiation_refused_on"),
    ("negotiation_answered_on", "negotiation_ended_on"),
    ("negotiation_request_received_on", "settlement_signed_on"),
    ("negotiation_answered_on", "settlement_signed_on"),
    ("settlement_signed_on", "performance_due_on"),
    ("received_on", "mediation_application_received_on"),
    ("mediation_application_received_on", "mediation_accepted_on"),
    ("mediation_application_received_on", "mediation_refused_on"),
    ("mediation_accepted_on", "mediation_extended_until"),
    ("mediation_accepted_on", "mediation_ended_on"),
    ("mediation_accepted_on", "agreement_effective_on"),
    ("agreement_effective_on", "performance_due_on"),
    ("agreement_effective_on", "review_application_received_on"),
    ("review_application_received_on", "review_accepted_on"),
    ("review_application_received_on", "review_materials_completed_on"),
    ("review_materials_completed_on", "review_accepted_on"),
    ("review_accepted_on", "award_made_on"),
    ("review_accepted_on", "award_refused_on"),
    ("award_made_on", "award_served_on"),
    ("agreement_effective_on", "confirmation_applied_on"),
    ("confirmation_applied_on", "confirmation_accepted_on"),
    ("confirmation_applied_on", "confirmation_refused_on"),
    ("confirmation_accepted_on", "confirmation_ruled_on"),
    ("confirmation_applied_on", "confirmation_withdrawn_on"),
    ("agreement_effective_on", "performed_on"),
    ("performance_breached_on", "urged_on"),
    ("payment_order_applied_on", "payment_order_accepted_on"),
    ("payment_order_accepted_on", "payment_order_issued_on"),
    ("payment_order_issued_on", "payment_order_served_on"),
    ("payment_order_served_on", "payment_order_objected_on"),
    ("payment_order_served_on", "payment_order_ended_on"),
    ("payment_order_issued_on", "payment_order_ended_on"),
    ("payment_order_applied_on", "payment_order_ended_on"),
    ("received_on", "closed_on"),
)
"""Pairs of which the first usually comes no later than the second."""


@dataclass(frozen=True, slots=True)
class DateWarning:
    """Two event dates stand in an unusual order; somebody should look."""

    earlier: str
    later: str
    zh: str
    en: str


def event_date(name: str) -> EventDate:
    """Return the event date of this name; raises EventDateUnknownError."""
    try:
        return EVENT_DATES[name]
    except KeyError:
        raise EventDateUnknownError(name=name, known=", ".join(EVENT_DATES)) from None


def check_event_date(name: str, value: object, today: date) -> date:
    """Return `value` when it can be the event date `name`.

    Raises EventDateUnknownError, or EventDateInvalidError for anything but a day, a day before May 2008, or a day after
    `today` where only what has happened may stand.
    """
    entry = event_date(name)
    if type(value) is not date:
        raise _invalid(entry, value, "应为日期（YYYY-MM-DD）。", "a day (YYYY-MM-DD) is needed.")
    if value < FIRST_DAY:
        raise _invalid(entry, value, f"早于 {FIRST_DAY}，请核对年份。", f"it lies before {FIRST_DAY}; check the year.")
    if value > today and not entry.may_be_future:
        raise _invalid(
            entry,
            value,
            f"晚于今天（{today}），尚未发生的事项不能登记。",
            f"it lies after today ({today}), and only what has happened can be recorded.",
        )
    return value


def order_warnings(dates: Mapping[str, date]) -> list[DateWarning]:
    """Return a warning for every pair of `dates` that stands in an unusual order."""
    found = []
    for earlier, later in ORDER:
        first, second = dates.get(earlier), dates.get(later)
        if first is not None and second is not None and first > second:
            a, b = EVENT_DATES[earlier], EVENT_DATES[later]
            found.append(
                DateWarning(
                    earlier,
                    later,
                    zh=f"“{a.zh}”（{first}）晚于“{b.zh}”（{second}），请核对。",
                    en=f"{a.en!r} ({first}) lies after {b.en!r} ({second}); please check.",
                )
            )
    return found


def _invalid(entry: EventDate, value: object, zh: str, en: str) -> EventDateInvalidError:
    return EventDateInvalidError(
        name=entry.name, name_zh=entry.zh, name_en=entry.en, value=str(value)[:40], problem_zh=zh, problem_en=en
    )
