"""Papers that people may ask for at any moment, beside what a process makes: who may, at which stages, ticking what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from casework.vocabulary import Term, terms

_WINDOW = ("window-clerk", "mediator", "organisation-head")
_MEDIATION = ("mediator", "organisation-head")
_ARBITRATION = ("arbitration-clerk", "reviewer", "arbitration-director")
_NO_AGREEMENT_YET = frozenset(
    {
        "registered",
        "transferred",
        "neg_requested",
        "neg_running",
        "neg_refused",
        "neg_failed",
        "med_received",
        "med_not_accepted",
        "med_failed",
        "med_withdrawn",
        "arb_handed_over",
        "arb_accepted",
    }
)


@dataclass(frozen=True, slots=True)
class PaperOffer:
    """A kind of paper that may be asked for. None of them moves a case on: they tell, ask or prove something."""

    kind: str
    zh: str
    en: str
    roles: frozenset[str]
    """Who may ask for it; the role must have the case in its scope and may issue papers there."""
    stages: frozenset[str] | None = None
    """In which stages of the case; None: in all of them."""
    grounds: Mapping[str, Term] = field(default_factory=dict)
    """What may be ticked on it."""
    is_for_one_party: bool = False
    """True when it may be made for one party; without one it has a page for each."""
    is_about_paper: bool = False
    """True when it is made out for another paper of the case."""
    is_of_session: bool = False
    """True when it tells when a session is held."""


def _offers(*offers: PaperOffer) -> Mapping[str, PaperOffer]:
    return MappingProxyType({offer.kind: offer for offer in offers})


OFFERS = _offers(
    PaperOffer(
        "intake-receipt",
        "来访（来电）登记表",
        "Intake registration",
        frozenset(_WINDOW),
        grounds=terms(
            ("negotiated", "已协商", "Negotiated already"),
            ("mediated", "已调解", "Mediated already"),
            ("neither", "均未经过", "Neither of them"),
            ("refused-both", "不愿协商、调解", "Unwilling to negotiate or mediate"),
            ("negotiation", "引导协商", "Guided to negotiation"),
            ("mediation", "引导调解", "Guided to mediation"),
            ("arbitration", "告知申请仲裁", "Told of arbitration"),
            ("inspection", "移送劳动保障监察", "Handed to labour inspection"),
            ("out-of-scope", "不属于受理范围，书面指引", "Out of scope, guided in writing"),
        ),
    ),
    PaperOffer(
        "transfer-slip",
        "案件流转单",
        "Transfer slip",
        frozenset(_WINDOW),
        grounds=terms(
            ("area", "属于接收单位辖区", "In the receiver's area"),
            ("jurisdiction", "属于接收单位职责范围", "Within the receiver's duties"),
            ("party-choice", "当事人选择", "Chosen by the parties"),
            ("returned", "退回后另行流转", "Returned and sent on"),
            ("major", "重大、疑难争议提级办理", "Major or difficult: taken by a higher level"),
            ("inspection", "涉嫌违法，移送劳动保障监察", "Suspected breach of law: to labour inspection"),
        ),
    ),
    PaperOffer(
        "negotiation-mediation-proposal",
        "协商调解倡议书",
        "Proposal to negotiate or mediate",
        frozenset((*_WINDOW, *_ARBITRATION)),
        stages=_NO_AGREEMENT_YET,
        grounds=terms(
            ("negotiation", "愿意先行协商", "Willing to negotiate first"),
            ("mediation", "愿意申请调解", "Willing to apply for mediation"),
            ("neither", "不愿协商、调解，直接申请仲裁", "Neither: straight to arbitration"),
        ),
    ),
    PaperOffer(
        "service-address-confirmation",
        "送达地址确认书",
        "Confirmation of service address",
        frozenset((*_WINDOW, *_ARBITRATION)),
        grounds=terms(
            ("electronic", "同意电子送达", "Electronic service accepted"),
            ("no-electronic", "不同意电子送达", "Electronic service not accepted"),
            ("sms", "手机短信", "By text message"),
            ("mail", "电子邮箱", "By e-mail"),
            ("wechat", "微信", "By WeChat"),
        ),
        is_for_one_party=True,
    ),
    PaperOffer(
        "power-of-attorney",
        "授权委托书",
        "Power of attorney",
        frozenset((*_WINDOW, *_ARBITRATION)),
        is_for_one_party=True,
    ),
    PaperOffer(
        "legal-representative-certificate",
        "法定代表人（主要负责人）身份证明书",
        "Certificate of the legal representative",
        frozenset((*_WINDOW, *_ARBITRATION)),
        is_for_one_party=True,
    ),
    PaperOffer(
        "mediation-application",
        "调解申请书",
        "Application for mediation",
        frozenset(_WINDOW),
        stages=_NO_AGREEMENT_YET,
        grounds=terms(
            ("not-elsewhere", "未向其他机构申请", "Not applied elsewhere"),
            ("elsewhere", "已向其他机构申请", "Applied elsewhere"),
        ),
    ),
    PaperOffer(
        "mediation-session-notice",
        "调解通知书",
        "Notice of a mediation session",
        frozenset(_MEDIATION),
        stages=frozenset({"med_running", "med_extended"}),
        grounds=terms(("on-site", "现场", "On site"), ("video", "视频", "By video")),
        is_of_session=True,
    ),
    PaperOffer(
        "arbitration-rights-notice",
        "申请仲裁权利告知书",
        "Notice of the right to arbitrate",
        frozenset(_WINDOW),
        grounds=terms(
            ("negotiation-refused", "一方不愿协商，或者视为不愿协商", "Negotiation refused, or deemed refused"),
            ("negotiation-failed", "在约定的期限内未协商一致", "No settlement within the agreed term"),
            ("mediation-not-accepted", "调解未予受理，或者对方不同意", "Mediation not accepted, or no consent"),
            ("mediation-failed", "调解不成", "Mediation failed"),
            ("fifteen-days", "十五日内未达成调解协议", "No agreement within fifteen days"),
            ("breach", "达成协议后不履行", "An agreement is not performed"),
        ),
    ),
    PaperOffer(
        "service-receipt",
        "送达回证",
        "Receipt of service",
        frozenset((*_WINDOW, *_ARBITRATION)),
        grounds=terms(
            ("direct", "直接送达", "In person"),
            ("left", "留置送达", "Left behind"),
            ("affixed", "张贴送达", "Affixed"),
            ("post", "邮寄送达", "By post"),
            ("electronic", "电子送达", "Electronically"),
            ("agent", "代理人签收", "To an agent"),
            ("notice", "公告送达", "By public notice"),
        ),
        is_for_one_party=True,
        is_about_paper=True,
    ),
)
"""Kind -> offer, in the order of a case's stages."""
