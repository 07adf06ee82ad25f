"""A form while it is being read: findings, expression texts to check, and the places that are taken."""

from dataclasses import dataclass, field
from typing import Any

from engine.domain.findings import Finding, Severity
from engine.feel.interpreter import Kind
from engine.forms.components import FieldSpec, ListSpec, Names


@dataclass(frozen=True, slots=True)
class Text:
    """An expression text and where it stands, in words."""

    kind: Kind
    text: str
    what_zh: str
    what: str
    component_id: str | None
    label: str


@dataclass
class ScopeDraft:
    """One scope while it is being read."""

    names: Names
    """Path of the scope itself, without row numbers."""
    fields: list[FieldSpec] = field(default_factory=list)
    lists: list[ListSpec] = field(default_factory=list)
    taken: dict[str, Any] = field(default_factory=dict)
    """key -> True for a field or list, or the keys below a group's path."""

    def take(self, path: Names) -> bool:
        """Claim a path for a field or a list; False when it is taken, or lies in one that is."""
        level = self.taken
        for name in path[:-1]:
            level = level.setdefault(name, {})
            if level is True:
                return False
        if path[-1] in level:
            return False
        level[path[-1]] = True
        return True


@dataclass
class Draft:
    """Everything collected while a form is being read."""

    file: str
    findings: list[Finding] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    labels: dict[Names, str] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    count: int = 0
    values_keys: set[str] = field(default_factory=set)

    def error(self, rule: str, zh: str, en: str, component: dict[str, Any] | None = None) -> None:
        """Add something to mend."""
        self._add(rule, zh, en, "error", component)

    def warning(self, rule: str, zh: str, en: str, component: dict[str, Any] | None = None) -> None:
        """Add something to know."""
        self._add(rule, zh, en, "warning", component)

    def text(self, kind: Kind, text: str, what_zh: str, what: str, component: dict[str, Any]) -> None:
        """Keep an expression text for the check."""
        self.texts.append(Text(kind, text, what_zh, what, id_of(component), label_of(component)))

    def _add(self, rule: str, zh: str, en: str, severity: Severity, component: dict[str, Any] | None) -> None:
        element_id, name = (id_of(component), label_of(component)) if component is not None else (None, None)
        finding = Finding(self.file, rule, zh, en, severity, element_id, name)
        if finding not in self.findings:
            self.findings.append(finding)


def id_of(component: dict[str, Any]) -> str | None:
    """Return the id of a component, if it has one."""
    found = component.get("id")
    return found[:200] if isinstance(found, str) else None


def label_of(component: dict[str, Any]) -> str:
    """Return what a person calls a component: its label, else its key, its path or its type."""
    for attribute in ("label", "dateLabel", "timeLabel", "key", "path", "type"):
        found = component.get(attribute)
        if isinstance(found, str) and found.strip() and not found.startswith("=") and "{{" not in found:
            return found.strip()[:200]
    return ""
