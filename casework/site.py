"""A site: everything that is local to one city, read once from a folder and frozen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Any

import yaml

from casework.areas import Area, area_tree
from casework.deadlines.errors import TimeOfDayInvalidError
from casework.deadlines.office_hours import OfficeHours, time_of_day
from casework.effect_gate import LEVELS, GateDemand
from casework.errors import NumberFormatMissingError, SiteInvalidError
from casework.help_lines import HelpLine, site_help_lines
from casework.roles import ROLES
from casework.store.tables import ORGANISATION_KINDS


@dataclass(frozen=True, slots=True)
class NumberSeries:
    """How an institution numbers its cases of one procedure: the stem that every paper of the case carries."""

    key: str
    issuer: str
    """Whose series: `organisation`, `arbitration`, or `none` (the registration number of the case is the stem)."""
    stem: str
    """With {word}, {year} and {n}; n counts from 1 per institution and year. Empty for issuer `none`."""
    number: str
    """With {stem}: the number of the case in the series, and of the papers that bear it as it is."""
    suffixed: str
    """With {stem} and {m}; m counts the case's further papers from 1."""


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How papers of one kind are numbered."""

    kind: str
    series: NumberSeries
    is_suffixed: bool
    """False: the first paper of this kind bears the case's number itself, later ones a suffix."""


@dataclass(frozen=True, slots=True)
class SiteOrganisation:
    """An organisation as the site's files describe it."""

    code: str
    name: str
    kind: str
    area_code: str
    parent_code: str | None = None
    accepts: bool = True
    industries: tuple[str, ...] = ()
    employer_code: str | None = None
    address: str | None = None
    phone: str | None = None
    seal_name: str | None = None
    number_word: str | None = None


@dataclass(frozen=True, slots=True)
class DemoData:
    """Invented accounts, organisations and disputes, used only where demonstration is switched on."""

    password: str
    organisations: tuple[SiteOrganisation, ...]
    users: tuple[Mapping[str, Any], ...]
    disputes: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Site:
    """One city's data."""

    key: str
    folder: Path
    brand: Mapping[str, str]
    areas: Mapping[str, Area]
    root_area: str
    organisations: tuple[SiteOrganisation, ...]
    case_key_format: str
    case_number_format: str
    numbers: Mapping[str, NumberFormat]
    hours: OfficeHours
    limitation_near_days: int
    """So many days before the end of a limitation its case is flagged."""
    demo: DemoData | None
    effect_gate: GateDemand
    """What is demanded of the signatures on a mediation agreement."""
    help_lines: tuple[HelpLine, ...]
    """Whom parties may call besides: the site's own numbers first."""

    def number_format(self, kind: str) -> NumberFormat:
        """Return how papers of `kind` are numbered; raises NumberFormatMissingError."""
        try:
            return self.numbers[kind]
        except KeyError:
            raise NumberFormatMissingError(kind=kind) from None


def load_site(folder: Path) -> Site:
    """Read a site's folder: site.yaml, areas.yaml, organisations.yaml and, when there is one, demo.yaml.

    Raises SiteInvalidError naming the file and what does not fit.
    """
    main = _mapping(folder, "site.yaml")
    areas = area_tree(_list(folder, "areas.yaml"))
    root = str(_needed(main, "root_area", "site.yaml"))
    if root not in areas:
        raise SiteInvalidError(file="site.yaml", problem=f"root_area {root} is not in areas.yaml")
    organisations = _organisations("organisations.yaml", _list(folder, "organisations.yaml"), areas, ())
    case_formats = _needed(main, "case", "site.yaml")
    return Site(
        key=str(_needed(main, "key", "site.yaml")),
        folder=folder,
        brand=MappingProxyType({str(name): str(value) for name, value in _needed(main, "brand", "site.yaml").items()}),
        areas=areas,
        root_area=root,
        organisations=organisations,
        case_key_format=_format("case.business_key", case_formats["business_key"], "year", "n"),
        case_number_format=_format("case.number", case_formats["number"], "year", "n"),
        numbers=_numbers(main.get("series", []), main.get("numbers", [])),
        hours=_hours(main.get("office", {})),
        limitation_near_days=_days(main, "limitation_near_days", 30),
        demo=_demo(folder, areas, organisations),
        effect_gate=_gate_demand(main.get("effect_gate", {})),
        help_lines=site_help_lines(main.get("help_lines", [])),
    )


def _read(folder: Path, name: str) -> Any:
    try:
        return yaml.safe_load((folder / name).read_text("utf-8"))
    except FileNotFoundError:
        raise SiteInvalidError(file=str(folder / name), problem="the file is missing") from None
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        raise SiteInvalidError(file=name, problem=str(problem)) from problem


def _mapping(folder: Path, name: str) -> dict[str, Any]:
    content = _read(folder, name)
    if not isinstance(content, dict):
        raise SiteInvalidError(file=name, problem="a mapping is needed at the top")
    return content


def _list(folder: Path, name: str) -> list[dict[str, Any]]:
    content = _read(folder, name)
    if not isinstance(content, list) or not all(isinstance(entry, dict) for entry in content):
        raise SiteInvalidError(file=name, problem="a list of mappings is needed at the top")
    return content


def _needed(entry: Mapping[str, Any], key: str, file: str) -> Any:
    if entry.get(key) in (None, ""):
        raise SiteInvalidError(file=file, problem=f"{key} is missing in {dict(entry)}"[:300])
    return entry[key]


def _format(name: str, text: str, *fields: str) -> str:
    """Return a format that holds exactly these fields."""
    try:
        held = {field for _, field, _, _ in Formatter().parse(text) if field is not None}
        held = {field.partition(":")[0] for field in held}
        text.format(**dict.fromkeys(fields, 1))
    except (KeyError, IndexError, ValueError, AttributeError) as problem:
        raise SiteInvalidError(file="site.yaml", problem=f"the format {name} cannot be filled: {problem}") from None
    if held != set(fields):
        raise SiteInvalidError(file="site.yaml", problem=f"the format {name} must hold {', '.join(fields)}, no more")
    return text


def _gate_demand(entry: Any) -> GateDemand:
    known = {"level": LEVELS, "is_scan_required": (True, False)}
    if not isinstance(entry, dict) or any(value not in known.get(key, ()) for key, value in entry.items()):
        raise SiteInvalidError(
            file="site.yaml",
            problem=f"effect_gate takes level ({', '.join(LEVELS)}) and is_scan_required (true, false)",
        )
    return GateDemand(**entry)


def _numbers(series: list[dict[str, Any]], entries: list[dict[str, Any]]) -> Mapping[str, NumberFormat]:
    known: dict[str, NumberSeries] = {}
    for entry in series:
        key, issuer = str(_needed(entry, "key", "site.yaml")), str(_needed(entry, "issuer", "site.yaml"))
        if issuer not in ("organisation", "arbitration", "none"):
            raise SiteInvalidError(
                file="site.yaml", problem=f"the issuer of {key} must be organisation, arbitration or none"
            )
        stem = "" if issuer == "none" else str(_needed(entry, "stem", "site.yaml"))
        known[key] = NumberSeries(
            key=key,
            issuer=issuer,
            stem=stem and _format(f"series.{key}.stem", stem, "word", "year", "n"),
            number=_format(f"series.{key}.number", str(_needed(entry, "number", "site.yaml")), "stem"),
            suffixed=_format(f"series.{key}.suffixed", str(_needed(entry, "suffixed", "site.yaml")), "stem", "m"),
        )
    numbers: dict[str, NumberFormat] = {}
    for entry in entries:
        named = str(_needed(entry, "series", "site.yaml"))
        if named not in known:
            raise SiteInvalidError(file="site.yaml", problem=f"numbers names the unknown series {named}")
        for kind in (*entry.get("bare", ()), *entry.get("suffixed", ())):
            if kind in numbers:
                raise SiteInvalidError(file="site.yaml", problem=f"the paper {kind} is numbered twice")
            numbers[kind] = NumberFormat(kind, known[named], kind in entry.get("suffixed", ()))
    return MappingProxyType(numbers)


def _hours(entry: Mapping[str, Any]) -> OfficeHours:
    plain = OfficeHours()
    known = {"opens": plain.opens, "closes": plain.closes, "reminder": plain.reminder}
    if not isinstance(entry, dict) or entry.keys() - known.keys():
        raise SiteInvalidError(file="site.yaml", problem=f"office may have {', '.join(known)} only")
    found: dict[str, time] = {}
    for name, usual in known.items():
        try:
            found[name] = time_of_day(entry[name]) if name in entry else usual
        except TimeOfDayInvalidError as problem:
            raise SiteInvalidError(file="site.yaml", problem=f"office.{name}: {problem.sentence('en')}") from None
    if not found["opens"] <= found["reminder"] < found["closes"]:
        raise SiteInvalidError(file="site.yaml", problem="office.reminder must lie between opens and closes")
    return OfficeHours(**found)


def _days(main: Mapping[str, Any], name: str, usual: int) -> int:
    value = main.get(name, usual)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 365:
        raise SiteInvalidError(file="site.yaml", problem=f"{name} must be a number of days, at most 365")
    return value


def _organisations(
    file: str,
    entries: list[dict[str, Any]],
    areas: Mapping[str, Area],
    known: tuple[SiteOrganisation, ...],
) -> tuple[SiteOrganisation, ...]:
    codes = {organisation.code for organisation in known}
    words = {organisation.number_word for organisation in known if organisation.number_word}
    found: list[SiteOrganisation] = []
    for entry in entries:
        code, area_code = str(_needed(entry, "code", file)), str(_needed(entry, "area", file))
        kind, word, parent = str(_needed(entry, "kind", file)), entry.get("number_word"), entry.get("parent")
        problem = None
        if code in codes:
            problem = "stands there twice"
        elif kind not in ORGANISATION_KINDS:
            problem = f"has the unknown kind {kind}"
        elif area_code not in areas:
            problem = f"lies in the unknown area {area_code}"
        elif parent is not None and parent not in codes:
            problem = f"has the unknown parent {parent}"
        elif word is not None and word in words:
            problem = f"has the number word {word}, which another organisation has"
        if problem:
            raise SiteInvalidError(file=file, problem=f"organisation {code} {problem}")
        codes.add(code)
        if word is not None:
            words.add(word)
        found.append(
            SiteOrganisation(
                code=code,
                name=str(_needed(entry, "name", file)),
                kind=kind,
                area_code=area_code,
                parent_code=parent,
                accepts=bool(entry.get("accepts", True)),
                industries=tuple(entry.get("industries", ())),
                employer_code=entry.get("employer_code"),
                address=entry.get("address"),
                phone=entry.get("phone"),
                seal_name=entry.get("seal_name"),
                number_word=word,
            )
        )
    return tuple(found)


def _demo(folder: Path, areas: Mapping[str, Area], organisations: tuple[SiteOrganisation, ...]) -> DemoData | None:
    if not (folder / "demo.yaml").exists():
        return None
    content = _mapping(folder, "demo.yaml")
    own = _organisations("demo.yaml", content.get("organisations", []), areas, organisations)
    codes = {organisation.code for organisation in (*organisations, *own)}
    for user in content.get("users", []):
        unknown_roles = sorted(set(user.get("roles", [])) - ROLES.keys())
        if unknown_roles:
            raise SiteInvalidError(file="demo.yaml", problem=f"{user['username']} has unknown roles {unknown_roles}")
        if user.get("organisation") is not None and user["organisation"] not in codes:
            raise SiteInvalidError(file="demo.yaml", problem=f"{user['username']} has an unknown organisation")
    return DemoData(
        password=str(_needed(content, "password", "demo.yaml")),
        organisations=own,
        users=tuple(MappingProxyType(user) for user in content.get("users", [])),
        disputes=tuple(MappingProxyType(dispute) for dispute in content.get("disputes", [])),
    )
