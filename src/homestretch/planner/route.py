"""The shape of an answer: who goes where, in which order. Decisions only; `schedule` derives the times."""

from dataclasses import dataclass
from itertools import pairwise

from homestretch.planner.typed import texts, tuple_of


@dataclass(frozen=True, slots=True)
class Route:
    """What one shift drives: ids of visits in their order, without start and end place.

    `reloads` are positions, rising, each in 1 to len(visits) - 1: before the visit at that position the vehicle is at
    its shift's `reload` place.
    """

    shift: str
    visits: tuple[str, ...] = ()
    reloads: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        texts(self, "shift")
        tuple_of(self, "visits", str)
        tuple_of(self, "reloads", int)

    def trips(self) -> list[tuple[str, ...]]:
        """The visits of each trip, in order; reloads outside the route are passed over."""
        cuts = [0, *sorted(cut for cut in set(self.reloads) if 0 < cut < len(self.visits)), len(self.visits)]
        return [self.visits[begin:end] for begin, end in pairwise(cuts)]


@dataclass(frozen=True, slots=True)
class Plan:
    """Decisions only, no times: `schedule` derives those. A shift without a route stays at home."""

    routes: tuple[Route, ...] = ()
    unassigned: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        tuple_of(self, "routes", Route)
        tuple_of(self, "unassigned", str)

    def route_of(self, shift: str) -> Route:
        """The route of a shift, an empty one if it has none."""
        return next((route for route in self.routes if route.shift == shift), Route(shift))
