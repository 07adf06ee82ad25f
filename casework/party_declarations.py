"""What a party can declare at its desk or through its office: the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from casework.deadlines.citations import Words

MESSAGE = "message"
"""The kind of a message that declares nothing."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """Something that a party can declare at its desk."""

    kind: str
    title: Words
    note: Words
    """What follows from it."""
    stages: tuple[str, ...] = ()
    """Stages of the case in which it can be declared; none: whenever the process waits for `message`."""
    message: str | None = None
    """The message that the process is told at once."""
    has_answer: bool = False
    has_payment: bool = False
    is_binding: bool = False
    """Whether it asks for a session by code: a letter may lie on anybody's desk."""
    side: str | None = None


DECLARATIONS: Mapping[str, Declaration] = MappingProxyType(
    {
        each.kind: each
        for each in (
            Declaration(
                "mediation-consent",
                Words("是否同意调解", "Do you agree to mediation?"),
                Words(
                    "您的意见交给调解组织；不同意的，不影响依法申请仲裁。",
                    "The organisation is told; a refusal leaves arbitration open.",
                ),
                stages=("registered", "transferred", "med_received"),
                has_answer=True,
            ),
            Declaration(
                "extension-consent",
                Words("是否同意延长调解时间", "Do you agree to more time for mediation?"),
                Words("双方都同意才能延长；请写明同意延长到哪一天。", "Both sides must agree; say until which day."),
                stages=("med_running", "med_extended"),
                has_answer=True,
                is_binding=True,
            ),
            Declaration(
                "confirmation-wish",
                Words("申请确认协议效力", "Have the agreement confirmed"),
                Words(
                    "请写明选择仲裁审查还是司法确认；须双方共同申请，办理人员会与您联系。",
                    "Say whether you choose arbitration review or the court; both sides apply together.",
                ),
                stages=("med_agreed",),
            ),
            Declaration(
                "payment-report",
                Words("报告付款或者收款", "Report a payment"),
                Words(
                    "请填写日期、金额并上传凭证，由办理人员核实后登记。",
                    "Give day, amount and proof; the office checks and records it.",
                ),
                # an agreement binds from its signing on, however long its confirmation takes
                stages=(
                    "neg_settled",
                    "med_agreed",
                    "rev_applied",
                    "rev_accepted",
                    "rev_issued",
                    "rev_refused",
                    "rev_not_accepted",
                    "rev_withdrawn",
                    "jc_applied",
                    "jc_confirmed",
                    "jc_rejected",
                    "perf_running",
                    "perf_breach",
                    "po_applied",
                    "po_issued",
                ),
                has_payment=True,
            ),
            Declaration(
                "withdrawal",
                Words("撤回申请", "Withdraw the application"),
                Words(
                    "撤回后本案结束，以后可以依法再次申请；请注意仲裁时效。",
                    "The case ends; you may apply again, mind the limitation period.",
                ),
                message="dispute-withdrawn",
                is_binding=True,
                side="applicant",
            ),
            Declaration(
                "review-withdrawal",
                Words("撤回仲裁审查申请", "Withdraw the application for review"),
                Words(
                    "撤回后仲裁审查终止，调解协议仍然有效。",
                    "The review ends; the mediation agreement stays in effect.",
                ),
                message="review-withdrawn",
                is_binding=True,
            ),
            Declaration(
                "arbitration",
                Words("不再协商、调解，去申请仲裁", "Leave for arbitration"),
                Words(
                    "工作人员将书面告知申请仲裁的地点和材料。",
                    "The office tells you in writing where to apply and with what.",
                ),
                message="arbitration-chosen",
                is_binding=True,
            ),
        )
    }
)
