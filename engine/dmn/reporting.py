"""Collects the findings of one decision, and the expression texts to check with where they stand."""

from dataclasses import dataclass, field

from lxml import etree

from engine.dmn.type_refs import Type, to_type
from engine.domain.findings import Finding, Severity
from engine.feel.interpreter import Kind

_FEEL = ("feel", "http://www.omg.org/spec/FEEL/20140401")


@dataclass(frozen=True, slots=True)
class Text:
    """An expression text and where it stands, in words."""

    kind: Kind
    text: str
    place_zh: str
    place: str
    element_id: str | None = None
    own_names: frozenset[str] = frozenset()
    """Names that the place itself gives, so that they are no variables."""


@dataclass
class Report:
    """The findings of one decision."""

    file: str
    key: str | None
    name: str
    findings: list[Finding] = field(default_factory=list)

    def error(self, rule: str, zh: str, en: str, *, element_id: str | None = None) -> None:
        """Add something to mend."""
        self._add(rule, zh, en, element_id, "error")

    def warning(self, rule: str, zh: str, en: str, *, element_id: str | None = None) -> None:
        """Add something to know."""
        self._add(rule, zh, en, element_id, "warning")

    def text(self, kind: Kind, text: str, place_zh: str, place: str, element_id: str | None = None) -> Text:
        """Return a text of this decision to check; its place names the decision."""
        return Text(kind, text, f"决策“{self.name}”{place_zh}", f"{place} of decision {self.name!r}", element_id)

    def language(self, element: etree._Element) -> None:
        """Report an expression language other than FEEL."""
        language = element.get("expressionLanguage")
        if language and language.lower() not in _FEEL and "/FEEL" not in language:
            self.error(
                "unsupported-expression-language",
                f"决策“{self.name}”使用了表达式语言 {language}，只支持 FEEL。",
                f"The decision {self.name!r} uses the expression language {language}; only FEEL is supported.",
                element_id=element.get("id"),
            )

    def type(self, type_ref: str | None) -> Type:
        """Return the type of a column, reporting a name that is not known (values are then not checked)."""
        found = to_type(type_ref)
        if found is None:
            self.warning(
                "unknown-type",
                f"决策“{self.name}”使用了未知类型 {type_ref}，不检查其值。",
                f"The decision {self.name!r} uses the unknown type {type_ref}; its values are not checked.",
            )
        return found or "any"

    def _add(self, rule: str, zh: str, en: str, element_id: str | None, severity: Severity) -> None:
        finding = Finding(self.file, rule, zh, en, severity, element_id or self.key, self.name)
        if finding not in self.findings:
            self.findings.append(finding)
