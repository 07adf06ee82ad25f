"""`tingzhu deadline-rule` against a running API, as two people use it."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from werkzeug.serving import make_server

from tests.integration.api.conftest import open_desk
from tests.integration.api.service_desk import PASSWORD, ServiceDesk
from tests.integration.api.test_deadline_rules import COUNTED, open_case, recount
from tingzhu.cli.deadline_rule import command


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
    for desk in open_desk(engine, tmp_path, COUNTED):
        server = make_server("127.0.0.1", 0, desk.app, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Served(desk, f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
        thread.join()


def propose(served: Served, *more: str) -> Result:
    return served.run(
        "propose",
        "med-15r",
        "--length=20",
        "--basis=mediation-arbitration-law:14(3)",
        "--effective=2026-03-01",
        "--source=《某法》第十四条",
        *more,
    )


def test_one_proposes_another_looks_and_publishes(served: Served, tmp_path: Path) -> None:
    open_case(served.desk)
    (tmp_path / "law.pdf").write_bytes(b"%PDF-1.7 the law")
    proposed = propose(served, "--source-file", str(tmp_path / "law.pdf"))
    assert (proposed.exit_code, proposed.output) == (0, "已提出 MED-15R 第 2 版，待另一人公布。\n")
    seen = served.run("preview", "MED-15R", "2", by="supervisor")
    assert "在办案件 1 件，您可见 1 件；日期改变 2 处" in seen.output
    assert "2026-03-17 -> 2026-03-23" in seen.output
    assert served.run("publish", "MED-15R", "2").exit_code == 2, "the proposer is an administrator, and is refused"
    done = served.run("publish", "MED-15R", "2", "--remark=已核对", by="supervisor", lang="en")
    assert (done.exit_code, done.output) == (0, "Published; 1 open cases are counted again.\n")
    recount(served.desk)
    shown = json.loads(served.run("show", "MED-15R", "--json", by="window").output)
    assert (shown["rule"]["length"], shown["versions"][0]["recount"]["done"]) == (20, 1)
    assert shown["versions"][0]["source_file"]["size"] == 16
    assert json.loads(served.run("list", "--on=2026-02-28", "--json").output)[5]["length"] == 15
    assert "MED-15R" in served.run("list").output


def test_a_proposal_is_turned_down_or_taken_back(served: Served) -> None:
    assert propose(served).exit_code == 0
    assert served.run("reject", "MED-15R", "2", by="supervisor").output == "已驳回。\n"
    assert propose(served).exit_code == 0
    assert served.run("withdraw", "MED-15R", "3").output == "已撤回。\n"


def test_changes_come_from_a_file(served: Served, tmp_path: Path) -> None:
    basis = [{"zh": "《某法》", "en": "Some Law", "articles": ["1"]}]
    (tmp_path / "changes.json").write_text(json.dumps({"length": 7, "basis": basis}), "utf-8")
    arguments = ("--effective=2026-03-01", "--source=《某法》")
    assert served.run("propose", "PO-DEBTOR", "--changes", str(tmp_path / "changes.json"), *arguments).exit_code == 0
    shown = served.run("show", "PO-DEBTOR").output
    assert '"length": 7' in shown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--length=20"], "basis"),
        (["--length=20", "--basis=no-such-law:1"], "civil-code"),
        (["--length=20", "--basis=civil-code"], "civil-code:201(1)"),
        (["--changes=/nowhere/changes.json"], "无法读取"),
        (["--length=3", "--basis=civil-code:1", "--deciding-date=birthday"], "received_on"),
        (["--length=3", "--basis=civil-code:1", "--source-file=/nowhere/law.pdf"], "无法读取"),
    ],
)
def test_misuse_exits_with_two_and_says_how_to_mend_it(served: Served, arguments: list[str], said: str) -> None:
    result = served.run("propose", "MED-15R", "--effective=2026-03-01", "--source=《某法》", *arguments)
    assert result.exit_code == 2, result.output
    assert said in result.stderr
    assert served.desk.get("/deadline-rules/MED-15R/versions", by="admin") == {"items": []}
