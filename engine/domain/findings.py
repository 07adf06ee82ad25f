"""What a check of models has to say: file, element, rule and a sentence in both languages."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend (error) or to know (warning) in a model file."""

    file: str
    rule: str
    """Stable kebab-case name of the rule, e.g. `unknown-job-type`."""
    zh: str
    en: str
    severity: Severity = "error"
    element_id: str | None = None
    element_name: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the finding as JSON."""
        return asdict(self)


def errors(findings: list[Finding]) -> list[Finding]:
    """Return the findings that forbid a deployment."""
    return [finding for finding in findings if finding.severity == "error"]
