"""Who else helps: nationwide numbers that everybody who applies is shown."""

from dataclasses import dataclass

from casework.deadlines.citations import Words


@dataclass(frozen=True, slots=True)
class HelpLine:
    """A number to call, and for what."""

    name: Words
    phone: str
    note: Words


HELP_LINES = (
    HelpLine(
        Words("人力资源社会保障咨询", "Labour and social security hotline"),
        "12333",
        Words(
            "政策咨询，欠薪等可以投诉到劳动保障监察。",
            "Questions on policy; complaints to labour inspection, such as unpaid wages.",
        ),
    ),
    HelpLine(
        Words("法律援助", "Legal aid"),
        "12348",
        Words("经济困难的劳动者可以申请免费的律师帮助。", "Free help by a lawyer for workers in need."),
    ),
    HelpLine(
        Words("工会维权", "Trade union hotline"),
        "12351",
        Words("工会帮助协商、调解。", "The union helps to negotiate and mediate."),
    ),
)
