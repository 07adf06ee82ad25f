"""Reads one keyed input of a form-js file."""

from decimal import Decimal
from typing import Any

from engine.feel.interpreter import Kind
from engine.forms.attributes import VALIDATE
from engine.forms.components import CHOICE_TYPES, TEXT_TYPES, Bounds, Choices, FieldSpec, Names
from engine.forms.draft import Draft, id_of, label_of
from engine.forms.kinds import canonical, parse, to_decimal
from engine.forms.names import key_problem
from engine.forms.patterns import pattern_problems
from engine.forms.problems import FaultError
from engine.forms.surroundings import option_values

MAX_OPTIONS = 2_000
_SUBTYPES = ("date", "time", "datetime")
_VALIDATION_TYPES = ("email", "phone", "custom", "")


def read_input(component: dict[str, Any], draft: Draft, path: Names, guards: tuple[str, ...]) -> FieldSpec | None:
    """Return the field that a component describes; what is wrong goes to `draft`."""
    kind = component["type"]
    problem = key_problem(component.get("key"))
    if problem is not None:
        draft.error(
            "bad-key",
            f"组件“{label_of(component)}”：{problem[0]}",
            f"Component {label_of(component)!r}: {problem[1]}",
            component,
        )
        return None
    rules = _rules(component, draft)
    pattern = _pattern(component, rules, draft)
    spec = FieldSpec(
        id=id_of(component) or "",
        type=kind,
        path=(*path, component["key"]),
        label=label_of(component),
        guards=guards,
        is_required=_flag(rules, "required", component, draft),
        is_disabled=_flag(component, "disabled", component, draft),
        readonly=_flag_or_feel(component, "readonly", "unary-test", "只读条件", "the read-only condition", draft),
        default=component.get("defaultValue"),
        bounds=_bounds(component, rules, draft),
        pattern=pattern,
        pattern_message=_message(rules),
        validation_type=_validation_type(component, rules, draft),
        decimal_digits=_decimal_digits(component, draft),
        increment=_increment(component, draft),
        is_number_as_text=kind == "number" and _flag(component, "serializeToString", component, draft),
        subtype=_subtype(component, draft),
        choices=_choices(component, draft) if kind in CHOICE_TYPES else None,
        is_multiple=_flag_or_feel(component, "multiple", "expression", "属性 multiple", "the attribute multiple", draft)
        if kind == "filepicker"
        else False,
        expression=_expression(component, draft) if kind == "expression" else None,
    )
    _check_default(spec, component, draft)
    return spec


def feel_of(given: Any, kind: Kind, what_zh: str, what: str, component: dict[str, Any], draft: Draft) -> str | None:
    """Return FEEL without its `=`, kept for the check; None, with a finding, when `given` is something else."""
    if isinstance(given, str) and given.startswith("="):
        draft.text(kind, given[1:], what_zh, what, component)
        return given[1:]
    draft.error(
        "bad-feel",
        f"组件“{label_of(component)}”的{what_zh}应为以 = 开头的 FEEL 表达式。",
        f"In component {label_of(component)!r}, {what} must be FEEL beginning with `=`.",
        component,
    )
    return None


def _rules(component: dict[str, Any], draft: Draft) -> dict[str, Any]:
    rules = component.get("validate") or {}
    if not isinstance(rules, dict):
        _bad(component, "validate", draft)
        return {}
    known = VALIDATE.get(component["type"], frozenset({"required"}))
    for name in sorted(rules.keys() - known):
        if rules[name] not in (None, "", False):
            draft.warning(
                "unknown-attribute",
                f"组件“{label_of(component)}”的校验规则 {name:.100} 不起作用。",
                f"The rule {name:.100} of component {label_of(component)!r} has no effect.",
                component,
            )
    return {name: rule for name, rule in rules.items() if name in known}


def _flag(holder: dict[str, Any], name: str, component: dict[str, Any], draft: Draft) -> bool:
    given = holder.get(name)
    if given is None or isinstance(given, bool):
        return bool(given)
    _bad(component, name, draft)
    return False


def _flag_or_feel(
    component: dict[str, Any], name: str, kind: Kind, what_zh: str, what: str, draft: Draft
) -> bool | str:
    given = component.get(name)
    if given is None or given == "" or isinstance(given, bool):
        return bool(given)
    return feel_of(given, kind, what_zh, what, component, draft) or False


def _bounds(component: dict[str, Any], rules: dict[str, Any], draft: Draft) -> Bounds:
    def bound(name: str) -> Decimal | str | None:
        given = rules.get(name)
        if given is None or given == "":
            return None
        if isinstance(given, str) and given.startswith("="):
            return feel_of(given, "expression", f"校验规则 {name}", f"the rule {name}", component, draft)
        number = to_decimal(given)
        if number is None or not number.is_finite():
            _bad(component, name, draft)
        return number

    return Bounds(bound("min"), bound("max"), bound("minLength"), bound("maxLength"))


def _pattern(component: dict[str, Any], rules: dict[str, Any], draft: Draft) -> str | None:
    pattern = rules.get("pattern")
    if pattern is None or pattern == "":
        return None
    if not isinstance(pattern, str):
        _bad(component, "pattern", draft)
        return None
    problems = pattern_problems(pattern)
    for problem in problems:
        (draft.warning if problem.is_warning else draft.error)(
            "slow-pattern" if problem.is_warning else "bad-pattern",
            f"组件“{label_of(component)}”的正则表达式：{problem.zh}",
            f"The pattern of component {label_of(component)!r}: {problem.en}",
            component,
        )
    if all(problem.is_warning for problem in problems):
        draft.text("pattern", pattern, "正则表达式", "the pattern", component)
    return pattern


def _message(rules: dict[str, Any]) -> str | None:
    message = rules.get("patternErrorMessage")
    return message.strip()[:500] or None if isinstance(message, str) else None


def _validation_type(component: dict[str, Any], rules: dict[str, Any], draft: Draft) -> str | None:
    given = rules.get("validationType")
    if given is not None and given not in _VALIDATION_TYPES:
        _bad(component, "validationType", draft)
        return None
    return given if given in ("email", "phone") and component["type"] in TEXT_TYPES else None


def _decimal_digits(component: dict[str, Any], draft: Draft) -> int | None:
    given = component.get("decimalDigits")
    if given is None or given == "":
        return None
    if isinstance(given, int) and not isinstance(given, bool) and 0 <= given <= 15:
        return given
    _bad(component, "decimalDigits", draft)
    return None


def _increment(component: dict[str, Any], draft: Draft) -> Decimal | None:
    given = component.get("increment")
    if given is None or given == "":
        return None
    number = to_decimal(given)
    if number is not None and number.is_finite() and Decimal("1e-15") <= number <= Decimal("1e15"):
        return number
    _bad(component, "increment", draft)
    return None


def _subtype(component: dict[str, Any], draft: Draft) -> str:
    if component["type"] != "datetime":
        return "date"
    if component.get("disallowPassedDates"):
        draft.warning(
            "past-dates-not-checked",
            f"组件“{label_of(component)}”的“禁止过去日期”只在页面上生效，服务器不核对。",
            f"`disallowPassedDates` of component {label_of(component)!r} works on the page only; "
            "the server does not check it.",
            component,
        )
    given = component.get("subtype", "date")
    if given in _SUBTYPES:
        return str(given)
    _bad(component, "subtype", draft)
    return "date"


def _choices(component: dict[str, Any], draft: Draft) -> Choices:
    sources = [name for name in ("values", "valuesKey", "valuesExpression") if component.get(name) not in (None, "")]
    if len(sources) != 1:
        draft.error(
            "bad-options",
            f"组件“{label_of(component)}”应有且只有一种选项来源（values、valuesKey 或 valuesExpression）。",
            f"Component {label_of(component)!r} needs exactly one source of options "
            "(values, valuesKey or valuesExpression).",
            component,
        )
        return Choices(values=())
    given = component[sources[0]]
    if sources[0] == "valuesExpression":
        return Choices(expression=feel_of(given, "expression", "选项表达式", "the options", component, draft))
    if sources[0] == "valuesKey":
        if key_problem(given) is not None:
            _bad(component, "valuesKey", draft)
            return Choices(values=())
        draft.values_keys.add(given)
        return Choices(values_key=given)
    values = option_values(given)
    if not isinstance(given, list) or not values or len(values) != len(given) or len(values) > MAX_OPTIONS:
        _bad(component, "values", draft)
        return Choices(values=())
    if len({canonical(value) for value in values}) != len(values):
        draft.error(
            "bad-options",
            f"组件“{label_of(component)}”的选项值有重复。",
            f"Component {label_of(component)!r} offers the same value twice.",
            component,
        )
    return Choices(values=tuple(values))


def _expression(component: dict[str, Any], draft: Draft) -> str | None:
    return feel_of(component.get("expression"), "expression", "计算表达式", "the expression", component, draft)


def _check_default(spec: FieldSpec, component: dict[str, Any], draft: Draft) -> None:
    if spec.default is None or spec.type == "expression":
        return
    try:
        value = parse(spec, spec.default)
    except FaultError:
        _bad(component, "defaultValue", draft)
        return
    if spec.choices is not None and spec.choices.values is not None and value != spec.empty:
        offered = {canonical(option) for option in spec.choices.values}
        chosen = value if isinstance(value, list) else [value]
        if not all(canonical(item) in offered for item in chosen):
            _bad(component, "defaultValue", draft)


def _bad(component: dict[str, Any], attribute: str, draft: Draft) -> None:
    draft.error(
        "bad-attribute",
        f"组件“{label_of(component)}”的属性 {attribute} 无效。",
        f"The attribute {attribute} of component {label_of(component)!r} is not valid.",
        component,
    )
