"""Findings in the reader's language."""

from collections.abc import Mapping
from typing import Any

from engine.domain.findings import Finding


def shown_finding(finding: Finding | Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return a finding with one `message` in `language` in place of its two sentences."""
    entry = dict(finding.as_dict() if isinstance(finding, Finding) else finding)
    zh, en = entry.pop("zh"), entry.pop("en")
    entry["message"] = zh if language == "zh" else en
    return entry
