"""Handlers of installed distributions, seen by a fresh interpreter."""

import json
import os
import subprocess
import sys
from pathlib import Path

ODD = Path(__file__).with_name("odd_handlers")
LIST = "import json; from handlers.registry import load_handlers; print(json.dumps(list(load_handlers())))"


def job_types(*folders: Path) -> "subprocess.CompletedProcess[str]":
    """List the job types that an interpreter with these distributions finds."""
    path = os.pathsep.join(str(folder) for folder in folders)
    return subprocess.run(
        [sys.executable, "-c", LIST],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def distribution(folder: Path, name: str, module: str, target: str | None = None) -> Path:
    """Write a distribution with one module and one entry point."""
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[tingzhu.handlers]\n{name} = {target or name}\n")
    (folder / f"{name}.py").write_text(module)
    return folder


HANDLER = """
from handlers.registry import handles
from marshmallow import Schema
@handles("{job_type}", input=Schema, output=Schema, zh="做。", en="Does.")
def do(context, job, input):
    return {{}}
"""


def test_a_distribution_outside_the_repository_adds_its_job_types() -> None:
    listed = json.loads(job_types(ODD).stdout)
    assert {"odd-echo", "odd-hang", "render-document", "notify"} <= set(listed)


def test_an_entry_point_may_name_the_function_itself(tmp_path: Path) -> None:
    folder = distribution(tmp_path, "one_thing", HANDLER.format(job_type="one-thing"), "one_thing:do")
    assert "one-thing" in json.loads(job_types(folder).stdout)


def test_a_distribution_that_doubles_a_shipped_job_type_is_refused_with_both_places_named(tmp_path: Path) -> None:
    ran = job_types(distribution(tmp_path, "other_notify", HANDLER.format(job_type="notify")))
    assert ran.returncode != 0
    assert "HandlerDoubledError" in ran.stderr
    assert "other_notify:do" in ran.stderr
    assert "handlers.job_types.notify:notify" in ran.stderr


def test_an_entry_point_without_a_handler_is_named(tmp_path: Path) -> None:
    ran = job_types(distribution(tmp_path, "empty_thing", ""))
    assert "HandlerDefinitionInvalidError" in ran.stderr
    assert "empty_thing" in ran.stderr


def test_an_entry_point_that_cannot_be_loaded_is_named(tmp_path: Path) -> None:
    ran = job_types(distribution(tmp_path, "lost_thing", "", "lost_thing:missing"))
    assert "HandlerDefinitionInvalidError" in ran.stderr
    assert "lost_thing:missing" in ran.stderr
