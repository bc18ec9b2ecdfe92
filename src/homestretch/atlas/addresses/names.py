"""Names of streets in the making: which spellings are one street's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from homestretch.atlas.addresses.gather import Road
from homestretch.atlas.addresses.text import core, key, spellings
from homestretch.kernel.geo import Point, distance_m

NAME, CORE, OTHER = 0, 1, 2  # as in `fuzzy.KINDS_OF_NAME`


class Names:
    """Groups of one name each; group 0 is the nameless. A road's other names lead to its group too."""

    def __init__(self, roads: Sequence[Road]) -> None:
        self.groups = [""]
        self._of_key: dict[str, int] = {}
        self._aliases: dict[tuple[str, int], int] = {}
        self._others: defaultdict[str, list[tuple[int, Point]]] = defaultdict(list)
        for road in roads:
            group = self._add(road.names[0])
            for name in road.names[1:] if group else ():
                self._alias(name, group, OTHER)
                lon, lat = road.line[len(road.line) // 2]
                self._others[key(name)].append((group, Point(lat, lon)))

    def of_road(self, road: Road) -> int:
        """The group of a road."""
        return self._of_key.get(key(road.names[0]), 0)

    def of_house(self, name: str, lat: float, lon: float) -> int:
        """The group of the name that a house gives; if only a road near it is also called so, that road's."""
        wanted = key(name)
        if wanted in self._of_key:
            return self._of_key[wanted]
        others = self._others.get(wanted)
        if others:
            group, point = min(others, key=lambda other: distance_m(other[1], Point(lat, lon)))
            if distance_m(point, Point(lat, lon)) < 1000:
                return group
        return self._add(name)

    def _add(self, name: str) -> int:
        wanted = key(name)
        if not wanted:
            return 0
        if wanted not in self._of_key:
            self._of_key[wanted] = len(self.groups)
            self.groups.append(name)
        self._alias(name, self._of_key[wanted])
        return self._of_key[wanted]

    def _alias(self, name: str, group: int, kind: int = NAME) -> None:
        for form in spellings(name):
            known = self._aliases.get((form, group), kind)
            self._aliases[form, group] = NAME if NAME in (known, kind) else OTHER
            short = core(form)
            if short:
                self._aliases.setdefault((short, group), CORE)

    def table(self) -> list[tuple[str, int, int]]:
        """Forms, their groups, and what they are of it (`fuzzy.KINDS_OF_NAME`); sorted, so that builds are alike."""
        order = sorted(self._aliases)
        return [(form, group, self._aliases[form, group]) for form, group in order]
