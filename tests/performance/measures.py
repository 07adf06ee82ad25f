"""What is measured, and how."""

import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

import psycopg

from tests.performance import by_hand
from tests.performance.installation import Installation, Load, tasks_per_client
from tests.performance.models import ANSWER, resources
from tests.performance.numbers import milliseconds, quantile, summary

ROUNDS = 15
CASES = {1: 4, 8: 16}
"""Clients -> cases of ten user tasks that they complete in a round."""
LONG = 300
LONG_CASES = 3
STEPS = 10
TIMERS, JOBS = 300, 300
PATIENCE = 60.0
WORKER = "tingzhu.worker_main"

Round = tuple[float, list[float]]


class Bench:
    """The measurements on one installation."""

    def __init__(self, installation: Installation, loads: Sequence[Load]) -> None:
        self.installation = installation
        self.loads = loads
        self.connection = psycopg.connect(installation.dsn, autocommit=True)

    def deploy(self) -> None:
        """Deploy the processes, and copy what one step of the product writes."""
        files = [{"name": name, "content": content} for name, content in resources(LONG).items()]
        self.installation.call("POST", "/api/v1/deployments", {"resources": files})
        task = self._started("bench-ten", 1)[0]
        completed, answer = task, {}
        for _ in range(5):
            completed = task
            answer = self._complete(task)
            task = answer["user_tasks"][0]["id"]
        self.template = by_hand.captured(self.connection, completed, answer)
        self.template.write(self.installation.template)
        # besides history: user task closed and opened, timer canceled and set, instance, case, idempotency key
        self.rows_changed = len(self.template.history) + 7

    def completions(self) -> dict[str, Any]:
        """Completed user tasks per second: product, bare route and database alone, in turns."""
        report: dict[str, Any] = {}
        ways: dict[str, Callable[[int], Round]] = {
            "product": self._product,
            "bare_flask": self._bare,
            "psycopg": self._database,
        }
        measured: dict[int, dict[str, list[Round]]] = {clients: {way: [] for way in ways} for clients in CASES}
        for number in range(ROUNDS + 1):
            for clients in CASES:
                for way in list(ways) if number % 2 else reversed(list(ways)):
                    result = ways[way](clients)
                    if number:  # the first round warms everything up
                        measured[clients][way].append(result)
        for clients, rounds in measured.items():
            named: dict[str, Any] = {way: summary(rounds[way]) for way in ways}
            pairs = list(zip(rounds["product"], rounds["bare_flask"], strict=True))
            ratios = sorted(_rate(product) / _rate(bare) for product, bare in pairs)
            named["ratio_to_bare_flask"] = round(median(ratios), 3)
            named["ratio_quartiles"] = [round(quantile(ratios, share), 3) for share in (0.25, 0.75)]
            report[f"{clients}_clients" if clients > 1 else "1_client"] = named
        return report

    def long_case(self) -> dict[str, Any]:
        """Latency at step 10 against step 300 of a case, taken in turns from an old case and a fresh one."""
        old = self._started("bench-long", LONG_CASES)
        left = self.loads[0].run(self._plan([[task] for task in old], LONG - STEPS))["left"]
        fresh = self._started("bench-long", LONG_CASES)
        left_fresh = self.loads[0].run(self._plan([[task] for task in fresh], STEPS // 2))["left"]
        pairs = zip([tasks[0] for tasks in left], [tasks[0] for tasks in left_fresh], strict=True)
        late: list[float] = []
        early: list[float] = []
        for pair in pairs:
            latencies = self.loads[0].run({**self._plan([list(pair)], STEPS), "in_turns": True})["latencies"]
            late += latencies[0::2]
            early += latencies[1::2]
        return {
            "step_10_p50_ms": milliseconds(median(early)),
            f"step_{LONG}_p50_ms": milliseconds(median(late)),
            "ratio": round(median(late) / median(early), 3),
        }

    def bytes_per_case(self) -> dict[str, Any]:
        """Bytes that a finished case of ten user tasks takes: its rows, and all with indexes after compaction."""
        tables = ("case", "process_instance", "user_task", "timer", "history", "idempotency_key")
        finished = self._value(
            "select array_agg(case_id) from (select case_id from process_instance"
            " where process_key = 'bench-ten' and state = 'completed' and case_id in"
            " (select id from \"case\" where not starts_with(business_key, 'by-hand-')) limit 100) found"
        )
        rows = {
            table: self._value(
                f'select coalesce(sum(pg_column_size(t.*)), 0) from "{table}" t where {key} = any(%s)', finished
            )
            for table, key in zip(tables[:5], ("id", "case_id", "case_id", "case_id", "case_id"), strict=True)
        }
        for table in tables:
            self.connection.execute(f'vacuum full "{table}"'.encode())
        total = sum(self._value("select pg_total_relation_size(%s)", f'"{table}"') for table in tables)
        cases = self._value('select count(*) from "case"')
        return {
            "rows": round(sum(int(size) for size in rows.values()) / len(finished)),
            "with_indexes_and_idempotency_keys": round(total / cases),
            "history_rows": round(self._value("select count(*) from history") / cases, 1),
        }

    def jobs_and_timers(self) -> dict[str, Any]:
        """Jobs and timers per second of one worker process."""
        seconds = self._start_many("bench-working", [{"number": number} for number in range(JOBS)])
        with self.installation.process(WORKER) as worker:
            self._wait("select count(*) = 0 from job where state <> 'completed'", worker)
            due = datetime.now(UTC) + timedelta(seconds=1 + 2 * seconds * TIMERS / JOBS)
            value = {"$type": "datetime", "value": due.isoformat()}
            self._start_many("bench-timed", [{"due": value}] * TIMERS)
            started = datetime.now(UTC)
            waiting = "from timer where element_id = 'wait'"
            self._wait(f"select count(*) = 0 {waiting} and state = 'waiting'", worker)
            lateness = self._value(f"select array_agg(lateness_ms) {waiting}")
        return {
            "jobs_per_second": self._steady_rate("from job"),
            "timers_per_second": self._steady_rate(waiting),
            "lateness_of_timers_due_at_once": {
                "p50_ms": quantile(lateness, 0.5),
                "p99_ms": quantile(lateness, 0.99),
                "is_valid": started < due,
            },
        }

    def _steady_rate(self, rows: str) -> float:
        """Return how many rows ended per second once a tenth of them had, when every process was running."""
        ended = self._value(f"select array_agg(ended_at order by ended_at) {rows}")
        warm = len(ended) // 10
        return round((len(ended) - 1 - warm) / (ended[-1] - ended[warm]).total_seconds(), 1)

    def _start_many(self, process_key: str, variables: Sequence[Mapping[str, Any]]) -> float:
        """Start an instance for each set of variables; return the seconds it took."""
        began = time.monotonic()
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(lambda given: self.installation.start(process_key, given), variables))
        return time.monotonic() - began

    def _wait(self, question: str, worker: "subprocess.Popen[bytes]") -> None:
        give_up = time.monotonic() + PATIENCE
        while not self._value(question):
            if time.monotonic() > give_up or worker.poll() is not None:
                raise TimeoutError(f"never true: {question}")
            time.sleep(0.1)

    def _value(self, sql: str, *params: Any) -> Any:
        row = self.connection.execute(sql.encode(), params).fetchone()
        assert row is not None
        return row[0]

    def _complete(self, task: str) -> Any:
        return self.installation.call("POST", f"/api/v1/user-tasks/{task}/completion", {"variables": ANSWER})

    def _started(self, process_key: str, count: int) -> list[str]:
        answers = [self.installation.start(process_key) for _ in range(count)]
        return [answer["user_tasks"][0]["id"] for answer in answers]

    def _plan(self, tasks: list[list[str]], steps: int) -> dict[str, Any]:
        return {
            "host": "127.0.0.1",
            "port": self.installation.api_port,
            "path": "/api/v1/user-tasks/{id}/completion",
            "authorization": self.installation.authorization,
            "body": {"variables": ANSWER},
            "tasks": tasks,
            "steps": steps,
            "in_turns": False,
        }

    def _product(self, clients: int) -> Round:
        tasks = tasks_per_client(self._started("bench-ten", CASES[clients]), clients)
        return _round([self.loads[0].run(self._plan(tasks, STEPS))])

    def _bare(self, clients: int) -> Round:
        return _round([self.loads[0].run(self._bare_plan(clients))])

    def _bare_plan(self, clients: int) -> dict[str, Any]:
        tasks = [by_hand.open_case(self.connection, self.template) for _ in range(CASES[clients])]
        plan = self._plan(tasks_per_client(tasks, clients), STEPS)
        return {**plan, "port": self.installation.bare_port, "path": "/user-tasks/{id}/completion"}

    def _database(self, clients: int) -> Round:
        """Complete by hand without HTTP, from as many processes as serve the API."""
        processes = min(clients, len(self.loads))
        plan = {
            **self._bare_plan(clients),
            "database": self.installation.dsn,
            "template": str(self.installation.template),
        }
        for index in range(processes):
            self.loads[index].begin({**plan, "tasks": plan["tasks"][index::processes]})
        return _round([self.loads[index].result() for index in range(processes)])


def _round(results: Sequence[Mapping[str, Any]]) -> Round:
    latencies = [latency for result in results for latency in result["latencies"]]
    return max(result["elapsed"] for result in results), latencies


def _rate(measured: Round) -> float:
    elapsed, latencies = measured
    return len(latencies) / elapsed
