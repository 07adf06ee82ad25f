"""The words of notices: templates in two languages, filled when a notice is sent or shown, never stored."""

import string
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from engine.domain.errors import InvalidInputError

LANGUAGES = ("zh", "en")
FACTS = ("number", "cause", "organisation", "due_on", "document_number", "task", "year", "rule_version", "link", "code")
"""What a template may speak of: nothing about a person."""

SECRET = ("party-invitation", "party-session-code", "party-signature-code")
"""Notices that carry a link or a code; both are known only while they are sent, so nobody but their sender uses these."""


class NoticeTemplateUnknownError(InvalidInputError):
    """There is no such notice."""

    zh = "没有名为“{template}”的通知模板。可用模板：{known}"
    en = "There is no notice template {template!r}. Known templates: {known}"


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice in one language."""

    subject: str
    text: str


def notice_templates() -> tuple[str, ...]:
    """Return the names of all templates that anybody may use, in order."""
    return tuple(name for name in _templates() if name != "unknown" and name not in SECRET)


def check_template(template: str) -> None:
    """Raise NoticeTemplateUnknownError unless there is such a template."""
    if template not in notice_templates() and template not in SECRET:
        raise NoticeTemplateUnknownError(template=template, known="、".join(notice_templates()))


def render_notice(template: str, language: str, facts: Mapping[str, Any]) -> Notice:
    """Return the notice in `language` ("zh" unless "en"); unknown facts take general words.

    Facts are shown as they are: nothing in them is read as a placeholder. Raises NoticeTemplateUnknownError.
    """
    check_template(template)
    spoken = language if language in LANGUAGES else "zh"
    words = _templates()["unknown"][spoken] | {name: str(facts[name]) for name in FACTS if facts.get(name)}
    chosen = _templates()[template][spoken]
    return Notice(subject=chosen["subject"].format_map(words), text=chosen["text"].format_map(words))


@cache
def _templates() -> Mapping[str, Any]:
    data = yaml.safe_load(Path(__file__).with_name("notices.yaml").read_text("utf-8"))
    for name, entry in data.items():
        if name == "unknown":
            continue
        for language in LANGUAGES:
            for text in (entry[language]["subject"], entry[language]["text"]):
                asked = {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}
                if not asked <= set(FACTS):
                    raise ValueError(f"notice {name} ({language}) asks for {sorted(asked - set(FACTS))}")
    return MappingProxyType(data)
