"""Reads scenario files: YAML to scenarios, or every problem with file, line and key."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from marshmallow import ValidationError

from api.validation_sentences import FieldProblem, sentence_problem
from casework.registration import NewClaim, NewParty, RegisterDispute
from tingzhu.scenarios.errors import FileProblem, ScenariosInvalidError, ScenariosMissingError
from tingzhu.scenarios.scenario import (
    Advance,
    AskCorrection,
    Behalf,
    Claim,
    Complete,
    CorrectDate,
    CorrectTask,
    Deed,
    Delegate,
    EndCorrection,
    EndDelegation,
    Expect,
    Given,
    HandOver,
    Operate,
    Pay,
    RecordDates,
    ResolveIncident,
    Retract,
    Scenario,
    SendMessage,
    Sign,
    Step,
    Who,
)
from tingzhu.scenarios.schemas import ExpectSchema, GivenSchema, load_step, unknown_name
from tingzhu.scenarios.yaml_lines import YamlInvalidError, line_of, read_yaml

TOP = ("name", "given", "when", "steps", "then")

APPLICANT = NewParty("person", "示例甲", phone="13800000001", address="市中区示例小区1号", username="worker")
RESPONDENT = NewParty(
    "organisation",
    "示例机械有限公司",
    phone="06320000001",
    address="市中区示例路1号",
    legal_representative="示例乙",
    username="employer",
)
"""The parties of a case that names none: both have a demonstration account."""


def scenario_files(path: Path) -> list[Path]:
    """Return the scenario files that a path means: itself, or those in folders `scenarios` below it.

    A folder without such folders is taken as a folder of scenarios. Raises ScenariosMissingError.
    """
    if path.is_file():
        return [path]
    found = sorted(each for each in path.rglob("*.y*ml") if each.suffix in (".yaml", ".yml"))
    below = [each for each in found if each.parent.name == "scenarios"]
    if not found:
        raise ScenariosMissingError(path)
    return below or found


def read_scenarios(paths: Sequence[Path]) -> list[Scenario]:
    """Return the scenarios of files. Raises ScenariosInvalidError with the problems of all of them."""
    scenarios: list[Scenario] = []
    problems: list[FileProblem] = []
    for path in paths:
        try:
            scenarios.append(read_scenario(shown_path(path), path.read_text("utf-8")))
        except ScenariosInvalidError as error:
            problems += error.problems
        except UnicodeDecodeError:
            problems.append(
                FileProblem(shown_path(path), 1, "", "文件不是 UTF-8 文本。", "the file is not UTF-8 text.")
            )
    if problems:
        raise ScenariosInvalidError(problems)
    return scenarios


def shown_path(path: Path) -> str:
    """Return a path as messages show it: from the working folder where it lies below that."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def read_scenario(file: str, text: str) -> Scenario:
    """Return the scenario of a text. Raises ScenariosInvalidError."""
    try:
        data, lines = read_yaml(text)
    except YamlInvalidError as error:
        raise ScenariosInvalidError([FileProblem(file, error.line, "", error.zh, error.en)]) from None
    document = _Document(file, data, lines)
    scenario = document.read()
    if document.problems:
        raise ScenariosInvalidError(document.problems)
    assert scenario is not None
    return scenario


class _Document:
    """One file while it is read; collects what is wrong."""

    def __init__(self, file: str, data: Any, lines: Mapping[tuple[Any, ...], int]) -> None:
        self.file, self.data, self.lines = file, data, dict(lines)
        self.problems: list[FileProblem] = []

    def read(self) -> Scenario | None:
        if not isinstance(self.data, dict):
            self._add((), FieldProblem("", "invalid", "应有 given 与 when。", "`given` and `when` are needed."))
            return None
        for name in self.data:
            if name not in TOP:
                self._refuse((name,), unknown_name(name, TOP).messages)
        name = self.data.get("name", Path(self.file).stem)
        if not isinstance(name, str):
            self._add(("name",), FieldProblem("", "invalid", "应为文字。", "text is needed."))
        given = self._given(self.data.get("given"))
        steps = self._steps()
        if self.problems or given is None:
            return None
        return Scenario(self.file, name, given, tuple(steps), self.lines)

    def _given(self, data: Any) -> Given | None:
        if data is None:
            self._add((), FieldProblem("", "required", "缺少 given。", "`given` is missing."))
            return None
        try:
            loaded = GivenSchema().load(data)
        except ValidationError as error:
            self._refuse(("given",), error.messages)
            return None
        case = loaded.pop("case")
        dates = loaded.pop("event_dates")
        is_dispute = loaded["process"] == "dispute"
        registration = None
        if case is not None or "case" in data or is_dispute:
            registration = _registration(case or {}, dates)
        elif dates or loaded["inputs"] or loaded["organisation"] or loaded["sent_to"]:
            zh, en = "没有 case，就没有争议可以记录这些。", "without `case` there is no dispute to hold these."
            self._add(("given",), FieldProblem("", "invalid", zh, en))
        return Given(registration=registration, **loaded)

    def _steps(self) -> list[Step]:
        steps: list[Step] = []
        for key in ("when", "steps"):
            listed = self.data.get(key, [])
            if not isinstance(listed, list):
                self._add((key,), FieldProblem("", "invalid", "应为步骤列表（- …）。", "a list of steps is needed."))
                continue
            for index, each in enumerate(listed):
                self._step(steps, (key, index), each)
        last = self.data.get("then")
        for index, each in enumerate(last if isinstance(last, list) else [last] if last is not None else []):
            path = ("then", index) if isinstance(last, list) else ("then",)
            if isinstance(each, dict) and "expect" in each:
                self._step(steps, path, each)
                continue
            try:
                self._expect(steps, path, ExpectSchema().load(each))
            except ValidationError as error:
                self._refuse(path, error.messages)
        if not steps and not self.problems:
            self._add((), FieldProblem("", "required", "没有任何步骤（when）。", "there is no step (`when`)."))
        return steps

    def _step(self, steps: list[Step], path: tuple[Any, ...], data: Any) -> None:
        try:
            verb, loaded = load_step(data)
        except ValidationError as error:
            self._refuse(path, error.messages)
            return
        if verb == "expect":
            self._expect(steps, (*path, "expect"), loaded["expect"])
            return
        deed = _deed(verb, loaded)
        title = f"{verb}: {_title(data[verb])}"
        refused = loaded.get("expect_refused")
        steps.append(Step(len(steps) + 1, line_of(self.lines, path), title, deed, refused))

    def _expect(self, steps: list[Step], path: tuple[Any, ...], loaded: dict[str, Any]) -> None:
        refused = loaded.pop("refused", None)
        if refused is not None:
            if not steps or isinstance(steps[-1].deed, Expect):
                zh, en = "refused 应紧跟在一个步骤之后。", "`refused` must follow a step directly."
                self._add((*path, "refused"), FieldProblem("", "invalid", zh, en))
                return
            steps[-1] = replace(steps[-1], refused=refused)
        if loaded or refused is None:
            steps.append(Step(len(steps) + 1, line_of(self.lines, path), "expect", Expect(loaded)))

    def _refuse(self, path: tuple[Any, ...], messages: Any) -> None:
        for place, found in _walk(messages, path):
            self._add(place, found)

    def _add(self, path: tuple[Any, ...], found: FieldProblem) -> None:
        self.problems.append(FileProblem(self.file, line_of(self.lines, path), dotted(path), found.zh, found.en))


def dotted(path: tuple[Any, ...]) -> str:
    """Return a path as text: `when[2].expect.tasks`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def _walk(messages: Any, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], FieldProblem]]:
    if isinstance(messages, Mapping):
        for key, value in messages.items():
            # the library puts problems of a mapping's entries under `key` or `value`
            yield from _walk(value, path if key in ("_schema", "key", "value") else (*path, key))
    elif isinstance(messages, list):
        for value in messages:
            yield from _walk(value, path)
    elif isinstance(messages, FieldProblem):
        yield path, messages
    else:
        yield path, sentence_problem("", str(messages))


def _registration(case: Mapping[str, Any], dates: Mapping[str, date]) -> RegisterDispute:
    claims = case.get("claims")
    if claims is None:
        code = case.get("cause_code", "wages")
        amount = case.get("amount")
        # the relation itself has no amount; everything else is about money unless the file says otherwise
        default = None if code == "labour-relation" else Decimal("18000.00")
        claims = [NewClaim(code, default if amount is None else amount, "2026年6月至8月工资未发。")]
    applicants, respondents = case.get("applicants"), case.get("respondents")
    return RegisterDispute(
        channel=case.get("channel", "window"),
        area_code=case.get("area_code", "370402006"),
        applicants=(APPLICANT,) if applicants is None else tuple(applicants),
        respondents=(RESPONDENT,) if respondents is None else tuple(respondents),
        claims=tuple(claims),
        worker_count=case.get("worker_count"),
        event_dates=dict(dates),
        industry=case.get("industry"),
        flags=tuple(case.get("flags", ())),
    )


def _deed(verb: str, loaded: Mapping[str, Any]) -> Deed:
    who = Who(loaded.get("role"), loaded.get("user"))
    match verb:
        case "complete":
            return Complete(loaded["complete"], loaded["data"], who, _behalf(loaded["on_behalf_of"]))
        case "claim":
            return Claim(loaded["claim"], who)
        case "retract":
            return Retract(loaded["retract"], who)
        case "correct_task":
            return CorrectTask(loaded["correct_task"], loaded["data"], loaded["reason"], who)
        case "ask_correction":
            return AskCorrection(
                loaded["ask_correction"],
                loaded["about"],
                _side(loaded["party"]),
                tuple(loaded["missing"]),
                loaded["due_on"],
                who,
            )
        case "answer_correction" | "withdraw_correction":
            return EndCorrection(loaded[verb], verb == "answer_correction", who)
        case "hand_over":
            return HandOver(loaded["hand_over"], loaded["to"], loaded["to_group"], loaded["reason"], who)
        case "delegate":
            return Delegate(loaded["delegate"], loaded["to"], who)
        case "return":
            return EndDelegation(loaded["return_"], False, who)
        case "recall":
            return EndDelegation(loaded["recall"], True, who)
        case "advance":
            return Advance(duration=loaded["advance"])
        case "advance_to":
            return Advance(until=loaded["advance_to"])
        case "message":
            return SendMessage(loaded["message"], loaded["data"], who)
        case "correct":
            given = loaded["correct"]
            return CorrectDate(given["event_date"], given["value"], given["reason"], who)
        case "record":
            return RecordDates(loaded["record"], who)
        case "sign":
            return Sign(loaded["sign"], None, loaded["reason"], who)
        case "pay":
            return Pay(loaded["pay"], who)
        case "unsign":
            return Sign({}, loaded["unsign"], loaded["reason"], who)
        case "resolve_incident":
            return ResolveIncident(loaded["resolve_incident"], who)
        case _:
            return Operate(verb, loaded[verb], who)


def _side(party: str | None) -> tuple[str, int] | None:
    if party is None:
        return None
    side, _, position = party.partition(" ")
    return side, int(position or 1)


def _behalf(data: Mapping[str, Any] | None) -> Behalf | None:
    if data is None:
        return None
    side, _, position = data["party"].partition(" ")
    at = data["at"]
    told = at.isoformat(timespec="minutes") if isinstance(at, datetime) else str(at)
    return Behalf(side, int(position or 1), data["method"], told)


def _title(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, dict):
        return ", ".join(f"{name} {each}" for name, each in value.items())
    return str(value)
