"""What a step of a scenario says, in the words of people who did not write it."""

import re
from dataclasses import dataclass

from tingzhu.scenarios.expectations import Miss
from tingzhu.scenarios.names import Names, Place
from tingzhu.scenarios.run import Failure

VERBS = {
    "complete": ("办理“{}”", "complete “{}”"),
    "claim": ("领取“{}”", "claim “{}”"),
    "retract": ("撤回“{}”", "take back “{}”"),
    "correct_task": ("更正“{}”", "correct “{}”"),
    "ask_correction": ("就“{}”要求补正", "ask for what is missing at “{}”"),
    "answer_correction": ("答复“{}”的补正要求", "answer what was asked for at “{}”"),
    "withdraw_correction": ("撤销“{}”的补正要求", "withdraw what was asked for at “{}”"),
    "hand_over": ("转办“{}”", "hand over “{}”"),
    "delegate": ("委派“{}”", "delegate “{}”"),
    "return": ("交回“{}”", "give back “{}”"),
    "recall": ("收回“{}”", "take back the delegated “{}”"),
    "advance": ("时间过去 {}", "let {} pass"),
    "advance_to": ("时间到 {}", "let time pass until {}"),
    "message": ("收到消息“{}”", "the message “{}” arrives"),
    "correct": ("更正日期：{}", "correct a date: {}"),
    "record": ("登记日期：{}", "record dates: {}"),
    "sign": ("登记签名盖章：{}", "record signatures: {}"),
    "unsign": ("撤回签名盖章：{}", "withdraw a signature: {}"),
    "pay": ("登记付款：{}", "record payments: {}"),
    "resolve_incident": ("处理“{}”的异常后重试", "retry after the incident at “{}”"),
    "suspend": ("暂停办理：{}", "suspend: {}"),
    "resume": ("恢复办理：{}", "resume: {}"),
    "cancel": ("终止办理：{}", "cancel: {}"),
    "expect": ("核对此时的情况", "check how things stand"),
    "given": ("准备开始时的情况", "bring about how things stand at the start"),
    "history": ("核对案件记录是否完整", "verify that the record of the case is whole"),
}
"""First word of a step's title -> sentences about its rest."""


EXPECTATIONS = {
    "tasks": ("打开的任务", "the open tasks"),
    "has_tasks": ("打开的任务中", "among the open tasks"),
    "due": ("任务期限", "the due date of"),
    "timers": ("定时器", "the timer"),
    "variables": ("变量", "the variable"),
    "ended": ("流程已结束", "the process has ended"),
    "stage": ("案件阶段", "the stage of the case"),
    "incidents": ("异常", "the incidents"),
    "jobs": ("未完成的作业", "the jobs that wait"),
    "awaits": ("等待的消息", "the messages waited for"),
    "notified": ("已发出的通知", "the notices sent"),
    "documents": ("已存入的文书", "the papers stored"),
    "event_dates": ("日期", "the date"),
}
"""Key of an expectation -> what people call it."""

_KEY = re.compile(rf"({'|'.join(EXPECTATIONS)})(?:\.| |$)")


@dataclass(frozen=True, slots=True)
class StepWords:
    """A step for people, and the elements of the diagram that it is about."""

    zh: str
    en: str
    places: tuple[Place, ...] = ()


def step_words(failure: Failure, names: Names) -> StepWords:
    """Return the step at which a scenario failed."""
    verb, _, rest = failure.title.partition(": ")
    places = sorted(names.places(rest)) if rest else []
    elements = {names.elements[place].name for place in places}
    shown = "、".join(sorted(elements)) or rest
    zh, en = VERBS[verb]
    return StepWords(zh.format(shown), en.format(shown), tuple(places))


def miss_words(miss: Miss) -> Miss:
    """Return a difference whose key is told in words: `tasks 应为` becomes `打开的任务 应为`."""
    found = _KEY.match(miss.en)
    if found is None:
        return miss
    zh, en = EXPECTATIONS[found.group(1)]
    return Miss(_KEY.sub(f"{zh} ", miss.zh, count=1), _KEY.sub(f"{en} ", miss.en, count=1))
