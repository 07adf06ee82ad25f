"""Names of elements and texts of forms in the reader's language: English where the models' catalogue knows it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from casework.model_words import ModelWords
from engine.store.tables import history, user_task
from tests.bpmn_builder import END, START, file, node, process
from tests.integration.api.service_desk import ServiceDesk

FORM: dict[str, Any] = {
    "type": "default",
    "id": "answer",
    "components": [
        {"type": "text", "text": "请在 {{days}} 日内答复。"},
        {"type": "radio", "key": "answer", "label": "答复", "validate": {"required": True},
         "values": [{"value": "yes", "label": "同意"}, {"value": "no", "label": "不愿意"}]},
        {"type": "select", "key": "way", "label": "方式",
         "valuesExpression": '=if answer = "yes" then [{label: "同意", value: "a"}] else [{label: "其他", value: "b"}]'},
    ],
}  # fmt: skip
STEPS = (
    START,
    END,
    node("userTask", "a", camunda_candidateGroups="window-clerk", camunda_formKey="answer").replace(
        'name="a"', 'name="登记答复"'
    ),
    node("userTask", "b", camunda_candidateGroups="mediator"),
    "start>a",
    "a>b",
    "b>end",
)
WORDS = ModelWords(
    {"登记答复": "Take the answer", "a": "First task", "同意": "Approved", "trial": "Trial run"},
    {"请在 {{days}} 日内答复。": "Please answer in {{days}} days.", "答复": "Answer", "同意": "Agree"},
)


class EnglishDesk(ServiceDesk):
    """A desk whose models have some English beside them."""

    words = WORDS


@pytest.fixture
def english(engine: sa.Engine, tmp_path: Path) -> Iterator[ServiceDesk]:
    desk = EnglishDesk(engine, tmp_path)
    yield desk
    desk.close()


@pytest.fixture
def task(english: ServiceDesk) -> str:
    """Return the path of an open user task with a form, for window clerks."""
    return (
        f"/user-tasks/{english.trial(*STEPS, forms={'answer.form': json.dumps(FORM).encode()})['user_tasks'][0]['id']}"
    )


@pytest.mark.parametrize(("language", "name"), [("zh", "a"), ("en", "First task")])
def test_a_task_is_named_in_the_readers_language_wherever_it_is_listed(
    english: ServiceDesk, language: str, name: str
) -> None:
    case = english.case()
    query = f"?lang={language}"
    (listed,) = english.get(f"/user-tasks{query}&case_id={case['id']}")["items"]
    held = english.get(f"/cases/{case['id']}{query}")
    timeline = english.get(f"/cases/{case['id']}/timeline{query}&details=true")["items"]
    opened = next(each for each in timeline if each["kind"] == "user-task-created")
    assert english.get(f"/user-tasks/{listed['id']}{query}")["element_name"] == name
    assert (listed["element_name"], held["open_user_tasks"][0]["element_name"]) == (name, name)
    assert opened["element_name"] == name
    assert f"“{name}”" in opened["title"]


def test_a_name_without_english_is_shown_as_the_model_says(english: ServiceDesk, task: str) -> None:
    english.call("POST", f"{task}/completion", {"variables": {"answer": "yes"}})
    names = {each["element_name"] for each in english.get("/user-tasks?lang=en&state=created", by="admin")["items"]}
    assert "b" in names


def test_what_is_stored_stays_as_the_model_says(english: ServiceDesk, task: str) -> None:
    english.call("POST", f"{task}/completion?lang=en", {"variables": {"answer": "yes"}})
    assert "Take the answer" not in str(english.rows(user_task)) + str(english.rows(history))


def test_a_form_is_in_the_readers_language_and_means_the_same(english: ServiceDesk, task: str) -> None:
    assert english.get(task)["form"] == FORM
    text, answer, way = english.get(f"{task}?lang=en")["form"]["components"]
    assert text["text"] == "Please answer in {{days}} days."
    assert (answer["label"], answer["key"]) == ("Answer", "answer")
    assert answer["values"] == [{"value": "yes", "label": "Agree"}, {"value": "no", "label": "不愿意"}]
    assert way["valuesExpression"] == (
        '=if answer = "yes" then [{label: "Agree", value: "a"}] else [{label: "其他", value: "b"}]'
    )
    assert english.get("/forms/answer?lang=en")["form"]["components"][1]["label"] == "Answer"


def test_what_is_known_is_sought_by_the_names_of_the_form_not_by_its_english_words(english: ServiceDesk) -> None:
    form = {**FORM, "components": FORM["components"][1:2]}
    forms = {"answer.form": json.dumps(form).encode()}
    started = english.trial(*STEPS, forms=forms, key="other", Answer="a secret of another form")
    assert english.get(f"/user-tasks/{started['user_tasks'][0]['id']}?lang=en")["data"] == {}


@pytest.mark.parametrize(("language", "sentence"), [("zh", "请选择“答复”。"), ("en", "Please choose “Answer”.")])
def test_a_field_to_mend_is_called_what_the_reader_sees(
    english: ServiceDesk, task: str, language: str, sentence: str
) -> None:
    answer = english.call("POST", f"{task}/completion?lang={language}", {"variables": {}})
    assert [error["message"] for error in answer.get_json()["errors"]] == [sentence]


def test_an_error_quotes_the_task_in_the_readers_language(english: ServiceDesk, task: str) -> None:
    english.call("POST", f"{task}/claim")
    answers = {
        language: english.call("POST", f"{task}/claim?lang={language}", by="window2").get_json()
        for language in ("zh", "en")
    }
    assert "任务“登记答复”已由 window 领取" in answers["zh"]["detail"]
    assert answers["en"]["detail"].startswith("The user task 'Take the answer' was claimed by window.")


def test_a_notice_names_the_task_in_the_readers_language(english: ServiceDesk) -> None:
    case = english.case()
    (listed,) = english.get(f"/user-tasks?case_id={case['id']}")["items"]
    english.token("window2")
    english.post(f"/user-tasks/{listed['id']}/copies", {"users": ["window2"], "text": "请阅"}, by="window")
    notice = english.get("/notifications?lang=en", by="window2")["items"][0]
    assert "the task First task was copied to you" in notice["text"]


def test_a_process_and_the_steps_of_its_diagram_are_named_in_the_readers_language(
    english: ServiceDesk, task: str
) -> None:
    instance = english.get(task)["instance_id"]
    (diagram,) = english.get(f"/process-instances/{instance}/progress?lang=en", by="admin")["diagrams"]
    assert diagram["name"] == "Trial run"
    assert {"Take the answer", "b"} <= {element["name"] for element in diagram["elements"]}
    (listed,) = english.get("/process-definitions?key=trial&lang=en", by="admin")["items"]
    assert listed["name"] == "Trial run"


def test_a_drawing_names_its_elements_in_the_readers_language_and_the_file_stays_as_deployed(
    english: ServiceDesk, task: str
) -> None:
    (listed,) = english.get("/process-definitions?key=trial", by="admin")["items"]
    path = f"/process-definitions/{listed['id']}"
    drawn = {
        language: english.call("GET", f"{path}/drawing?lang={language}").data.decode() for language in ("zh", "en")
    }
    assert 'name="Take the answer"' in drawn["en"]
    assert 'camunda:formKey="answer"' in drawn["en"]
    assert "登记答复" not in drawn["en"]
    deployed = english.call("GET", f"{path}/xml?lang=en").data.decode()
    assert deployed == drawn["zh"]
    assert "登记答复" in deployed


def chooser(*fields: dict[str, Any]) -> dict[str, bytes]:
    form = {"type": "default", "id": "answer", "components": [{"label": "一项", **field} for field in fields]}
    return {"answer.form": json.dumps(form).encode()}


def test_parties_signatories_and_clauses_are_named_in_the_readers_language(english: ServiceDesk) -> None:
    names = ("party_options", "signatory_options", "clause_options")
    form = chooser(*({"type": "select", "key": f"chosen_{name}", "valuesKey": name} for name in names))
    english.deploy_forms(file(process("dispute", *STEPS)), form)
    case = english.case()
    (listed,) = english.get(f"/user-tasks?case_id={case['id']}")["items"]
    found = {language: english.get(f"/user-tasks/{listed['id']}?lang={language}")["data"] for language in ("zh", "en")}
    labels = {
        (language, name): [option["label"] for option in found[language][name]]
        for language in ("zh", "en")
        for name in names
    }
    assert labels["zh", "party_options"] == ["申请人1 张三", "被申请人1 某某机械有限公司"]
    assert labels["en", "party_options"] == ["Applicant 1 张三", "Respondent 1 某某机械有限公司"]
    assert labels["en", "signatory_options"][2:] == ["Mediator", "Mediation organisation (seal)"]
    assert labels["en", "clause_options"]
    assert all(label.isascii() for label in labels["en", "clause_options"])
    for name in names:
        values = [[option["value"] for option in found[language][name]] for language in ("zh", "en")]
        assert values[0] == values[1]


def test_words_of_the_models_are_shown_in_english_but_what_fields_hold_is_not_changed(english: ServiceDesk) -> None:
    form = chooser(
        {"type": "text", "text": "{{told}}"},
        {"type": "textfield", "key": "said"},
        {"type": "select", "key": "way", "valuesKey": "ways"},
    )
    ways = [{"label": "同意", "value": "同意"}]
    declared = "told: str, said: str, ways: list[dict[str, str]]"
    started = english.trial(*STEPS, forms=form, key="told", declared=declared, told="同意", said="同意", ways=ways)
    data = english.get(f"/user-tasks/{started['user_tasks'][0]['id']}?lang=en")["data"]
    assert data == {"said": "同意", "told": "Agree", "ways": [{"label": "Agree", "value": "同意"}]}
