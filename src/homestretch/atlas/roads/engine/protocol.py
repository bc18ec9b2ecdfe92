"""What an engine answers. Weights, distances: whole milliseconds; UNREACHABLE: no way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from homestretch.atlas.roads.values import Ints, Longs


@dataclass(frozen=True, slots=True)
class Ends:
    """Where drives begin or end: place `p` has the states `state[at[p]:at[p + 1]]`, each with what it costs besides."""

    at: Longs
    state: Longs
    ms: Longs

    def __len__(self) -> int:
        return len(self.at) - 1

    def of(self, place: int) -> list[tuple[int, int]]:
        """(state, milliseconds) of one place."""
        low, high = self.at[place], self.at[place + 1]
        return list(zip(self.state[low:high].tolist(), self.ms[low:high].tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Found:
    """A fastest way: its cost with both ends, and its states in order."""

    ms: int
    states: Ints


class Customized(Protocol):
    """An engine with weights."""

    def table(self, origins: Ends, destinations: Ends) -> Ints:
        """Milliseconds, (n, m)."""
        ...

    def path(self, origin: Ends, destination: Ends) -> Found | None:
        """The cheapest of all ways from the one place of `origin` to the one of `destination`."""
        ...


class Engine(Protocol):
    """Built once for a topology; `customize` gives it weights, one for each turn."""

    def customize(self, weights: Ints) -> Customized:
        """Weights are positive; UNREACHABLE closes a turn."""
        ...
