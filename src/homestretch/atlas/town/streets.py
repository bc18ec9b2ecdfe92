"""What a street is before it is cut into ways: a line, a class, and the group that shares its name."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import shapely
from shapely.geometry.base import BaseGeometry

from homestretch.atlas.town.shapes import Line, lines_of


@dataclass(frozen=True)
class Street:
    """A run of road. Streets of one `group` have one name. A `lifted` one (bridge, tunnel) meets others at its ends."""

    line: Line
    highway: str
    group: int
    place: str = "old"  # the kind of district it runs through: what stands beside it
    lifted: bool = False
    tags: dict[str, str] = field(default_factory=dict)

    def along(self, line: Line, **changes: object) -> Street:
        """The same street on another line."""
        return replace(self, line=line, **changes)  # type: ignore[arg-type]


@dataclass
class Groups:
    """Hands out groups, and remembers what kind of name each wants and near which district."""

    wants: list[tuple[str, str]] = field(default_factory=list)

    def new(self, wish: str, theme: str = "") -> int:
        """A group: `wish` is a kind of name (avenue, street, lane, close, ...), or `=` and the name itself."""
        self.wants.append((wish, theme))
        return len(self.wants) - 1


def lift(streets: list[Street], over: BaseGeometry, tags: dict[str, str]) -> list[Street]:
    """The streets with what lies over an area as pieces of their own that carry `tags`."""
    found: list[Street] = []
    for street in streets:
        whole = shapely.LineString(street.line)
        if street.lifted or not whole.intersects(over):
            found.append(street)
            continue
        found += [street.along(line) for line in lines_of(whole.difference(over), 1)]
        raised = {**street.tags, **tags}
        found += [street.along(line, lifted=True, tags=raised) for line in lines_of(whole.intersection(over), 1)]
    return found


def clip(streets: list[Street], area: BaseGeometry) -> list[Street]:
    """What of the streets lies inside an area."""
    found: list[Street] = []
    for street in streets:
        whole = shapely.LineString(street.line)
        inside = [street.line] if whole.within(area) else lines_of(whole.intersection(area), 5)
        found += [street.along(line) for line in inside]
    return found
