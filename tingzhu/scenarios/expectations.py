"""Compares how things stand in a play with what a scenario expects, and says every difference."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

import sqlalchemy as sa

from casework.stages import STAGES
from casework.store.named_inputs import current_dates
from casework.store.tables import dispute, document, notification
from engine.domain.clock import SHANGHAI, shanghai_date
from engine.domain.values import decode, plain
from engine.store.tables import history, job, message_subscription, process_instance, timer
from tingzhu.scenarios.names import Place
from tingzhu.scenarios.play import Play, place_of

NOTHING = ("（无）", "nothing")


@dataclass(frozen=True, slots=True)
class Miss:
    """What was expected and what was found, in both languages."""

    zh: str
    en: str

    def sentence(self, language: str) -> str:
        """Return the sentence of a language."""
        return self.zh if language == "zh" else self.en


def misses(play: Play, expectations: Mapping[str, Any]) -> list[Miss]:
    """Return every difference between what is expected and what is."""
    found: list[Miss] = []
    for key, expected in expectations.items():
        found += CHECKS[key](play, expected)
    return found


def passed_places(play: Play) -> list[Place]:
    """Return the elements that the case has passed so far, in order."""
    statement = (
        sa.select(history.c.facts).where(play.own(history), history.c.kind == "elements-passed").order_by(history.c.seq)
    )
    with play.engine.connect() as connection:
        return [
            (process_key, element_id)
            for facts in connection.execute(statement).scalars()
            for process_key, element_id, _ in facts["elements"]
        ]


def _miss(key: str, expected: str, found: str) -> list[Miss]:
    return [Miss(f"{key} 应为 {expected}，实为 {found}", f"{key} should be {expected}, but is {found}")]


def _tasks(play: Play, expected: tuple[str, ...]) -> list[Miss]:
    rows = play.open_tasks()
    # each expected reference takes one open task; none may remain on either side
    left = [place_of(row) for row in rows]
    lacking = []
    for word in expected:
        place = next((each for each in left if each in play.ground.names.places(word)), None)
        if place is None:
            lacking.append(word)
        else:
            left.remove(place)
    if not lacking and not left:
        return []
    return _miss("tasks", _list(expected), play.shown(rows))


def _has_tasks(play: Play, expected: tuple[str, ...]) -> list[Miss]:
    rows = play.open_tasks()
    lacking = _lacking(play, expected, map(place_of, rows))
    return _miss("has_tasks", _list(lacking), play.shown(rows)) if lacking else []


def _due(play: Play, expected: Mapping[str, Any]) -> list[Miss]:
    found = []
    for word, when in expected.items():
        rows = [row for row in play.open_tasks() if place_of(row) in play.ground.names.places(word)]
        if not rows:
            found += _miss(f"due {word}", _when(when), "没有打开的任务 / no open task")
        elif not any(_is_due(when, row.due_at, _day_of(row.due_at)) for row in rows):
            found += _miss(f"due {word}", _when(when), _list(_task_due(row.due_at) for row in rows))
    return found


def _timers(play: Play, expected: Mapping[str, Any]) -> list[Miss]:
    with play.engine.connect() as connection:
        waiting = list(connection.execute(sa.select(timer).where(play.own(timer), timer.c.state == "waiting")))
    found = []
    for word, when in expected.items():
        rows = [row for row in waiting if place_of(row) in play.ground.names.places(word)]
        shown = _list(_day_or_instant(row) for row in rows)
        if when is None:
            found += _miss(f"timers {word}", _list([]), shown) if rows else []
        elif not any(_is_due(when, row.due_at, row.due_on) for row in rows):
            found += _miss(f"timers {word}", _when(when), shown)
    return found


def _variables(play: Play, expected: Mapping[str, Any]) -> list[Miss]:
    known = _known_variables(play)
    return [
        miss
        for name, value in expected.items()
        if not same(value, known.get(name))
        for miss in _miss(f"variables.{name}", _shown(value), _shown(known.get(name)))
    ]


def _known_variables(play: Play) -> dict[str, Any]:
    with play.engine.connect() as connection:
        snapshot = connection.execute(
            sa.select(process_instance.c.snapshot).where(process_instance.c.id == play.instance_id)
        ).scalar_one()
    known: dict[str, Any] = {}
    for _, _, _, values in reversed(list((snapshot or {"scopes": {}})["scopes"].values())):
        known |= {name: decode(value) for name, value in values.items()}
    # what the process itself holds counts before what called processes hold, and outlives its end
    return known | dict(play.host.variables.get(play.process_key, {}))


def _ended(play: Play, expected: bool) -> list[Miss]:
    with play.engine.connect() as connection:
        state = connection.execute(
            sa.select(process_instance.c.state).where(process_instance.c.id == play.instance_id)
        ).scalar_one()
    has_ended = state in ("completed", "canceled")
    where = f"{state}；打开的任务：{play.shown(play.open_tasks())}" if not has_ended else state
    return [] if has_ended == expected else _miss("ended", _shown(expected), f"{_shown(has_ended)}（{where}）")


def _stage(play: Play, expected: str) -> list[Miss]:
    with play.engine.connect() as connection:
        stage = connection.execute(
            sa.select(dispute.c.stage).where(dispute.c.case_id == play.case_id)
        ).scalar_one_or_none()
    if stage is not None and expected in (stage, STAGES[stage].zh):
        return []
    return _miss("stage", expected, f"{stage} {STAGES[stage].zh}" if stage else NOTHING[0])


def _incidents(play: Play, expected: Any) -> list[Miss]:
    rows = play.open_incidents()
    texts = "；".join(f"{play.shown([row])}：{row.message}" for row in rows)
    if isinstance(expected, int):
        return [] if len(rows) == expected else _miss("incidents", str(expected), f"{len(rows)} {texts}".strip())
    lacking = _lacking(play, expected, map(place_of, rows))
    if not lacking and len(rows) >= len(expected):
        return []
    return _miss("incidents", _list(expected), texts or NOTHING[0])


def _jobs(play: Play, expected: tuple[str, ...]) -> list[Miss]:
    with play.engine.connect() as connection:
        rows = list(
            connection.execute(sa.select(job).where(play.own(job), job.c.state.in_(["waiting", "leased", "failed"])))
        )
    lacking = _lacking(play, expected, map(place_of, rows))
    return _miss("jobs", _list(expected), play.shown(rows)) if lacking or (rows and not expected) else []


def _awaits(play: Play, expected: tuple[str, ...]) -> list[Miss]:
    with play.engine.connect() as connection:
        names = connection.execute(
            sa.select(message_subscription.c.message_name).where(
                play.own(message_subscription), message_subscription.c.state == "waiting"
            )
        ).scalars()
        found = sorted(set(names))
    return [] if set(expected) <= set(found) else _miss("awaits", _list(expected), _list(found))


def _passed(play: Play, expected: tuple[str, ...]) -> list[Miss]:
    places = passed_places(play)
    lacking = _lacking(play, expected, places)
    if not lacking:
        return []
    ways = "、".join(play.ground.names.shown(place) for place in places[-6:])
    words = _list(lacking)
    return [Miss(f"应已经过 {words}；最近经过：{ways}", f"{words} should have been passed; passed last: {ways}")]


def _not_passed(play: Play, expected: tuple[str, ...]) -> list[Miss]:
    lacking = _lacking(play, expected, passed_places(play))
    wrong = [word for word in expected if word not in lacking]
    return [Miss(f"不应经过 {_list(wrong)}", f"{_list(wrong)} should not have been passed")] if wrong else []


def _notified(play: Play, expected: Mapping[str, Any]) -> list[Miss]:
    return _counted("notified", expected, _notices(play))


def _not_notified(play: Play, expected: tuple[str, ...]) -> list[Miss]:
    sent = _notices(play)
    wrong = [name for name in expected if sent[name]]
    return [Miss(f"不应发出通知 {_list(wrong)}", f"{_list(wrong)} should not have been sent")] if wrong else []


def _notices(play: Play) -> Counter[str]:
    """Return how often each template was sent: once however many persons and channels one job told."""
    with play.engine.connect() as connection:
        rows = connection.execute(
            sa.select(notification.c.template, notification.c.created_at, notification.c.idempotency_key).where(
                notification.c.case_id == play.case_id
            )
        ).all()
    return Counter(template for template, _ in {(row.template, row.idempotency_key.split(":")[0]) for row in rows})


def _documents(play: Play, expected: Mapping[str, Any]) -> list[Miss]:
    with play.engine.connect() as connection:
        kinds = connection.execute(sa.select(document.c.kind).where(document.c.case_id == play.case_id)).scalars()
        return _counted("documents", expected, Counter(kinds))


def _event_dates(play: Play, expected: Mapping[str, Any]) -> list[Miss]:
    with play.engine.connect() as connection:
        known = current_dates(connection, play.case_id)
    return [
        miss
        for name, value in expected.items()
        if known.get(name) != value
        for miss in _miss(f"event_dates.{name}", _shown(value), _shown(known.get(name)))
    ]


CHECKS: Mapping[str, Callable[[Play, Any], list[Miss]]] = {
    "tasks": _tasks,
    "has_tasks": _has_tasks,
    "due": _due,
    "timers": _timers,
    "variables": _variables,
    "ended": _ended,
    "stage": _stage,
    "incidents": _incidents,
    "jobs": _jobs,
    "awaits": _awaits,
    "passed": _passed,
    "not_passed": _not_passed,
    "notified": _notified,
    "not_notified": _not_notified,
    "documents": _documents,
    "event_dates": _event_dates,
}


def same(expected: Any, found: Any) -> bool:
    """Tell whether a value of a scenario file and a variable mean the same: 1.50 is 1.5, a day is its text."""
    if isinstance(expected, dict) and isinstance(found, Mapping):
        return expected.keys() == found.keys() and all(same(expected[key], found[key]) for key in expected)
    if isinstance(expected, list) and isinstance(found, list | tuple):
        return len(expected) == len(found) and all(map(same, expected, found))
    if isinstance(expected, bool) or isinstance(found, bool) or expected is None or found is None:
        return expected is found
    numbers = [_number(each) for each in (expected, found)]
    if None not in numbers:
        return numbers[0] == numbers[1]
    if isinstance(expected, datetime) and isinstance(found, datetime):
        return expected.replace(tzinfo=SHANGHAI) == found
    return bool(plain(expected) == plain(found))


def _number(value: Any) -> Decimal | None:
    if isinstance(value, int | float | Decimal):
        return Decimal(str(value))
    try:
        return Decimal(value) if isinstance(value, str) and value[:1].isdigit() else None
    except InvalidOperation:
        return None


def _counted(key: str, expected: Mapping[str, Any], found: Counter[str]) -> list[Miss]:
    wrong = {
        name: times for name, times in expected.items() if (not found[name] if times is None else found[name] != times)
    }
    if not wrong:
        return []
    asked = _list(name if times is None else f"{name} {times}×" for name, times in wrong.items())
    return _miss(key, asked, _list(f"{name} {times}×" for name, times in sorted(found.items())))


def _lacking(play: Play, words: Iterable[str], places: Iterable[Place]) -> list[str]:
    there = frozenset(places)
    return [word for word in words if not there & play.ground.names.places(word)]


def _is_due(when: Any, due_at: datetime | None, due_on: date | None) -> bool:
    if when is None or due_at is None:
        return when is due_at
    if isinstance(when, datetime):
        return abs(due_at - when) < timedelta(minutes=1)
    return bool(when == (due_on or shanghai_date(due_at)))


def _day_of(due_at: datetime | None) -> date | None:
    """Return the legal day of a task's due date, which keeps none: midnight stands for the day that runs out there."""
    if due_at is None:
        return None
    return shanghai_date(due_at - timedelta(microseconds=1))


def _task_due(due_at: datetime | None) -> str:
    text = _instant(due_at)
    return _shown(_day_of(due_at)) if text.endswith("T00:00") else text


def _day_or_instant(row: sa.Row[Any]) -> str:
    return row.due_on.isoformat() if row.due_on is not None else _instant(row.due_at)


def _instant(value: datetime | None) -> str:
    return "null" if value is None else value.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")


def _when(value: Any) -> str:
    return _instant(value) if isinstance(value, datetime) else _shown(value)


def _shown(value: Any) -> str:
    told = plain(value)
    return "null" if told is None else str(told).lower() if isinstance(told, bool) else str(told)


def _list(words: Iterable[str]) -> str:
    return "[" + ", ".join(words) + "]"
