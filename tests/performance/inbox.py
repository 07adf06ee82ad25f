"""A city with a hundred thousand open user tasks, and what the pages of an inbox cost there.

The rows are written straight into the tables: what is measured is reading. Names come from a short list, so that a
search finds many, as it would.
"""

import http.client
import itertools
import json
import random
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

import psycopg
import sqlalchemy as sa
from psycopg.types.json import Jsonb

from casework.bureau import Bureau
from casework.causes import causes
from casework.encryption import place
from casework.name_grams import name_form, stored_grams
from casework.organisations import synchronise_site
from casework.store.tables import organisation
from casework.tokens import issue_token
from casework.users import NewUser, create_user
from engine.commands.unit_of_work import UnitOfWork
from tests.performance.installation import Installation
from tests.performance.numbers import milliseconds, quantile
from tingzhu import composition

TASKS = 100_000
REPEATS = 15
_SURNAMES, _FIRST, _SECOND = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "建国文春海丽桂晓志明", "军英华平强敏静磊芳"
_FIRMS, _TRADES = (
    ("恒达", "鲁南", "金鼎", "同泰", "华源", "盛通", "永安", "百川"),
    ("机械", "建筑", "纺织", "物流", "化工"),
)
_GROUPS = ("window-clerk", "mediator", "mediator", "mediator", "organisation-head", "arbitration-clerk", "reviewer")
_STAGES = ("registered", "med_running", "med_running", "rev_accepted", "perf_running")
_RULES = (("MED-15R", 15), ("REV-5", 5), ("MED-ACC", 3), (None, 2))

PATHS = {
    "mine": "/user-tasks?view=mine",
    "groups": "/user-tasks?view=groups",
    "waiting": "/user-tasks?view=waiting",
    "done": "/user-tasks?view=done",
    "everything": "/user-tasks",
    "by_time_left_in_law": "/user-tasks?view=groups&sort=law",
    "newest": "/user-tasks?view=groups&sort=newest",
    "one_cause": "/user-tasks?view=groups&cause_code=wages",
    "surname": f"/user-tasks?q={quote('欧阳')}",
    "part_of_a_firm": f"/user-tasks?view=groups&q={quote('恒达机')}",
    "number": f"/user-tasks?q={quote('〔2026〕99')}",
    "counts": "/user-tasks/counts",
}


def fill(installation: Installation, tasks: int = TASKS) -> dict[str, str]:
    """Write the city; return the access token of each viewer: a clerk of the city, a mediator, a supervisor."""
    settings = installation.settings
    installed = composition.install(settings, settings.database_url)
    try:
        with installed.begin() as connection:
            uow = installed.platform.unit_of_work(connection, composition.SYSTEM)
            synchronise_site(uow, installed.bureau, with_demo=True)
            bodies = connection.execute(
                sa.select(organisation).where(organisation.c.kind == "street").order_by(organisation.c.code)
            ).all()
            tokens = _viewers(uow, installed.bureau, bodies[0].code)
        with psycopg.connect(installation.dsn) as raw:
            _write(raw, installed.bureau, [(row.id, row.area_code, row.area_path) for row in bodies], tasks)
            raw.commit()
            raw.autocommit = True
            raw.execute("analyze")
    finally:
        installed.platform.evaluator.close()
        installed.engine.dispose()
    return tokens


def measure(installation: Installation, tokens: dict[str, str]) -> dict[str, dict[str, dict[str, float]]]:
    """Return viewer -> page -> milliseconds of a request, over HTTP and one after the other."""
    report: dict[str, dict[str, dict[str, float]]] = {}
    for viewer, token in tokens.items():
        connection = http.client.HTTPConnection("127.0.0.1", installation.api_port, timeout=60)
        report[viewer] = {}
        for name, path in PATHS.items():
            _get(connection, token, path)
            taken = [_get(connection, token, path) for _ in range(REPEATS)]
            report[viewer][name] = {
                "p50_ms": milliseconds(quantile(taken, 0.5)),
                "p90_ms": milliseconds(quantile(taken, 0.9)),
            }
        connection.close()
    return report


def _get(connection: http.client.HTTPConnection, token: str, path: str) -> float:
    began = time.perf_counter()
    connection.request("GET", f"/api/v1{path}", headers={"Authorization": f"Bearer {token}"})
    response = connection.getresponse()
    text = response.read()
    if response.status != 200:
        raise RuntimeError(f"{path}: {response.status} {text.decode()[:500]}")
    json.loads(text)
    return time.perf_counter() - began


def _viewers(uow: UnitOfWork, bureau: Bureau, body: str) -> dict[str, str]:
    people = {
        "city_clerk": ("inbox-clerk", "window-clerk", "370400", "ZZ-HRSS"),
        "mediator": ("inbox-mediator", "mediator", None, body),
        "supervisor": ("inbox-supervisor", "supervisor", "370400", "ZZ-HRSS"),
    }
    tokens = {}
    for name, (username, role, area, code) in people.items():
        user_id = create_user(uow, bureau, NewUser(username, "correct horse", name, (role,), area, code))
        tokens[name] = issue_token(uow, user_id).token
    return tokens


def _write(raw: "psycopg.Connection[Any]", bureau: Bureau, bodies: Sequence[tuple[UUID, str, str]], tasks: int) -> None:
    chance, ids = random.Random(2023), (UUID(int=(1 << 100) + number) for number in itertools.count())
    definition = raw.execute(b"select id, deployment_id from process_definition limit 1").fetchone()
    assert definition is not None
    now = datetime.now(UTC)
    cases = [(next(ids), next(ids)) for _ in range(tasks)]
    _copy(
        raw,
        "case",
        "id business_key head_hash created_at is_hosted",
        ((case_id, f"inbox-{number}", "0" * 64, now, True) for number, (case_id, _) in enumerate(cases)),
    )
    _copy(
        raw,
        "process_instance",
        "id case_id definition_id deployment_id process_key state snapshot_format started_at",
        ((instance, case_id, *definition, "mediation", "active", 1, now) for case_id, instance in cases),
    )
    codes = list(causes())
    places = [chance.choice(bodies) for _ in cases]
    _copy(
        raw,
        "dispute",
        "case_id number channel cause_code area_code area_path worker_count claim_total stage organisation_id"
        " registered_at registered_by first_asked",
        (
            (
                case_id,
                f"枣劳人登〔2026〕{number}号",
                "window",
                "wages" if chance.random() < 0.5 else chance.choice(codes),
                area,
                path,
                1,
                "18000.00",
                chance.choice(_STAGES),
                body,
                now - timedelta(minutes=number),
                "user:other",
                "user:inbox-clerk" if number % 500 == 0 else "user:other",
            )
            for number, ((case_id, _), (body, area, path)) in enumerate(zip(cases, places, strict=True))
        ),
    )
    _copy(
        raw,
        "party",
        "id case_id side kind position name name_index name_grams",
        _parties(bureau, [case_id for case_id, _ in cases], ids, chance),
    )
    _copy(
        raw,
        "user_task",
        "id case_id instance_id token_id process_key element_id element_name assignee candidate_groups due_at"
        " due_explanation state created_at",
        (_task(next(ids), case_id, instance, now, chance) for case_id, instance in cases),
    )
    _copy(
        raw,
        "timer",
        "id case_id instance_id token_id process_key element_id element_name kind expression due_at due_on explanation"
        " state created_at",
        (_timer(next(ids), case_id, instance, now, chance) for case_id, instance in cases),
    )


def _parties(
    bureau: Bureau, case_ids: Sequence[UUID], ids: Iterator[UUID], chance: random.Random
) -> Iterator[tuple[Any, ...]]:
    known: dict[str, tuple[str, list[int]]] = {}
    for case_id in case_ids:
        person = chance.choice(_SURNAMES) + chance.choice(_FIRST) + chance.choice(_SECOND)
        person = "欧阳" + person[1:] if chance.random() < 0.001 else person
        firm = f"{chance.choice(_FIRMS)}{chance.choice(_TRADES)}有限公司"
        for side, kind, name in (("applicant", "person", person), ("respondent", "organisation", firm)):
            if name not in known:
                index = bureau.keyring.index("party name", name_form(name))
                known[name] = (index, stored_grams(bureau.keyring, name))
            party_id = next(ids)
            sealed = bureau.keyring.seal(name, place("party", "name", party_id))
            yield (party_id, case_id, side, kind, 1, sealed, *known[name])


def _task(task_id: UUID, case_id: UUID, instance: UUID, now: datetime, chance: random.Random) -> tuple[Any, ...]:
    rule, days = chance.choice(_RULES)
    due = now + timedelta(days=chance.randint(-2, days), seconds=chance.randint(0, 86_400))
    holder = None
    if chance.random() < 0.3:
        holder = chance.choice(("user:inbox-clerk", "user:inbox-mediator")) if chance.random() < 0.003 else "user:other"
    return (
        task_id,
        case_id,
        instance,
        1,
        "mediation",
        f"Task_{chance.randint(1, 12)}",
        "组织调解、登记结果",
        holder,
        [chance.choice(_GROUPS)],
        due if chance.random() < 0.95 else None,
        Jsonb(_explanation(rule, due.date())),
        "assigned" if holder else "created",
        now - timedelta(seconds=chance.randint(0, 10**6)),
    )


def _timer(timer_id: UUID, case_id: UUID, instance: UUID, now: datetime, chance: random.Random) -> tuple[Any, ...]:
    due = now + timedelta(days=chance.randint(1, 15))
    explanation = Jsonb(_explanation("MED-15R", due.date()))
    head = (timer_id, case_id, instance, 2, "mediation", "Event_reminder", "提醒", "date", "deadline(...)")
    return (*head, due, due.date(), explanation, "waiting", now)


def _explanation(rule: str | None, due: date) -> dict[str, Any]:
    day = due.isoformat()
    words = {"explanation": "自受理之日起算，" * 8, "explanation_en": "Counted from acceptance. " * 8}
    return {"rule": rule, "version": 1, "start": day, "due": day, "safe": day, "provisional": False, **words}


def _copy(raw: "psycopg.Connection[Any]", table: str, columns: str, rows: Any) -> None:
    listed = ", ".join(columns.split())
    with raw.cursor() as cursor, cursor.copy(f'copy "{table}" ({listed}) from stdin'.encode()) as copy:
        for row in rows:
            copy.write_row(row)
