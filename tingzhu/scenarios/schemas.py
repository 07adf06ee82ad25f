"""The shape of scenario files: what may stand where, with a sentence for everything that may not."""

import difflib
from collections.abc import Mapping
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, pre_load, validate, validates_schema

from casework.registration import NewAgent, NewClaim, NewParty
from casework.vocabulary import PARTY_KINDS
from engine.bpmn.times import add_duration
from engine.commands.complete_user_task import METHODS
from engine.domain.clock import day_start
from tingzhu.scenarios.fields import (
    Amount,
    Counted,
    CountOrWords,
    DayField,
    Moment,
    Times,
    Values,
    Word,
    Words,
    problem,
)
from tingzhu.scenarios.scenario import Day, Script

RECEIVERS = ("arbitration", "court", "union")


class _Strict(Schema):
    """Refuses unknown keys, with the nearest known one."""

    class Meta:
        unknown = RAISE

    @pre_load
    def known_keys(self, data: Any, **_: Any) -> Any:
        if not isinstance(data, dict):
            raise problem("应为“键: 值”。", "keys with values are needed.")
        known = [each.data_key or name for name, each in self.fields.items()]
        strangers = {name: [unknown_name(name, known).messages[0]] for name in data if name not in known}
        if strangers:
            raise ValidationError(strangers)
        return data


def unknown_name(name: object, known: Any) -> ValidationError:
    """Return the error that there is no such name, with those that look like it, or all when they are few."""
    names = sorted(known)
    near = difflib.get_close_matches(str(name), names, 3, 0.5)
    shown = near or (names if len(names) <= 20 else [])
    zh = f"没有“{name}”" + ("，是否指 " if near else "，可用：") * bool(shown) + "、".join(shown) + "。"
    en = f"there is no {name!r}" + ("; did you mean " if near else "; known: ") * bool(shown) + ", ".join(shown) + "."
    return problem(zh, en, "unknown_name")


class AgentSchema(_Strict):
    """Who acts for a party."""

    kind = fields.String(load_default="lawyer")
    name = fields.String(required=True)
    powers = fields.String(load_default="general")
    id_number = Word(load_default=None)
    phone = Word(load_default=None)
    username = Word(load_default=None)

    @post_load
    def build(self, data: Any, **_: Any) -> NewAgent:
        return NewAgent(**data)


class PartySchema(_Strict):
    """A party to register."""

    kind = fields.String(load_default="person", validate=validate.OneOf(list(PARTY_KINDS)))
    name = fields.String(required=True)
    id_number = Word(load_default=None)
    phone = Word(load_default=None)
    email = fields.String(load_default=None)
    address = fields.String(load_default=None)
    legal_representative = fields.String(load_default=None)
    username = Word(load_default=None)
    agents = fields.List(fields.Nested(AgentSchema), load_default=list)

    @post_load
    def build(self, data: Any, **_: Any) -> NewParty:
        return NewParty(**{**data, "agents": tuple(data["agents"])})


class ClaimSchema(_Strict):
    """A claim to register."""

    cause_code = fields.String(load_default="wages")
    amount = Amount(load_default=None)
    facts = fields.String(load_default=None)
    applicant = fields.Integer(load_default=None, strict=True)

    @post_load
    def build(self, data: Any, **_: Any) -> NewClaim:
        return NewClaim(**data)


class CaseSchema(_Strict):
    """A dispute to register; everything has a default."""

    channel = fields.String(load_default="window")
    area_code = Word(load_default="370402006")
    cause_code = fields.String(load_default="wages")
    amount = Amount(load_default=None)
    claims = fields.List(fields.Nested(ClaimSchema), load_default=None)
    worker_count = fields.Integer(load_default=None, strict=True)
    applicants = fields.List(fields.Nested(PartySchema), load_default=None)
    respondents = fields.List(fields.Nested(PartySchema), load_default=None)
    industry = fields.String(load_default=None)
    flags = Words(load_default=())


class ScriptSchema(_Strict):
    """What happens instead of a handler's own work."""

    fails = fields.Integer(load_default=0, strict=True, validate=validate.Range(0, 1000))
    never = fields.Boolean(load_default=False)
    throws = fields.Raw(load_default=None)
    returns = Values(load_default=None, allow_none=True)

    @post_load
    def build(self, data: Any, **_: Any) -> Script:
        thrown = data.pop("throws")
        if isinstance(thrown, dict):
            code = thrown.get("code")
            message, variables = str(thrown.get("message", "")), thrown.get("variables", {})
            if (
                not isinstance(code, str)
                or not isinstance(variables, dict)
                or thrown.keys()
                - {
                    "code",
                    "message",
                    "variables",
                }
            ):
                zh, en = "应为错误代码或 {code, message, variables}。", "an error code or {code, message, variables}."
                raise ValidationError({"throws": problem(zh, en).messages})
            return Script(**data, throws=code, message=message, variables=variables)
        if thrown is not None and not isinstance(thrown, str):
            raise ValidationError({"throws": problem("应为错误代码。", "an error code is needed.").messages})
        return Script(**data, throws=thrown)


class GivenSchema(_Strict):
    """How things stand at the start."""

    process = fields.String(load_default="dispute")
    at = Moment(required=True)
    by = fields.String(load_default="window")
    case = fields.Nested(CaseSchema, load_default=None, allow_none=True)
    variables = Values(load_default=dict)
    event_dates = fields.Dict(keys=fields.String(), values=DayField(), load_default=dict)
    inputs = Values(load_default=dict)
    organisation = fields.String(load_default=None)
    sent_to = Words(load_default=())
    handlers = fields.Dict(keys=fields.String(), values=fields.Nested(ScriptSchema), load_default=dict)

    @validates_schema
    def fits(self, data: Mapping[str, Any], **_: Any) -> None:
        if data["process"] == "dispute" and data["variables"]:
            zh = "流程 dispute 的变量由登记产生，不能另给；请写在 case 中。"
            en = "the variables of `dispute` come from the registration; say them under `case`."
            raise ValidationError({"variables": problem(zh, en).messages})
        strangers = [each for each in data["sent_to"] if each not in RECEIVERS]
        if strangers:
            raise ValidationError({"sent_to": unknown_name(strangers[0], RECEIVERS).messages})


class BehalfSchema(_Strict):
    """For which party a user task is completed."""

    party = fields.String(
        required=True, validate=validate.Regexp(r"(applicant|respondent)( [1-9]\d{0,2})?\Z", error="Invalid value.")
    )
    method = fields.String(required=True, validate=validate.OneOf(sorted(METHODS)))
    at = fields.Raw(required=True)


class CorrectSchema(_Strict):
    """The correction of an event date."""

    event_date = fields.String(required=True)
    value = DayField(required=True)
    reason = fields.String(load_default="录入有误")


class ExpectSchema(_Strict):
    """What must hold."""

    tasks = Words()
    has_tasks = Words()
    due = Times()
    timers = Times()
    variables = Values()
    ended = fields.Boolean()
    stage = fields.String()
    incidents = CountOrWords()
    jobs = Words()
    awaits = Words()
    passed = Words()
    not_passed = Words()
    notified = Counted()
    not_notified = Words()
    documents = Counted()
    event_dates = fields.Dict(keys=fields.String(), values=DayField(allow_none=True))
    refused = fields.String()


class _StepSchema(_Strict):
    """What any step but an expectation may say."""

    role = fields.String(load_default=None, data_key="as")
    user = Word(load_default=None)
    expect_refused = fields.String(load_default=None)

    @validates_schema
    def one_of(self, data: Mapping[str, Any], **_: Any) -> None:
        if data.get("role") and data.get("user"):
            raise ValidationError({"user": problem("as 与 user 只能写一个。", "say either `as` or `user`.").messages})


class CompleteSchema(_StepSchema):
    """Completes a user task."""

    complete = fields.String(required=True)
    data = Values(load_default=dict, data_key="with")
    on_behalf_of = fields.Nested(BehalfSchema, load_default=None)


class ClaimTaskSchema(_StepSchema):
    """Claims a user task."""

    claim = fields.String(required=True)


class RetractSchema(_StepSchema):
    """Takes a completion back."""

    retract = fields.String(required=True)


class CorrectTaskSchema(_StepSchema):
    """Corrects a completed user task."""

    correct_task = fields.String(required=True)
    data = Values(load_default=dict, data_key="with")
    reason = fields.String(load_default="录入有误")


class AskCorrectionSchema(_StepSchema):
    """Asks for what is missing."""

    ask_correction = fields.String(required=True)
    about = fields.String(load_default=None)
    party = fields.String(
        load_default=None, validate=validate.Regexp(r"(applicant|respondent)( [1-9]\d{0,2})?\Z", error="Invalid value.")
    )
    missing = Words(required=True)
    due_on = DayField(required=True)

    @validates_schema
    def asked(self, data: Mapping[str, Any], **_: Any) -> None:
        if (data.get("about") is None) == (data.get("party") is None):
            zh, en = "应写明 about（环节）或 party（当事人）之一。", "say either `about` (an element) or `party`."
            raise ValidationError({"about": problem(zh, en).messages})


class AnswerCorrectionSchema(_StepSchema):
    """Answers a request for correction."""

    answer_correction = fields.String(required=True)


class WithdrawCorrectionSchema(_StepSchema):
    """Withdraws a request for correction."""

    withdraw_correction = fields.String(required=True)


class HandOverSchema(_StepSchema):
    """Hands a user task over."""

    hand_over = fields.String(required=True)
    to = Word(load_default=None)
    to_group = fields.String(load_default=None)
    reason = fields.String(load_default="工作安排")

    @validates_schema
    def receiver(self, data: Mapping[str, Any], **_: Any) -> None:
        if (data.get("to") is None) == (data.get("to_group") is None):
            zh, en = (
                "应写明 to（账号）或 to_group（角色）之一。",
                "say either `to` (an account) or `to_group` (a role).",
            )
            raise ValidationError({"to": problem(zh, en).messages})


class DelegateSchema(_StepSchema):
    """Delegates a user task."""

    delegate = fields.String(required=True)
    to = Word(required=True)


class ReturnSchema(_StepSchema):
    """Gives a delegated user task back."""

    return_ = fields.String(required=True, data_key="return")


class RecallSchema(_StepSchema):
    """Takes a delegated user task back."""

    recall = fields.String(required=True)


class AdvanceSchema(_Strict):
    """Lets some time pass."""

    advance = fields.String(required=True)

    @validates_schema
    def duration(self, data: Mapping[str, Any], **_: Any) -> None:
        try:
            add_duration(data["advance"], day_start(Day(2026, 1, 1)))
        except ValueError:
            zh, en = "应为 ISO 8601 时长，如 P5D、PT2H。", "an ISO 8601 duration such as P5D or PT2H is needed."
            raise ValidationError({"advance": problem(zh, en).messages}) from None


class AdvanceToSchema(_Strict):
    """Lets time pass until an instant."""

    advance_to = Moment(required=True)


class MessageSchema(_StepSchema):
    """Sends a message to the case."""

    message = fields.String(required=True)
    data = Values(load_default=dict, data_key="with")


class CorrectStepSchema(_StepSchema):
    """Corrects an event date."""

    correct = fields.Nested(CorrectSchema, required=True)


class RecordSchema(_StepSchema):
    """Records event dates."""

    record = fields.Dict(keys=fields.String(), values=DayField(), required=True)


class SignSchema(_StepSchema):
    """Records signatures outside the task: who has signed, and when."""

    sign = fields.Dict(keys=fields.String(), values=DayField(), required=True)
    reason = fields.String(load_default="录入有误")


class UnsignSchema(_StepSchema):
    """Withdraws the signature of one who has signed."""

    unsign = fields.String(required=True)
    reason = fields.String(load_default="签署无效")


class PaySchema(_StepSchema):
    """Records payments outside any task: rows of `amount`, `paid_on`, and where they apply `position`."""

    pay = fields.List(fields.Dict(keys=fields.String()), required=True)


class ResolveSchema(_StepSchema):
    """Resolves an incident."""

    resolve_incident = fields.String(required=True)


class SuspendSchema(_StepSchema):
    """Suspends the process instance."""

    suspend = fields.String(required=True)


class ResumeSchema(_StepSchema):
    """Resumes the process instance."""

    resume = fields.String(required=True)


class CancelSchema(_StepSchema):
    """Cancels the process instance."""

    cancel = fields.String(required=True)


class ExpectStepSchema(_Strict):
    """Expects something between two steps."""

    expect = fields.Nested(ExpectSchema, required=True)


STEPS: Mapping[str, type[_Strict]] = {
    "complete": CompleteSchema,
    "claim": ClaimTaskSchema,
    "retract": RetractSchema,
    "correct_task": CorrectTaskSchema,
    "ask_correction": AskCorrectionSchema,
    "answer_correction": AnswerCorrectionSchema,
    "withdraw_correction": WithdrawCorrectionSchema,
    "hand_over": HandOverSchema,
    "delegate": DelegateSchema,
    "return": ReturnSchema,
    "recall": RecallSchema,
    "advance": AdvanceSchema,
    "advance_to": AdvanceToSchema,
    "message": MessageSchema,
    "correct": CorrectStepSchema,
    "record": RecordSchema,
    "sign": SignSchema,
    "unsign": UnsignSchema,
    "pay": PaySchema,
    "resolve_incident": ResolveSchema,
    "suspend": SuspendSchema,
    "resume": ResumeSchema,
    "cancel": CancelSchema,
    "expect": ExpectStepSchema,
}
"""The key that tells what a step is -> its schema."""


def load_step(data: Any) -> tuple[str, dict[str, Any]]:
    """Return which step it is, and its values. Raises marshmallow.ValidationError."""
    if not isinstance(data, dict):
        raise problem("步骤应为“键: 值”。", "a step consists of keys and values.")
    verbs = [verb for verb in STEPS if verb in data]
    if len(verbs) != 1:
        if not verbs and data:
            raise ValidationError({str(next(iter(data))): unknown_name(next(iter(data)), STEPS).messages})
        zh = f"一个步骤只能有一个动作，此处有 {'、'.join(verbs) or '0 个'}。"
        en = f"a step has exactly one verb; here: {', '.join(verbs) or 'none'}."
        raise problem(zh, en)
    return verbs[0], STEPS[verbs[0]]().load(data)
