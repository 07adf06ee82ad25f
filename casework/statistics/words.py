"""The headings of the monthly sheet and what its figures mean, in both languages."""

from collections.abc import Mapping

DEFINITIONS: Mapping[str, tuple[str, ...]] = {
    "zh": (
        "受理口径：环节的受理日期在本月的案件；结案口径：环节的结束日期在本月的案件。结束日期以登记的法定日期为准，未登记的以系统记录之日为准。",
        "受理数、涉及人数、涉案金额（K1）按上述口径计；在办指本月受理、至统计日尚未结束。",
        "调解成功率（K3）=成功÷（成功＋不成），撤回单列，不计入。",
        "平均办理天数（K13）为自受理日至结束日的自然日，列平均数和中位数，只计已结束的。",
        "超期率（K14）=超期÷有期限的案件；期限为系统计算的届满日，双方同意延期的为延长后的届满日，期间中止的不计。",
    ),
    "en": (
        "By acceptance: cases whose stage was accepted in the month; by closing: cases whose stage ended in it. The end is the event date that was entered, else the day of recording.",
        "Cases, workers and amounts (K1) are counted on that basis; running means not ended on the day of counting.",
        "Success rate (K3) = agreed / (agreed + failed); withdrawals are shown apart and left out.",
        "Days (K13) are calendar days from acceptance to the end, mean and median, of what has ended.",
        "Overdue rate (K14) = overdue / cases with a due date; the due date is the day counted here, or the day to which the parties put it off; a suspended period has none.",
    ),
}

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "zh": (
        "环节", "组织", "案件数", "涉及人数", "涉案金额（元）", "成功", "不成", "撤回", "在办", "成功率（%）",
        "平均天数", "中位数天数", "有期限", "超期", "超期率（%）",
    ),
    "en": (
        "Stage", "Organisation", "Cases", "Workers", "Amount (yuan)", "Agreed", "Failed", "Withdrawn", "Running",
        "Success rate (%)", "Mean days", "Median days", "With a due date", "Overdue", "Overdue rate (%)",
    ),
}  # fmt: skip
