"""`tingzhu calendar` against a running API whose worker counts again."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from werkzeug.serving import make_server

from casework.deadline_recounts import run_recounts
from engine.domain.actor import Actor
from tests.integration.api.conftest import open_desk
from tests.integration.api.service_desk import CASE, PASSWORD, ServiceDesk
from tests.integration.casework.test_calendar_years import ACROSS_THE_YEAR
from tingzhu.cli.calendar import command

NOTICE = """\
year: 2027
notice_number: 测试通知〔2026〕1号
rest_days:
  - {from: 2027-01-01, to: 2027-01-02, name: 元旦}
  - {from: 2027-02-05, to: 2027-02-12, name: 春节}
  - {day: 2027-04-05, name: 清明节}
  - {from: 2027-05-01, to: 2027-05-05, name: 劳动节}
  - {day: 2027-06-09, name: 端午节}
  - {day: 2027-09-15, name: 中秋节}
  - {from: 2027-10-01, to: 2027-10-07, name: 国庆节}
make_up_days: [2027-01-03]
"""


@dataclass
class Served:
    """A desk whose API listens on a port."""

    desk: ServiceDesk
    url: str

    def run(self, *arguments: str, by: str = "admin", lang: str = "zh") -> Result:
        """Run the command as a user."""
        self.desk.token(by)  # makes the account
        options = ["--url", self.url, "--user", by, "--password", PASSWORD, "--lang", lang]
        return CliRunner().invoke(command, [*arguments, *options])


@pytest.fixture
def served(engine: sa.Engine, tmp_path: Path) -> Iterator[Served]:
    for desk in open_desk(engine, tmp_path, ACROSS_THE_YEAR):
        desk.clock.set(datetime(2026, 12, 30, 2, tzinfo=UTC))
        server = make_server("127.0.0.1", 0, desk.app, threaded=True)
        stopping = threading.Event()

        def work(desk: ServiceDesk = desk, stopping: threading.Event = stopping) -> None:
            while not stopping.wait(0.1):
                run_recounts(lambda: desk.work(Actor("system")))

        threads = [threading.Thread(target=server.serve_forever), threading.Thread(target=work)]
        for thread in threads:
            thread.start()
        yield Served(desk, f"http://127.0.0.1:{server.server_port}")
        stopping.set()
        server.shutdown()
        for thread in threads:
            thread.join()


def test_a_year_is_loaded_what_moved_is_listed_and_the_year_shown(served: Served, tmp_path: Path) -> None:
    registered = served.desk.post("/cases", {**CASE, "event_dates": {"received_on": "2026-12-30"}})
    (tmp_path / "2027.yaml").write_text(NOTICE, "utf-8")
    loaded = served.run("load", str(tmp_path / "2027.yaml"))
    assert loaded.exit_code == 0, loaded.output
    lines = loaded.output.splitlines()
    assert lines[0] == "2027 年放假安排已录入，正在重新计算期限。"
    assert f"{registered['business_key']}  late  MED-ACC  2027-01-05 → 2027-01-04" in lines
    assert lines[-1].startswith("重新计算 1 个案件，其中 1 个案件的日期有变化")
    shown = served.run("show", "2027", by="window", lang="en")
    assert shown.output.startswith("2027  published  测试通知〔2026〕1号\n  2027-01-01  元旦\n")
    assert shown.output.endswith("  2027-01-03  worked\n")
    assert json.loads(served.run("show", "2028", "--json").output)["status"] == "provisional"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("not: [a", "不能读作放假安排"),
        ("- 1", "不能读作放假安排"),
        (NOTICE.replace("to: 2027-01-02", "to: 2026-01-02"), "不能读作放假安排"),
        (NOTICE.replace("[2027-01-03]", "[2027-01-04]"), "调休上班日只能是星期六、星期日"),
        (NOTICE.replace("  - {day: 2027-06-09, name: 端午节}\n", ""), "缺少法定节假日 2027-06-09（端午节）"),
    ],
)
def test_a_wrong_file_is_refused_with_what_to_mend(served: Served, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "2027.yaml").write_text(text, "utf-8")
    refused = served.run("load", str(tmp_path / "2027.yaml"))
    assert refused.exit_code != 0
    assert said in f"{refused.output}{refused.exception}"


def test_somebody_of_a_part_of_the_city_is_refused(served: Served, tmp_path: Path) -> None:
    (tmp_path / "2027.yaml").write_text(NOTICE, "utf-8")
    refused = served.run("load", str(tmp_path / "2027.yaml"), by="district")
    assert "只有市级主管或者系统管理员" in f"{refused.output}{refused.exception}"
