"""A name for each street: plausible for what it is and where, and no name twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import numpy as np

from homestretch.atlas.town import words
from homestretch.atlas.town.shapes import chance
from homestretch.atlas.town.streets import Groups


def name_streets(seed: int, groups: Groups) -> list[str]:
    """The names of all groups; '' for what has none (motorway, railway, roundabouts)."""
    namer = _Namer(chance(seed, "names"))
    return [namer.name(wish, theme) for wish, theme in groups.wants]


class _Namer:
    """Draws names until one is new. Each kind of street has its own sources, from the most fitting to the endless."""

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random
        self._used: set[str] = {"", *words.ORBITALS}
        self._pools: dict[str, Iterator[str]] = {}
        self._makers: dict[str, Callable[[], Iterator[str]]] = {
            "boulevard": lambda: self._each("Boulevard", words.BOULEVARDS),
            "avenue": lambda: self._each("Avenue", words.AVENUES),
            "road": lambda: self._each("Route de", (*words.VILLAGES, *words.AWAY)),
            "old main": lambda: self._each("", words.OLD_MAIN),
            "quay": lambda: self._each("Quai", words.QUAYS),
            "old street": self._old,
            "street": lambda: self._chain(self._each("", words.KNOWN), self._streets()),
            "way": self._ways,
            "village": self._village,
            "crescent": lambda: self._endless(self._compound, self._luxembourgish),
            "close": lambda: self._endless(self._impasse, self._compound),
            "works main": lambda: self._each("", words.WORKS[:1]),
            "works": lambda: self._each("", words.WORKS),
        }

    def name(self, wish: str, theme: str) -> str:
        """A new name of a kind; of a district with a theme, one of the theme while there are any."""
        if wish in ("none", "square"):
            return words.SQUARE if wish == "square" else ""
        if wish == "orbital":
            return self._next("orbital", lambda: iter(words.ORBITALS), fresh=False)
        if wish == "theme":
            first, *rest = words.THEMES[int(theme) % len(words.THEMES)]
            return self._next(f"theme {theme}", lambda: self._chain(self._each(first, rest), self._streets()))
        return self._next(wish, self._makers[wish])

    def _next(self, pool: str, maker: Callable[[], Iterator[str]], *, fresh: bool = True) -> str:
        if pool not in self._pools:
            self._pools[pool] = self._chain(maker(), self._streets())
        for name in self._pools[pool]:
            if name not in self._used or not fresh:
                self._used.add(name)
                return name
        raise AssertionError("names never end")

    def _chain(self, *sources: Iterator[str]) -> Iterator[str]:
        for source in sources:
            yield from source

    def _each(self, first: str, rest: tuple[str, ...] | list[str]) -> Iterator[str]:
        for number in self._random.permutation(len(rest)):
            yield _joined(first, rest[number])

    def _pick(self, options: tuple[str, ...]) -> str:
        return options[int(self._random.integers(len(options)))]

    def _endless(self, *makers: Callable[[], str]) -> Iterator[str]:
        """Draws from makers, then from numbered rows when they run dry (a town far larger than ours)."""
        for tries in count():
            if tries < 4000:
                yield makers[int(self._random.integers(len(makers)))]()
            else:
                yield f"Cité {self._pick(words.LAST)} {tries - 3998}"

    def _old(self) -> Iterator[str]:
        return self._endless(
            lambda: f"Rue {self._pick(words.OLD)}",
            lambda: f"{self._pick(('Ruelle', 'Rue', 'Passage', 'Place', 'Montée'))} {self._pick(words.OLD)}",
            lambda: f"{self._pick(words.STEMS)}gasse",
        )

    def _streets(self) -> Iterator[str]:
        return self._endless(self._thing, self._thing, self._person, self._compound, self._luxembourgish)

    def _ways(self) -> Iterator[str]:
        return self._endless(self._thing, self._person, self._compound, self._luxembourgish)

    def _village(self) -> Iterator[str]:
        return self._endless(self._luxembourgish, self._thing, self._compound)

    def _thing(self) -> str:
        return f"{self._pick(('Rue', 'Rue', 'Rue', 'Allée', 'Montée', 'Chemin'))} {self._pick(words.THINGS)}"

    def _person(self) -> str:
        return f"Rue {self._pick(words.FIRST)} {self._pick(words.LAST)}"

    def _compound(self) -> str:
        return self._pick(words.STEMS) + self._pick(words.ENDS)

    def _luxembourgish(self) -> str:
        return self._pick(words.LUXEMBOURGISH)

    def _impasse(self) -> str:
        return f"{self._pick(('Impasse', 'Impasse', 'Cité', 'Clos', 'Square'))} {self._pick(words.THINGS)}"


def _joined(first: str, rest: str) -> str:
    if not first:
        return rest
    if first.endswith(" de") and rest[0] in "AEIOUÉH":
        return f"{first[:-1]}'{rest}"
    return f"{first} {rest}"
