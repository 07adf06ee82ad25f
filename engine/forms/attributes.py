"""Which attributes each component of form-js 1.23 may have; another one is not understood here."""

from collections.abc import Mapping

_COMMON = frozenset({"id", "type", "layout", "conditional", "properties"})
_INPUT = _COMMON | {"key", "label", "description", "defaultValue", "disabled", "readonly", "validate"}
_CHOICE = _INPUT | {"values", "valuesKey", "valuesExpression"}
_CONTAINER = _COMMON | {"label", "components", "path", "showOutline", "verticalAlignment"}

ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "textfield": _INPUT | {"appearance"},
    "textarea": _INPUT,
    "number": _INPUT | {"appearance", "decimalDigits", "increment", "serializeToString"},
    "checkbox": _INPUT,
    "checklist": _CHOICE,
    "radio": _CHOICE,
    "select": _CHOICE | {"searchable"},
    "taglist": _CHOICE,
    "datetime": (_INPUT - {"label"})
    | {"subtype", "dateLabel", "timeLabel", "timeSerializingFormat", "timeInterval", "use24h", "disallowPassedDates"},
    "expression": _COMMON | {"key", "expression", "computeOn"},
    "filepicker": _INPUT | {"multiple", "accept"},
    "group": _CONTAINER,
    "dynamiclist": _CONTAINER
    | {"isRepeating", "allowAddRemove", "defaultRepetitions", "nonCollapsedItems", "disableCollapse"},
    "text": _COMMON | {"text", "label"},
    "image": _COMMON | {"source", "alt"},
    "table": _COMMON | {"label", "columns", "columnsExpression", "dataSource", "rowCount"},
    "button": _COMMON | {"label", "action"},
    "separator": _COMMON,
    "spacer": _COMMON | {"height"},
}
"""Supported component -> its attributes."""

FORM = frozenset(
    {"id", "type", "components", "schemaVersion", "exporter", "executionPlatform", "executionPlatformVersion",
     "versionTag", "properties", "$schema"}
)  # fmt: skip

VALIDATE: Mapping[str, frozenset[str]] = {
    "textfield": frozenset({"required", "minLength", "maxLength", "pattern", "patternErrorMessage", "validationType"}),
    "textarea": frozenset({"required", "minLength", "maxLength", "pattern", "patternErrorMessage", "validationType"}),
    "number": frozenset({"required", "min", "max"}),
}
"""Component -> its members of `validate`; every other input has `required` only."""

UNSAFE = frozenset({"html", "iframe", "documentPreview"})
"""Components that show what comes from elsewhere."""

FEEL_TEXTS: Mapping[str, tuple[str, ...]] = {
    "text": ("text",),
    "image": ("source", "alt"),
    "table": ("label", "dataSource", "columnsExpression"),
}
"""Presentation attributes that are FEEL when they begin with `=`."""
