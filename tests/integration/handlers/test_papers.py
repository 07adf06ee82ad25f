"""Papers as PDF: what stands in them, and what must never happen to them."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from casework.queries.read_dispute import DisputeRecord
from casework.settings import CHECKOUT
from casework.statements import Instalment
from handlers.errors import JobFailedError
from handlers.papers.content import PAPERS, paper_content
from handlers.papers.glyphs import code_points, undrawable
from handlers.papers.paper import LastDay, PaperSources, missing, refuse_incomplete
from handlers.papers.rendering import TEMPLATES, render_paper
from handlers.papers.shared import cleaned
from tests.integration.handlers.disputes import DATES, STATEMENTS, claim, dispute, employer, large, worker

FONTS = (CHECKOUT / "build" / "assets" / "fonts",)
ISSUED_AT = datetime(2026, 2, 24, 1, 0, tzinfo=UTC)


def sources(found: DisputeRecord, *, provisional: bool = False) -> PaperSources:
    return PaperSources(
        dispute=found,
        number="示例调〔2026〕8号",
        today=date(2026, 2, 3),
        deadline=lambda rule, start: LastDay(start + timedelta(days=15), start + timedelta(days=14), provisional),
        agreement_number="示例调协〔2026〕5号",
    )


def pdf(kind: str, found: DisputeRecord, **more: Any) -> bytes:
    return render_paper(kind, paper_content(PAPERS[kind], sources(found, **more)), FONTS, ISSUED_AT)


def text(kind: str, found: DisputeRecord, **more: Any) -> str:
    """Return what a reader can copy out of the PDF, without line breaks and spaces."""
    content = pdf(kind, found, **more)
    pages = PdfReader(io.BytesIO(content)).pages
    return "".join("".join(page.extract_text() for page in pages).split())


def test_every_kind_of_paper_has_its_template() -> None:
    templates = {path.stem for path in TEMPLATES.glob("*.typ")} - {"official", "editable"}
    assert templates == set(PAPERS)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (
            "mediation-acceptance-notice",
            [
                "调解受理通知书",
                "示例调〔2026〕8号",
                "2026年2月1日收到调解申请",
                "自2026年2月3日起受理",
                "期限至2026年2月18日届满",
                "即至2026年2月16日",
                "由示例调担任调解员",
                "第二十九条",
                "人民币18,000.00元（大写：壹万捌仟元整）",
            ],
        ),
        (
            "mediation-agreement",
            [
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
            ],
        ),
        (
            "review-application",
            [
                "仲裁审查申请书",
                "申请人（劳动者）：示例甲",
                "申请人（用人单位）：示例机械有限公司",
                "（示例调协〔2026〕5号）进行审查",
                "自2026年2月24日起生效",
                "至2026年3月11日为止",
                "第七十四条",
                "枣庄市市中区劳动人事争议仲裁委员会",
                "hr@example.cn",
            ],
        ),
        (
            "confirmation-application",
            ["司法确认申请书", "第二百零五条", "第二百零六条", "主持调解的证明", "枣庄市市中区人民法院"],
        ),
    ],
)
def test_a_paper_says_what_it_must(kind: str, expected: list[str]) -> None:
    shown = text(kind, dispute())
    assert [each for each in expected if each not in shown] == []


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
def test_a_dispute_with_the_least_that_is_needed_still_makes_a_paper(kind: str) -> None:
    bare = [
        replace(party, id_number=None, phone=None, email=None, address=None, legal_representative=None, agents=())
        for party in (worker(), employer())
    ]
    needed = {name: DATES[name] for name in PAPERS[kind].event_dates}
    texts = {name: STATEMENTS[name] for name in PAPERS[kind].statements}
    found = dispute(bare, [claim(1, "wages", None, facts=None)], dates=needed, statements=texts, appointments={})
    assert pdf(kind, found).startswith(b"%PDF-")
