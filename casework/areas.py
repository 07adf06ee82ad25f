"""The tree of areas of a site, and the paths by which one area is found to lie in another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from casework.errors import AreaUnknownError, SiteInvalidError

SEPARATOR = "/"


@dataclass(frozen=True, slots=True)
class Area:
    """A city, district, town or street."""

    code: str
    name: str
    level: str
    """`city`, `district`, `street`, `town` or `zone`."""
    parent: str | None
    path: str
    """Codes from the root down to this area, each followed by a slash: `10/1001/100101/`."""
    full_name: str
    """Names from below the root down: `市中区光明路街道`; the root's own name for the root."""

    def as_dict(self) -> dict[str, Any]:
        """Return the area as JSON."""
        return {"code": self.code, "name": self.name, "level": self.level, "parent": self.parent}


def area_tree(entries: Iterable[Mapping[str, Any]]) -> Mapping[str, Area]:
    """Return areas by code, in the order given; a parent must stand before its children.

    Raises SiteInvalidError for a code given twice, an unknown parent, or a second root.
    """
    areas: dict[str, Area] = {}
    for entry in entries:
        code, name, parent = str(entry["code"]), str(entry["name"]), entry.get("parent")
        if code in areas:
            raise SiteInvalidError(file="areas.yaml", problem=f"{code} stands there twice")
        if parent is None and areas:
            raise SiteInvalidError(file="areas.yaml", problem=f"{code} has no parent, and there is a root already")
        if parent is not None and parent not in areas:
            raise SiteInvalidError(file="areas.yaml", problem=f"{code} has the unknown parent {parent}")
        if not code.isalnum():
            raise SiteInvalidError(file="areas.yaml", problem=f"{code!r} is not made of letters and digits")
        above = areas[parent] if parent is not None else None
        areas[code] = Area(
            code=code,
            name=name,
            level=str(entry["level"]),
            parent=parent,
            path=(above.path if above else "") + code + SEPARATOR,
            full_name=(above.full_name if above and above.parent else "") + name,
        )
    return MappingProxyType(areas)


def area(areas: Mapping[str, Area], code: str) -> Area:
    """Return the area with this code; raises AreaUnknownError."""
    try:
        return areas[code]
    except KeyError:
        raise AreaUnknownError(area_code=code) from None


def lies_within(path: str, outer_path: str) -> bool:
    """Tell whether the area at `path` is the one at `outer_path` or lies below it."""
    return path.startswith(outer_path)


def paths_upwards(path: str) -> list[str]:
    """Return the paths of an area and of everything above it, nearest first."""
    codes = path.rstrip(SEPARATOR).split(SEPARATOR)
    return [SEPARATOR.join(codes[:length]) + SEPARATOR for length in range(len(codes), 0, -1)]
