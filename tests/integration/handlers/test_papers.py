"""Papers as PDF: what stands in them, and what must never happen to them."""

import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from casework.agreements import AgreementItem
from casework.causes import cause
from casework.deadlines.citations import Words
from casework.limitation import Limitation, LimitedClaim, Status
from casework.limitation_ledger import ClaimLedger
from casework.payments import Due, Payment
from casework.queries.read_dispute import DisputeRecord
from casework.settings import CHECKOUT
from casework.statements import Helper, Instalment
from handlers.errors import JobFailedError
from handlers.papers.blank import blank_content
from handlers.papers.content import PAPERS, paper_content
from handlers.papers.glyphs import code_points, undrawable
from handlers.papers.paper import LastDay, OtherPaper, PaperOptions, PaperSources, missing, refuse_incomplete
from handlers.papers.rendering import TEMPLATES, render_paper
from handlers.papers.shared import cleaned
from tests.integration.handlers.disputes import DATES, STATEMENTS, body, claim, dispute, employer, large, worker

FONTS = (CHECKOUT / "build" / "assets" / "fonts",)
ISSUED_AT = datetime(2026, 2, 24, 1, 0, tzinfo=UTC)


OTHERS = (
    OtherPaper("award", "仲裁调解书", "示例审〔2026〕2号", date(2026, 3, 10), 2),
    OtherPaper("mediation-record", "调解笔录", None, date(2026, 2, 6), 3, is_confidential=True),
    OtherPaper("mediation-agreement", "调解协议书", "示例调协〔2026〕5号", date(2026, 2, 24), None),
)


def sources(
    found: DisputeRecord,
    *,
    provisional: bool = False,
    grounds: frozenset[str] = frozenset(),
    items: frozenset[int] | None = None,
) -> PaperSources:
    return PaperSources(
        dispute=found,
        number="示例调〔2026〕8号",
        today=date(2026, 2, 3),
        deadline=lambda rule, start, more: LastDay(
            start + timedelta(days=15 + more), start + timedelta(days=14 + more), provisional
        ),
        agreement_number="示例调协〔2026〕5号",
        options=PaperOptions(
            grounds=grounds, about_kind="award", held_at=datetime(2026, 2, 6, 1, 30, tzinfo=UTC), items=items
        ),
        papers=OTHERS,
    )


def pdf(kind: str, found: DisputeRecord, **more: Any) -> bytes:
    return render_paper(kind, paper_content(PAPERS[kind], sources(found, **more)), FONTS, ISSUED_AT)


def text(kind: str, found: DisputeRecord, **more: Any) -> str:
    """Return what a reader can copy out of the PDF, without line breaks and spaces."""
    return read(pdf(kind, found, **more))


def read(content: bytes) -> str:
    """Return the text of a PDF without line breaks and spaces."""
    pages = PdfReader(io.BytesIO(content)).pages
    return "".join("".join(page.extract_text() for page in pages).split())


def test_every_kind_of_paper_has_its_template() -> None:
    templates = {path.stem for path in TEMPLATES.glob("*.typ")} - {"official", "editable"}
    assert templates == set(PAPERS)


_FOLLOW_UP_CODES = {
    *("first", "second", "performed", "on-schedule", "partly", "not-performed"),
    *("phone", "visit", "office", "message", "mail", "payee", "payer", "receipt", "both", "creditor"),
    *("satisfied", "fairly-satisfied", "dissatisfied"),
    *("no-risk", "new-dispute", "petition", "insolvent", "group", "urge", "again", "close"),
}
"""What the process `performance` passes to a record of a follow-up."""

MANDATORY: Mapping[str, tuple[str, ...]] = {
    "intake-receipt": ("来访（来电）登记表", "首问责任人", "枣劳人登〔2026〕1号", "√窗口", "示例甲", "引导协商"),
    "transfer-slip": ("案件流转单", "√属于接收单位辖区", "首问责任不转移", "接收回执", "仲裁调解书"),
    "negotiation-mediation-proposal": ("协商调解倡议书", "第六十九条", "自愿原则", "回执", "直接申请仲裁"),
    "service-address-confirmation": ("送达地址确认书", "电子送达", "仲裁调解书、裁决书不采用电子送达", "hr@example.cn"),
    "power-of-attorney": ("授权委托书", "示例丁", "√特别授权", "进行和解", "受委托人（签名）"),
    "legal-representative-certificate": ("身份证明书", "示例乙", "91370402MA3DEM001E", "加盖单位印章"),
    "arbitration-rights-notice": (
        "√调解不成",
        "时效期间为一年",
        "第二十七条",
        "仲裁申请书",
        "枣庄市市中区劳动人事争议仲裁委员会",
    ),
    "internal-complaint-answer": ("内部申诉核实答复书", "《企业劳动争议协商调解规定》第四条", "加盖单位印章"),
    "negotiation-request": ("协商要求书", "五日内", "视为不愿协商", "第十条第一款", "回应地址", "时效依法中断"),
    "negotiation-answer": ("协商回应书", "√同意协商", "参加协商的代表"),
    "negotiation-term": ("协商期限约定书", "第十条第二款", "视为协商不成", "一式三份"),
    "negotiation-record": ("保密不对外提供", "协商记录", "不得在其后的仲裁、诉讼中作为对其不利的根据", "记录人："),
    "settlement-agreement": (
        "和解协议书",
        "（一）用人单位向劳动者支付拖欠的工资。",
        "第十一条",
        "归入协商档案",
        "一式三份",
    ),
    "mediation-application": (
        "调解申请书",
        "人民币18,000.00元（大写：壹万捌仟元整）",
        "事实和理由",
        "此致",
        "第十二条",
    ),
    "oral-application-record": ("口头申请调解记录", "当场制作", "2026年2月1日", "记录人（签名）", "申请人（签名）"),
    "mediation-consent-inquiry": ("征询调解意见书", "三个工作日", "第二十二条", "意见回执", "2026年2月16日"),
    "mediation-acceptance-notice": (
        "调解受理通知书",
        "示例调〔2026〕8号",
        "2026年2月1日收到调解申请",
        "自2026年2月3日起受理",
        "期限至2026年2月18日届满",
        "即至2026年2月16日",
        "由示例调担任调解员",
        "第二十九条",
        "人民币18,000.00元（大写：壹万捌仟元整）",
    ),
    "mediation-refusal-notice": (
        "不予受理",
        "√对方当事人不同意调解",
        "□不属于劳动人事争议",
        "第二十二条",
        "申请仲裁的权利",
    ),
    "rights-notice": (
        "权利义务告知书",
        "自愿",
        "回避",
        "保密",
        "申请仲裁审查",
        "申请司法确认",
        "支付令",
        "已经阅读并知悉",
    ),
    "mediation-session-notice": ("调解通知书", "2026年2月6日09时30分", "示例中路100号", "请携带", "示例调"),
    "mediation-record": ("保密不对外提供", "调解笔录", "2026年2月6日09时30分", "没有争议的事实", "记录人："),
    "mediation-extension-consent": (
        "延期调解同意书",
        "第二十九条",
        "至2026年2月18日届满",
        "2026年2月16日",
        "视为调解不成",
    ),
    "capacity-assessment": ("履约能力评估表", "√良好", "资产状况", "其他债务", "合计得分", "担保"),
    "mediation-agreement": (
        "调解协议书",
        "370402199001010001",
        "统一社会信用代码：91370402MA3DEM001E",
        "委托代理人：示例丁（律师，特别授权",
        "（一）被申请人向申请人支付拖欠的工资和经济补偿。",
        "（二）被申请人为申请人出具解除劳动合同证明。",
        "申请支付令",
        "申请仲裁审查",
        "申请司法确认",
        "一式三份",
        "调解员（签名）",
        "加盖印章",
    ),
    "performance-notice": (
        "履行告知书",
        "2026年2月24日生效",
        "即至2026年3月11日（为稳妥起见，请不迟于2026年3月10日办理）",
        "以仲裁机构、人民法院认定为准",
        "支付令",
        "申请执行的期间为二年",
        "收款账户",
        "签收",
    ),
    "mediation-failure-notice": (
        "调解不成告知书",
        "√一方无正当理由不到场",
        "没有争议的事实",
        "第三十条",
        "时效",
        "调解员（签名）",
    ),
    "review-application": (
        "仲裁审查申请书",
        "申请人（劳动者）：示例甲",
        "申请人（用人单位）：示例机械有限公司",
        "（示例调协〔2026〕5号）进行审查",
        "自2026年2月24日起生效",
        "至2026年3月11日为止",
        "第七十四条",
        "枣庄市市中区劳动人事争议仲裁委员会",
        "hr@example.cn",
    ),
    "review-acceptance-notice": (
        "仲裁审查受理通知书",
        "自2026年3月3日起受理",
        "即至2026年3月18日",
        "示例审",
        "可以撤回申请",
    ),
    "review-refusal-notice": (
        "仲裁审查不予受理通知书",
        "第七十五条",
        "□（一）",
        "√（三）超出规定的申请期间",
        "□（四）确认劳动关系",
        "申请司法确认",
        "以人民法院认定为准",
    ),
    "review-correction-notice": (
        "补正通知书",
        "一次性告知",
        "√双方当事人的身份证明",
        "□与调解协议有关的证据材料",
        "2026年3月11日",
    ),
    "review-extension-approval": (
        "仲裁审查延期审批表",
        "第七十六条",
        "2026年3月18日",
        "2026年3月23日（延长五个工作日）",
        "仲裁院负责人",
        "同意延期",
    ),
    "award": (
        "仲裁调解书",
        "（一）被申请人向申请人支付拖欠的工资和经济补偿。",
        "（二）被申请人为申请人出具解除劳动合同证明。",
        "第七十七条",
        "双方当事人签收后，即发生法律效力",
        "第五十一条",
        "仲裁员（签名）",
        "双方当事人签收",
    ),
    "award-refusal-notice": (
        "不予制作仲裁调解书",
        "第七十八条",
        "√（五）内容不明确",
        "□（六）",
        "2026年3月11日",
        "依法申请仲裁",
    ),
    "review-withdrawal-decision": ("终止仲裁审查决定书", "√双方申请人", "准许撤回", "第七十九条", "2026年3月11日"),
    "mediation-proof": (
        "主持调解证明",
        "在本组织主持下自愿达成调解协议（示例调协〔2026〕5号）",
        "自2026年2月24日起生效",
        "第二百零五条",
        "枣庄市市中区人民法院",
        "示例调",
    ),
    "confirmation-application": (
        "司法确认申请书",
        "第二百零五条",
        "第二百零六条",
        "主持调解的证明",
        "枣庄市市中区人民法院",
        "至2026年3月11日为止",
        "贵院是调解组织所在地的基层人民法院",
        "申请人（用人单位）由委托代理人提出本申请",
    ),
    "performance-urging-letter": ("督促履行函", "尚未履行完毕", "第十六条", "不履行的后果", "支付令"),
    "payment-order-application": (
        "支付令申请书",
        "√拖欠劳动报酬",
        "第二百二十五条",
        "枣庄市市中区人民法院",
        "申请人（劳动者）",
    ),
    "service-receipt": (
        "送达回证",
        "仲裁调解书（示例审〔2026〕2号）",
        "√直接",
        "签收日期",
        "第二十条",
        "示例机械有限公司",
    ),
    "follow-up-record": ("回访记录", "√全部履行", "满意度", "新的风险", "履行凭证"),
    "archive-index": ("归档目录", "十年", "调解协议书", "1—3", "保密", "立卷人"),
}
"""What a paper cannot lack, beside what it is told (`TOLD`): number, parties, grounds, articles, days, signatures."""

TOLD: Mapping[str, frozenset[str]] = {
    "arbitration-rights-notice": frozenset({"mediation-failed"}),
    "transfer-slip": frozenset({"area"}),
    "negotiation-answer": frozenset({"agreed"}),
    "mediation-refusal-notice": frozenset({"no-consent"}),
    "capacity-assessment": frozenset({"good"}),
    "mediation-failure-notice": frozenset({"absent"}),
    "review-refusal-notice": frozenset({"75-3"}),
    "review-correction-notice": frozenset({"identity", "address"}),
    "award-refusal-notice": frozenset({"78-5"}),
    "review-withdrawal-decision": frozenset({"both"}),
    "confirmation-application": frozenset({"organisation", "respondent-agent"}),
    "payment-order-application": frozenset({"unpaid-wages"}),
    "service-receipt": frozenset({"direct"}),
    "follow-up-record": frozenset({"performed"}),
}


def test_every_kind_of_paper_says_in_this_table_what_it_must() -> None:
    assert set(MANDATORY) == set(PAPERS)


@pytest.mark.parametrize("kind", MANDATORY)
def test_a_paper_says_what_it_must(kind: str) -> None:
    shown = text(kind, dispute(), grounds=TOLD.get(kind, frozenset()))
    assert [each for each in MANDATORY[kind] if each not in shown] == []


@pytest.mark.parametrize("kind", [kind for kind, paper in PAPERS.items() if paper.is_form])
def test_a_form_can_be_printed_empty_and_names_nobody(kind: str) -> None:
    content = render_paper(kind, blank_content(PAPERS[kind]), FONTS, ISSUED_AT)
    shown = read(content)
    assert "".join(PAPERS[kind].title.split()) in shown
    assert not [word for word in ("示例", "2008", "None", "0.00") if word in shown]


@pytest.mark.parametrize("kind", sorted(PAPERS))
def test_no_ground_is_ticked_that_nobody_chose(kind: str) -> None:
    if kind not in ("intake-receipt", "power-of-attorney"):
        assert "√" not in text(kind, dispute())


def test_a_dispute_over_the_employment_relationship_is_not_offered_arbitration_review() -> None:
    found = dispute(claims=[claim(1, "labour-relation", None)])
    for kind in ("mediation-agreement", "mediation-acceptance-notice"):
        shown = text(kind, found)
        assert "申请仲裁审查" not in shown
        assert "申请司法确认" in shown


def test_a_day_that_hangs_on_an_unpublished_holiday_notice_says_so() -> None:
    assert "暂定" in text("mediation-acceptance-notice", dispute(), provisional=True)
    assert "暂定" not in text("mediation-acceptance-notice", dispute())


def test_instalments_are_added_up_in_figures_and_capital_numerals() -> None:
    payments = [
        Instalment(
            number, Decimal("10000.25"), date(2026, 3 + number, 15), str(employer().party_id), str(worker().party_id)
        )
        for number in (1, 2, 3)
    ]
    shown = text("mediation-agreement", dispute(instalments=payments))
    assert "人民币30,000.75元（大写：叁万元柒角伍分）" in shown
    assert "2026年4月15日" in shown


def ledger(status: Status, due: date | None, safe: date | None) -> tuple[ClaimLedger, ...]:
    found = Limitation(status, date(2026, 1, 5), due, due, safe, False, (), Words("", ""))
    facts = LimitedClaim(date(2026, 1, 5), None, is_wage_arrears=False)
    return tuple(ClaimLedger(position, cause("wages"), facts, False, found) for position in (1, 2))


@pytest.mark.parametrize("kind", ["mediation-refusal-notice", "mediation-failure-notice", "arbitration-rights-notice"])
def test_who_is_told_of_the_right_to_arbitrate_learns_until_when(kind: str) -> None:
    known = replace(sources(dispute()), limitation=lambda: ledger("running", date(2027, 1, 5), date(2027, 1, 3)))
    shown = read(render_paper(kind, paper_content(PAPERS[kind], known), FONTS, ISSUED_AT))
    assert "1、2追索劳动报酬2027年1月5日2027年1月3日" in shown
    assert "以仲裁机构认定为准" in shown


def test_a_limitation_that_cannot_be_counted_says_why_and_names_no_day() -> None:
    unknown = replace(sources(dispute()), limitation=lambda: ledger("unknown", None, None))
    shown = paper_content(PAPERS["mediation-failure-notice"], unknown)["limitation"]
    assert [(row["day"], row["safe"]) for row in shown] == [("—", "—")]
    assert "尚未登记" in shown[0]["note"]


ITEMS = (
    AgreementItem(1, "双方确认自2021年3月起存在劳动关系。", "labour-relation"),
    AgreementItem(
        2,
        "被申请人支付拖欠的工资。",
        "wages",
        Decimal("18000.00"),
        str(employer().party_id),
        str(worker().party_id),
        date(2026, 4, 15),
        account="示例银行6222000000000000001",
    ),
    AgreementItem(
        3,
        "被申请人支付经济补偿。",
        "economic-compensation",
        Decimal("12000.50"),
        str(employer().party_id),
        str(worker().party_id),
    ),
)


def with_items() -> DisputeRecord:
    terms = "\n".join([*(item.content for item in ITEMS), "双方再无其他争议。"])
    return dispute(statements=STATEMENTS | {"agreement_terms": terms}, agreement_items=ITEMS)


def test_items_that_promise_money_stand_in_a_table_with_their_sum() -> None:
    shown = text("mediation-agreement", with_items())
    assert "人民币30,000.50元（大写：叁万元伍角整）" in shown
    assert "示例银行6222000000000000001" in shown
    assert "2026年4月15日" in shown


@pytest.mark.parametrize("kind", ["mediation-agreement", "performance-notice"])
def test_a_mixed_agreement_is_told_that_review_is_open_to_a_part_of_it(kind: str) -> None:
    assert "其中确认劳动关系的事项不适用仲裁审查" in text(kind, with_items())
    only = dispute(claims=[claim(1, "labour-relation", None)], agreement_items=ITEMS[1:])
    shown = text(kind, only)
    assert "申请仲裁审查" in shown, "what was agreed decides, not what had been claimed"
    assert "不适用仲裁审查" not in shown


def test_a_document_of_the_arbitration_never_covers_the_employment_relationship() -> None:
    shown = text("award", with_items())
    assert "存在劳动关系" not in shown
    assert "第（一）项不属于仲裁审查的范围" in shown
    assert all(
        word in shown for word in ("（一）被申请人支付拖欠的工资。", "（二）被申请人支付经济补偿。", "再无其他争议")
    )


def test_a_document_of_the_arbitration_covers_the_items_that_the_reviewer_chose_and_sums_them() -> None:
    shown = text("award", with_items(), items=frozenset({2}))
    assert "支付经济补偿" not in shown
    assert "第（一）、（三）项" in shown
    assert "人民币18,000.00元（大写：壹万捌仟元整）" in shown


def test_a_document_of_the_arbitration_says_what_the_agreement_says_word_for_word() -> None:
    agreement, award = (text(kind, dispute()) for kind in ("mediation-agreement", "award"))
    for line in STATEMENTS["agreement_terms"].split():
        assert line in agreement
        assert line in award


@pytest.mark.parametrize("kind", sorted(PAPERS))
def test_thirty_workers_against_three_employers_all_stand_in_the_paper(kind: str) -> None:
    shown = text(kind, large())
    names = [*(f"示例工{number}" for number in range(1, 31)), *(f"示例建筑劳务第{number}" for number in range(1, 4))]
    wanted = names[30:] if kind == "legal-representative-certificate" else names
    assert [name for name in wanted if name not in shown] == []
    assert "第2页" in shown


HOSTILE = (
    "#pagebreak()",
    '#image("official.typ")',
    '#read("official.typ")',
    "\\u{41}\\",
    "$x^2$ *bold* _it_ `raw` <label> @ref",
    "]#panic()[",
    "// comment /* more */",
    "= heading",
    "\"quoted\" 'single'",
    "https://example.cn/#fragment",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_markup_in_a_name_is_shown_as_it_is(name: str) -> None:
    found = dispute(parties=[worker(name=name, agents=()), employer(name=name + "公司")])
    assert "".join(name.split()) in text("mediation-agreement", found)


def test_a_letter_that_urges_adds_up_what_is_due_and_nothing_that_is_not() -> None:
    payments = [
        Instalment(number, Decimal("1000.00"), due, str(employer().party_id), str(worker().party_id))
        for number, due in enumerate((date(2026, 1, 15), date(2026, 2, 2), date(2026, 2, 3)), 1)
    ]
    shown = text("performance-urging-letter", dispute(instalments=payments))
    assert "期限已经届满、尚未付清的2期，尚欠金额合计人民币2,000.00元（大写：贰仟元整）" in shown
    assert "期限已经届满" not in text("performance-urging-letter", dispute(instalments=payments[2:]))
    paid = replace(dispute(instalments=payments), payments=(Payment(Decimal("1000.50"), date(2026, 1, 20)),))
    assert "尚未付清的1期，尚欠金额合计人民币999.50元" in text("performance-urging-letter", paid)


def promised(source: str, amount: str = "15000.00", **items: Any) -> dict[str, Any]:
    """Return what a dispute promises in one item or in one sum, due before the day of the paper."""
    item = AgreementItem(
        1,
        "支付拖欠的工资",
        "wages",
        Decimal(amount),
        str(employer().party_id),
        str(worker().party_id),
        date(2026, 1, 20),
    )
    dues = (Due(1, Decimal(amount), None if source == "agreement_amount" else date(2026, 1, 20), source),)
    return {"dues": dues} | ({source: (item,)} if source.endswith("items") else {}) | items


@pytest.mark.parametrize("source", ["agreement_items", "agreement_amount"])
def test_a_payment_order_asks_for_what_the_agreement_promised_and_was_not_paid(source: str) -> None:
    dates = DATES | {"performance_due_on": date(2026, 1, 20)}
    found = dispute(dates=dates, payments=(Payment(Decimal("2000.00"), date(2026, 1, 21)),), **promised(source))
    shown = text("payment-order-application", found)
    assert "共计人民币13,000.00元（大写：壹万叁仟元整）" in shown
    assert "已支付人民币2,000.00元" in shown


def test_where_the_ledger_knows_nothing_the_sum_found_at_the_follow_up_is_asked_for() -> None:
    known = sources(dispute(), grounds=frozenset({"unpaid-wages"}))
    known = replace(known, options=replace(known.options, amount=Decimal("800.00")))
    assert paper_content(PAPERS["payment-order-application"], known)["unpaid"]["figures"] == "800.00"


def test_what_has_not_fallen_due_is_not_asked_for_by_payment_order() -> None:
    later = [Instalment(n, Decimal("1000.00"), date(2026, n, 1), str(employer().party_id)) for n in (1, 5)]
    assert "共计人民币1,000.00元" in text("payment-order-application", dispute(instalments=later))


def test_an_instalment_that_names_nobody_is_paid_by_whom_every_item_names() -> None:
    plan = [Instalment(n, Decimal("7500.00"), date(2026, n, 1)) for n in (4, 5)]
    found = dispute(instalments=plan, **promised("agreement_items"))
    rows = paper_content(PAPERS["mediation-agreement"], sources(found))["instalments"]
    assert {(row["payer"], row["payee"]) for row in rows} == {(employer().name, worker().name)}


def test_a_breached_settlement_is_urged_by_the_union_or_by_the_creditor() -> None:
    more = promised("settlement_items")
    dates = {"settlement_signed_on": date(2026, 1, 5), "performance_due_on": date(2026, 1, 20)}
    settled = dispute(dates=dates, organisation=None, **more)
    by_union = replace(settled, union=body("枣庄市市中区总工会", "union"))
    grounds = frozenset({"settlement"})
    shown = text("performance-urging-letter", by_union, grounds=grounds)
    assert shown.startswith("枣庄市市中区总工会督促履行函")
    assert "和解协议已于2026年1月5日签订" in shown
    assert "尚欠金额合计人民币15,000.00元" in shown
    assert "申请调解，或者依法申请仲裁（《企业劳动争议协商调解规定》第十二条）" in shown
    assert "支付令" not in shown
    alone = text("performance-urging-letter", settled, grounds=grounds)
    assert "权利人（签名）：" in alone
    assert "加盖印章" not in alone
    assert "示例机械有限公司：" in alone


def test_a_letter_that_urges_goes_to_who_owes() -> None:
    grounds = frozenset({"agreement", "worker-owes"})
    shown = text("performance-urging-letter", dispute(), grounds=grounds)
    assert "示例甲：你（单位）与示例机械有限公司因" in shown
    assert "劳动保障监察" not in shown
    two = [worker(), employer(1), employer(2, "示例劳务有限公司")]
    only = [Instalment(1, Decimal("1.00"), date(2026, 1, 1), str(employer(2).party_id), str(worker().party_id))]
    addressed = text("performance-urging-letter", dispute(two, instalments=only), grounds=frozenset({"agreement"}))
    assert "示例劳务有限公司：你（单位）与示例甲因" in addressed


def test_an_instalment_that_names_nobody_is_paid_by_whom_the_items_name() -> None:
    plan = [Instalment(n, Decimal("7500.00"), date(2026, n, 20)) for n in (1, 2)]
    items = promised("settlement_items")["settlement_items"]
    found = dispute(instalments=plan, settlement_items=(replace(items[0], account="6222000000000000001"),))
    rows = paper_content(PAPERS["settlement-agreement"], sources(found))["instalments"]
    assert {(row["payer"], row["payee"], row["account"]) for row in rows} == {
        ("示例机械有限公司", "示例甲", "6222000000000000001")
    }


def test_who_helps_to_negotiate_stands_in_the_papers_of_the_negotiation() -> None:
    helper = Helper("union", "示例机械有限公司工会", "applicant", "itself")
    for kind in ("negotiation-request", "negotiation-record", "settlement-agreement"):
        shown = text(kind, dispute(helpers=(helper,)))
        assert "示例机械有限公司工会（工会，工会主动参与，协助申请人）" in shown


def test_a_round_of_negotiation_has_its_number_and_place() -> None:
    known = sources(dispute(statements=STATEMENTS | {"negotiation_place": "公司会议室"}))
    third = replace(known, options=replace(known.options, ordinal=3))
    shown = read(
        render_paper("negotiation-record", paper_content(PAPERS["negotiation-record"], third), FONTS, ISSUED_AT)
    )
    assert "第3次" in shown
    assert "公司会议室" in shown


def test_a_record_that_both_parties_release_no_longer_says_that_it_is_kept_secret() -> None:
    released = text("negotiation-record", dispute(), grounds=frozenset({"may-be-used"}))
    assert "经双方书面同意，可以在其后的程序中使用" in released
    assert "不对外提供" not in released
    assert "不向仲裁机构、人民法院提供" not in released
    assert "不对外提供" in text("negotiation-record", dispute())


def test_a_settlement_says_whether_it_is_filed_and_who_gets_a_copy() -> None:
    filed = text("settlement-agreement", dispute(), grounds=frozenset({"archive-agreed"}))
    assert "√同意" in filed
    assert "一式三份" in filed
    kept_out = text("settlement-agreement", dispute(), grounds=frozenset({"archive-refused"}))
    assert "√不同意" in kept_out
    assert "一式二份，双方各执一份。" in kept_out


def test_without_both_consents_the_index_leaves_the_negotiation_out() -> None:
    papers = (
        OtherPaper("negotiation-request", "协商要求书", "1", date(2026, 1, 1), 1),
        OtherPaper("negotiation-record", "协商记录", "2", date(2026, 1, 2), 1, is_confidential=True),
        OtherPaper("settlement-agreement", "和解协议书", "3", date(2026, 1, 3), 1),
    )
    known = replace(sources(dispute(), grounds=frozenset({"negotiation-not-filed"})), papers=papers)
    content = paper_content(PAPERS["archive-index"], known)
    assert [each["title"] for each in content["filed"]] == ["和解协议书"]
    filed = paper_content(PAPERS["archive-index"], replace(sources(dispute()), papers=papers))["filed"]
    assert [each["title"] for each in filed] == ["协商要求书", "协商记录", "和解协议书"]


@pytest.mark.parametrize("code", sorted(_FOLLOW_UP_CODES))
def test_whatever_a_follow_up_finds_has_its_box(code: str) -> None:
    assert "√" in text("follow-up-record", dispute(), grounds=frozenset({code}))


def test_a_session_of_which_only_the_day_is_known_shows_the_day() -> None:
    known = sources(dispute())
    day_only = replace(known, options=replace(known.options, held_at=None, held_on=date(2026, 2, 6)))
    assert paper_content(PAPERS["negotiation-record"], day_only)["held_at"] == "2026年2月6日"


def test_a_way_of_performance_in_two_words_stands_there_without_saying_what_it_is() -> None:
    plain = STATEMENTS | {"performance_method": "银行转账"}
    assert "履行方式：银行转账。" in text("award", dispute(statements=plain))
    assert "履行方式" not in text("award", dispute())


def test_a_notice_to_supply_papers_leaves_the_day_to_be_written_by_hand() -> None:
    known = sources(dispute(), grounds=frozenset({"identity"}))
    dated = replace(known, options=replace(known.options, due_on=date(2026, 3, 9)))
    assert paper_content(PAPERS["review-correction-notice"], dated)["due_on"] == "2026年3月9日"


def test_who_is_told_that_it_is_no_labour_dispute_is_sent_to_arbitration() -> None:
    assert "依法申请仲裁" not in text("review-refusal-notice", dispute(), grounds=frozenset({"75-1"}))
    assert "依法申请仲裁" in text("review-refusal-notice", dispute(), grounds=frozenset({"75-2"}))


def test_an_arbitral_document_bears_no_day() -> None:
    made = dispute(event_dates=dispute().event_dates | {"award_made_on": date(2026, 3, 16)})
    assert "2026年3月16日" in text("award", made)


def test_every_mediator_of_a_panel_is_named_and_signs() -> None:
    panel = {"mediator": "示例调", "mediator-2": "示例二", "mediator-3": "示例三"}
    shown = text("mediation-agreement", dispute(appointments=panel))
    assert "由调解员示例调、示例二、示例三主持调解" in shown
    assert shown.count("调解员（签名）") == 3


@pytest.mark.parametrize("kind", sorted(PAPERS))
def test_markup_in_what_people_write_is_shown_as_it_is_in_every_paper(kind: str) -> None:
    name = "#panic()$x$*甲*<a>"
    found = dispute(
        [worker(name=name, agents=()), employer(name=f"{name}公司", legal_representative=name)],
        [claim(1, "wages", "18000.00", facts=name)],
        statements=dict.fromkeys(STATEMENTS, name),
    )
    assert name in text(kind, found)


def test_a_word_that_no_line_can_hold_breaks_and_can_still_be_copied_whole() -> None:
    email, account = "long.name.of.a.person@department.of.a.company-example.com.cn", "6222000000000000001"
    payment = Instalment(
        1, Decimal("18000.00"), date(2026, 4, 15), str(employer().party_id), str(worker().party_id), account
    )
    found = dispute([worker(email=email), employer()], instalments=[payment])
    shown = text("review-application", found)
    assert email in shown
    assert account in shown
    assert "\u200b" not in shown


def test_the_same_paper_comes_out_the_same_byte_for_byte() -> None:
    assert pdf("mediation-agreement", dispute()) == pdf("mediation-agreement", dispute())


def test_a_paper_is_made_for_the_archive_and_uses_shipped_fonts_only() -> None:
    content = pdf("mediation-agreement", dispute())
    assert b"pdfaid:part" in content
    fonts = [
        str(font.get_object()["/BaseFont"])
        for page in PdfReader(io.BytesIO(content)).pages
        for font in page["/Resources"]["/Font"].values()
    ]
    assert fonts
    assert all("NotoSerifSC" in font or "NotoSansSC" in font for font in fonts), fonts


def test_a_character_that_no_font_can_draw_stops_the_paper_and_is_named_by_its_code_point() -> None:
    with pytest.raises(JobFailedError, match=r"U\+20BB7") as failed:
        pdf("mediation-agreement", dispute(parties=[worker(name="示例𠮷"), employer()]))
    assert not failed.value.retry
    assert "示例" not in failed.value.message


def test_rare_characters_of_the_standard_can_be_drawn() -> None:
    assert undrawable("䶮堃喆镕㛃𬭎·〇", FONTS) == ()


def test_an_added_font_folder_is_looked_at_too(tmp_path: Path) -> None:
    assert undrawable("字", (tmp_path,)) == ("字",)
    assert undrawable("字", (tmp_path, *FONTS)) == ()


def test_a_file_that_is_no_font_draws_nothing() -> None:
    assert code_points(b"\x00\x01\x00\x00" + b"\x00" * 8) == frozenset()


def test_invisible_characters_are_taken_out_before_they_reach_a_paper() -> None:
    assert cleaned({"a": ["示\u202e例\u200b", "两\n行\t文"], "b": None, "c": 3}) == {
        "a": ["示例", "两 行 文"],
        "b": None,
        "c": 3,
    }


@pytest.mark.parametrize(
    ("kind", "lacking", "named"),
    [
        ("mediation-acceptance-notice", {"dates": {}}, ("收到调解申请之日", "调解受理之日")),
        ("mediation-acceptance-notice", {"organisation": None}, ("调解组织",)),
        ("mediation-agreement", {"statements": {}}, ("调解协议内容",)),
        ("mediation-agreement", {"statements": STATEMENTS | {"agreement_terms": " \n "}}, ("调解协议内容",)),
        ("review-application", {"arbitration": None}, ("仲裁院",)),
        ("confirmation-application", {"court": None, "dates": {}}, ("法院", "调解协议生效之日")),
    ],
)
def test_what_a_paper_lacks_is_named_at_once(kind: str, lacking: dict[str, Any], named: tuple[str, ...]) -> None:
    found = dispute(**lacking)
    assert missing(PAPERS[kind], found) == named
    with pytest.raises(JobFailedError, match=named[-1]) as failed:
        refuse_incomplete(PAPERS[kind], found)
    assert not failed.value.retry


@pytest.mark.parametrize("kind", sorted(PAPERS))
def test_everything_that_a_paper_cannot_do_without_is_named_in_chinese(kind: str) -> None:
    paper = PAPERS[kind]
    needed = (*paper.bodies, *paper.event_dates, *paper.statements)
    named = missing(paper, dispute(dates={}, statements={}, organisation=None, arbitration=None, court=None))
    assert len(named) == len(set(named)) == len(needed)
    assert not [word for word in named if word.isascii()]


@pytest.mark.parametrize("kind", sorted(PAPERS))
def test_a_dispute_with_the_least_that_is_needed_still_makes_a_paper(kind: str) -> None:
    bare = [
        replace(party, id_number=None, phone=None, email=None, address=None, legal_representative=None, agents=())
        for party in (worker(), employer())
    ]
    needed = {name: DATES[name] for name in PAPERS[kind].event_dates}
    texts = {name: STATEMENTS[name] for name in PAPERS[kind].statements}
    found = dispute(bare, [claim(1, "wages", None, facts=None)], dates=needed, statements=texts, appointments={})
    assert pdf(kind, found).startswith(b"%PDF-")


@pytest.mark.parametrize("count", [1, 3, 7, 20])
def test_the_sum_of_the_instalments_never_stands_alone_on_a_page(count: int) -> None:
    days = [date(2026, 3, 1) + timedelta(days=n) for n in range(count)]
    rows = tuple(Instalment(n, Decimal("1000.00"), day) for n, day in enumerate(days, 1))
    pages = PdfReader(io.BytesIO(pdf("mediation-agreement", dispute(instalments=rows)))).pages
    total = f"合计{1000 * count:,}.00"
    (shown,) = [words for page in pages if total in (words := "".join(page.extract_text().split()))]
    assert f"{days[-1].year}年{days[-1].month}月{days[-1].day}日" in shown[: shown.index(total)]
