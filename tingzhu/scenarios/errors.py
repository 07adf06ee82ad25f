"""What can be wrong with scenario files before any of them is played."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.domain.errors import InvalidInputError


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One thing to mend in a scenario file: where, and a sentence in each language."""

    file: str
    line: int
    key: str
    zh: str
    en: str

    def sentence(self, language: str) -> str:
        """Return place and sentence on one line."""
        key = f"{self.key}: " if self.key else ""
        return f"{self.file}:{self.line}: {key}{self.zh if language == 'zh' else self.en}"

    def as_dict(self) -> dict[str, Any]:
        """Return the problem as JSON."""
        return {"file": self.file, "line": self.line, "key": self.key, "zh": self.zh, "en": self.en}


class ScenariosInvalidError(InvalidInputError):
    """Scenario files cannot be read or speak of things that do not exist; `problems` names every place."""

    zh = "情景文件有 {count} 处需要修改：\n{lines_zh}"
    en = "The scenario files have {count} things to mend:\n{lines_en}"

    def __init__(self, problems: Sequence[FileProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            count=len(problems),
            lines_zh="\n".join(each.sentence("zh") for each in problems),
            lines_en="\n".join(each.sentence("en") for each in problems),
        )


class ScenariosMissingError(InvalidInputError):
    """There is nothing to play."""

    zh = "{path} 中没有情景文件（scenarios/*.yaml）。"
    en = "There is no scenario file (scenarios/*.yaml) below {path}."

    def __init__(self, path: Path) -> None:
        super().__init__(path=str(path))


class DemoMissingError(InvalidInputError):
    """Scenarios are played by the demonstration accounts, and the site has none."""

    zh = "站点 {site} 没有 demo.yaml，情景无从确定办理人员。"
    en = "The site {site} has no demo.yaml; scenarios have nobody to play them."
