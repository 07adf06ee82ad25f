"""The scenario files of an installation: which there are, without reading what they say."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml


@dataclass(frozen=True, slots=True)
class ScenarioFile:
    """A file in `<processes>/<folder>/scenarios`."""

    file: str
    """Its path below the processes, e.g. `mediation/scenarios/withdrawn.yaml`."""
    folder: str
    """Folder of the process, e.g. `mediation`."""
    name: str
    """What the file calls itself; its own name where it says nothing that can be read."""


def scenario_files_of(processes: Path) -> list[ScenarioFile]:
    """Return the scenario files of an installation's processes, by path."""
    found = sorted(path for path in processes.glob("*/scenarios/*.y*ml") if path.suffix in (".yaml", ".yml"))
    return [
        ScenarioFile(
            path.relative_to(processes).as_posix(), path.parent.parent.name, _name(path, path.stat().st_mtime_ns)
        )
        for path in found
    ]


@lru_cache(maxsize=4096)
def _name(path: Path, _changed: int) -> str:
    """Return the `name` of a scenario; only its line is read, for the rest is long."""
    for line in path.read_text("utf-8", "replace").splitlines():
        if line.startswith("name:"):
            try:
                content = yaml.safe_load(line)
            except yaml.YAMLError:
                break
            if isinstance(content, dict) and isinstance(content.get("name"), str):
                return str(content["name"])
    return path.stem
