"""English beside Chinese: the catalogues of the shipped processes and forms are whole, and reading them is strict."""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from casework.errors import ModelWordsInvalidError
from casework.model_words import (
    FILE,
    ModelWords,
    find_gaps,
    read_catalogue,
    read_model_words,
    texts_of_form,
    texts_of_process,
)
from casework.settings import Settings
from engine.forms.reading import parse_form
from tests.bpmn_builder import END, START, file, node, process

ROOT = Path(__file__).parents[3]
FOLDERS = ("processes", "forms")
CHINESE = re.compile(r"[\u4e00-\u9fff，。；：？（）《》“”]")
PLACEHOLDER = re.compile(r"\{\{.*?\}\}")


@cache
def shipped(folder: str) -> Mapping[str, str]:
    return read_catalogue(ROOT / folder / FILE)


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_text_that_people_read_in_a_shipped_model_has_its_english(folder: str) -> None:
    gaps = next(each for each in find_gaps(ROOT / "processes", ROOT / "forms") if each.catalogue.parent.name == folder)
    assert not gaps.missing, (
        f"Add English for these to {folder}/{FILE} (`tingzhu words` prints the lines to paste): "
        + "; ".join(f"{text} ({where})" for text, where in gaps.missing.items())
    )


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_english_is_kept_for_a_text_that_is_gone(folder: str) -> None:
    gaps = next(each for each in find_gaps(ROOT / "processes", ROOT / "forms") if each.catalogue.parent.name == folder)
    assert not gaps.unused, f"Take these out of {folder}/{FILE}, no model uses them: " + "; ".join(gaps.unused)


@pytest.mark.parametrize("folder", FOLDERS)
def test_english_is_english_and_keeps_every_placeholder(folder: str) -> None:
    for chinese, english in shipped(folder).items():
        assert not CHINESE.search(english.replace("“", "").replace("”", "")), english
        assert sorted(PLACEHOLDER.findall(english)) == sorted(PLACEHOLDER.findall(chinese)), english


def test_names_of_a_process_are_found_and_what_nobody_reads_is_not() -> None:
    task = node("userTask", "a", camunda_candidateGroups="角色").replace('name="a"', 'name="审查"')
    drawn = file(process("p", START, END, task, "start>a", "a>end"))
    assert texts_of_process("p.bpmn", drawn) == ["审查"]


def test_what_a_rule_of_a_decision_answers_is_found() -> None:
    rule = '<outputEntry><text>"仲裁"</text></outputEntry>'
    model = f'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="x">{rule}</definitions>'.encode()
    assert texts_of_process("d.dmn", model) == ["仲裁"]


def test_texts_of_a_form_are_found_in_rows_options_and_expressions_but_rules_are_not() -> None:
    form = {
        "components": [
            {"label": "姓名", "key": "name", "validate": {"pattern": "[一-龥]+", "patternErrorMessage": "应为汉字。"}},
            {"type": "dynamiclist", "components": [{"label": "金额", "appearance": {"suffixAdorner": "元"}}]},
            {"label": "Way", "values": [{"label": "书面", "value": "书面"}], "conditional": {"hide": '=x = "口头"'}},
            {"valuesExpression": '=concatenate([{label: "双方", value: "all"}], options)'},
            {"text": '="至 " + string(day) + " 届满"'},
        ]
    }
    assert texts_of_form(form) == ["姓名", "应为汉字。", "金额", "元", "书面", "双方", "至 ", " 届满"]


def test_english_in_an_expression_is_a_literal_that_cannot_break_it() -> None:
    words = ModelWords({}, {"双方": 'so-called "both"'})
    form = words.form({"valuesExpression": '=[{label: "双方", value: "双"}]'}, "en")
    assert form == {"valuesExpression": '=[{label: "so-called \\"both\\"", value: "双"}]'}


def test_a_name_and_a_text_of_a_form_may_differ_in_english() -> None:
    words = ModelWords({"受理": "Accepted", "审查": "Review"}, {"受理": "Accept"})
    assert (words.name("受理", "en"), words.label("受理", "en"), words.label("审查", "en")) == (
        "Accepted",
        "Accept",
        "Review",
    )
    assert words.name("受理", "zh") == "受理"


def test_a_sentence_quotes_names_in_english() -> None:
    words = ModelWords({"审查": "Review"}, {"日期": "Day"})
    assert (
        words.sentence("The user task '审查' was claimed by 王.", "en") == "The user task 'Review' was claimed by 王."
    )
    assert words.field_sentence("“日期” in row 1 of “审查”", "en") == "“Day” in row 1 of “Review”"
    assert words.sentence("任务“审查”已取消。", "zh") == "任务“审查”已取消。"


@pytest.mark.parametrize(
    ("content", "problem"),
    [("- a", "a mapping"), ("甲: ", "no text"), ("甲: 1", "no text"), ("甲: a\n甲: b", "twice"), ("甲: [", "expected")],
)
def test_a_catalogue_that_cannot_be_trusted_is_refused_with_its_name(
    tmp_path: Path, content: str, problem: str
) -> None:
    path = tmp_path / FILE
    path.write_text(content, "utf-8")
    with pytest.raises(ModelWordsInvalidError) as caught:
        read_catalogue(path)
    assert problem in caught.value.sentence("en")
    assert str(path) in caught.value.sentence("zh")


def test_models_without_a_catalogue_are_shown_as_they_are(tmp_path: Path) -> None:
    assert read_catalogue(tmp_path / FILE) == {}


def test_a_paper_whose_service_moved_is_named_in_english_like_an_element() -> None:
    words = read_model_words(Settings())
    assert words.name("调解受理通知书", "en") == "Notice of acceptance for mediation"
    assert words.name("审查调解协议", "en") == "Review the mediation agreement"


def test_gaps_name_the_first_file_of_a_missing_text_and_what_is_unused(tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / f"{number}.form").write_text(json.dumps({"components": [{"label": "新的"}]}), "utf-8")
    (tmp_path / FILE).write_text("旧的: Old\n", "utf-8")
    (_, gaps) = find_gaps(tmp_path, tmp_path)
    assert (dict(gaps.missing), gaps.unused) == ({"新的": "1.form"}, ("旧的",))


@pytest.mark.parametrize("path", sorted((ROOT / "forms").glob("*.form")), ids=lambda path: path.stem)
def test_a_shipped_form_in_english_is_the_same_form(path: Path) -> None:
    words = ModelWords({}, shipped("forms"))
    form = json.loads(path.read_bytes())
    shown = words.form(form, "en")
    assert texts_of_form(shown) == []
    parsed, findings = parse_form(path.name, json.dumps(shown).encode())
    assert parsed is not None, findings
    original, _ = parse_form(path.name, path.read_bytes())
    assert original is not None
    assert list(parsed.labels) == list(original.labels)
    assert re.sub(r'"(?:[^"\\]|\\.)*"', '""', parsed.source) == re.sub(r'"(?:[^"\\]|\\.)*"', '""', original.source)
