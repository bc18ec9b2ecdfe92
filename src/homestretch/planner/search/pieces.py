"""A plan in the core's numbers, taken apart into pieces, each a problem of its own, and put together again.

A piece is numbers alone, in and out, so any thread, process or machine can improve it. No route is in two pieces.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from homestretch.planner import _search
from homestretch.planner.search.bonds import joined

ROUND = 100
"""Steps of ruin and recreate between two questions to the stopping rule."""

SPARE = 0.05
"""Of its visits, how many count as if they were on no route when free vehicles are dealt out to pieces."""

FEW = 16  # visits: with so few the search looks widely, for it soon has seen all that is near
WIDELY = (0.1, 0.3, 0.1)  # how often a place is passed over, a new route competes, a price is overlooked

Routes = Sequence[tuple[int, Sequence[int]]]
"""Of each route its vehicle type and its visits, with _search.RELOAD where it is at its reload place."""

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class State:
    """A plan, or one of a piece: for each route its vehicle type and its visits. `cost` is in the core's scale."""

    routes: Routes = ()
    cost: int = 0
    missing: int = 0

    def rank(self, *, vehicles_first: bool) -> tuple[int, int, int]:
        """Less is better."""
        return (self.missing, len(self.routes), self.cost) if vehicles_first else (0, 0, self.cost)


@dataclass(frozen=True, slots=True)
class Work:
    """What is asked of a worker, in the numbers of the piece `core`: begin with `start`, make so many rounds while the
    temperature falls from the one to the other progress of `span`, which is never higher than `hottest`; `reducing`
    looks for plans with a route less."""

    core: _search.Problem
    start: Routes
    seed: int
    rounds: int = 0
    span: tuple[float, float] = (0.0, 0.0)
    reducing: bool = False
    hottest: float | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """`visits` and `types` are what the numbers of the work are in the whole."""

    work: Work
    visits: Sequence[int]
    types: Sequence[int]

    def asked(
        self, rounds: int, span: tuple[float, float], *, reducing: bool = False, hottest: float | None = None
    ) -> Work:
        """The work of so many rounds."""
        return replace(self.work, rounds=rounds, span=span, reducing=reducing, hottest=hottest)

    def in_whole(self, state: State) -> State:
        """A state of the piece in the numbers of the whole."""
        routes = [
            (self.types[kind], [self.visits[number] if number >= 0 else number for number in visits])
            for kind, visits in state.routes
        ]
        return State(routes, state.cost, state.missing)


@dataclass(frozen=True, slots=True)
class Made:
    """The best plan that was found, and the one that the search ended at."""

    best: State
    present: State


def improved(work: Work, signal: _search.Signal | None = None) -> Made:
    """What a worker does, until it is done or the signal ends it."""
    if signal and signal.stopped:
        return unchanged(work)
    search = _search.Search(work.core, work.seed, tuning_of(work.core, work.hottest))
    search.begin(work.start)
    if work.reducing:
        for _ in range(work.rounds):
            if search.missing or search.used < 2 or (signal and signal.stopped):
                break
            search.fewer(ROUND, signal)
        search.settle()
    elif work.rounds:
        search.cool(ROUND * work.rounds, *work.span, signal)
    return Made(State(search.best(), search.cost, search.missing), State(*search.present()))


def unchanged(work: Work) -> Made:
    """The piece as it is, where nobody works on it."""
    state = State(work.start, *_search.Search(work.core, work.seed).worth(work.start))
    return Made(state, state)


def tuning_of(core: _search.Problem, hottest: float | None) -> _search.Tuning:
    """The core's own numbers for a problem, with no higher temperature than that."""
    made = _search.Tuning()
    made.hot = min(made.hot, made.hot if hottest is None else hottest)
    if core.visits <= FEW:
        made.blink, made.compete, made.generous = WIDELY
    return made


def together(states: Sequence[State]) -> State:
    """One plan of the plans of all pieces."""
    return State(
        [route for state in states for route in state.routes],
        sum(state.cost for state in states),
        sum(state.missing for state in states),
    )


@dataclass(slots=True)
class _Part:
    """Numbers of routes, and visits that are on none."""

    routes: list[int]
    absent: list[int]


class Cutter:
    """Takes plans apart, elsewhere each time. `vehicles` are how many there are of each type, `bonds` sets of visits
    that stay in one piece, `homes` the types (of one vehicle) that some visits are locked to: these stay with it."""

    def __init__(
        self,
        core: _search.Problem,
        vehicles: Sequence[int],
        bonds: Sequence[Sequence[int]],
        homes: Mapping[int, Sequence[int]],
        seed: int,
    ) -> None:
        self.core = core
        self.vehicles = np.array(vehicles)
        self.bonds = bonds
        self.homes = homes
        self.random = np.random.default_rng(seed)

    def cut(self, routes: Routes, count: int, *, spare: bool) -> list[Piece]:
        """At most `count` pieces that hold every visit once, and every vehicle at most once: with `spare` all of them,
        else those of the routes."""
        parts = self._parts(routes, count)
        used = [
            np.bincount([routes[route][0] for route in part.routes], minlength=len(self.vehicles)) for part in parts
        ]
        sizes = [sum(len(_visits(routes[route])) for route in part.routes) + len(part.absent) for part in parts]
        wants = [len(part.absent) + SPARE * size for size, part in zip(sizes, parts, strict=True)]
        free = (self.vehicles - np.sum(used, axis=0)) * spare
        more = np.array([self._dealt(int(most), wants) for most in free]).T
        for kind, visits in self.homes.items():
            if free[kind]:
                more[:, kind] = [visits[0] in part.absent for part in parts]
        vehicles = [mine + np.minimum(new, size) for mine, new, size in zip(used, more, sizes, strict=True)]
        return [self._piece(routes, part, most.tolist()) for part, most in _manned(parts, vehicles)]

    def copies(self, routes: Routes, count: int, *, spare: bool) -> list[Piece]:
        """The whole problem as the only piece, `count` times with other seeds."""
        whole = _Part(list(range(len(routes))), self._absent(routes))
        used = np.bincount([kind for kind, _ in routes], minlength=len(self.vehicles))
        piece = self._piece(routes, whole, (self.vehicles if spare else used).tolist())
        return [replace(piece, work=replace(piece.work, seed=self._seed())) for _ in range(count)]

    def _parts(self, routes: Routes, count: int) -> list[_Part]:
        absent = self._absent(routes)
        items = [_visits(route) for route in routes] + [[visit] for visit in absent]
        locked = {kind: list(visits) for kind, visits in self.homes.items()}
        for kind, visits in routes:
            if kind in locked:
                locked[kind].append(visits[0])  # no route begins with a reload
        groups = joined(items, [*self.bonds, *locked.values()])
        held = [[visit for item in group for visit in items[item]] for group in groups]
        made = [_Part([], []) for _ in range(count)]
        for group, number in zip(groups, self.core.divided(held, count, self._seed()), strict=True):
            for item in group:
                if item < len(routes):
                    made[number].routes.append(item)
                else:
                    made[number].absent.append(absent[item - len(routes)])
        return [part for part in made if part.routes or part.absent]

    def _absent(self, routes: Routes) -> list[int]:
        on_routes = {visit for route in routes for visit in _visits(route)}
        return [visit for visit in range(self.core.visits) if visit not in on_routes]

    def _piece(self, routes: Routes, part: _Part, vehicles: list[int]) -> Piece:
        visits = [visit for route in part.routes for visit in _visits(routes[route])] + part.absent
        number_of = {visit: number for number, visit in enumerate(visits)}
        types = [kind for kind, count in enumerate(vehicles) if count]
        own = [routes[route] for route in part.routes]
        start = [(types.index(kind), [number_of.get(visit, visit) for visit in names]) for kind, names in own]
        return Piece(Work(self.core.piece(visits, vehicles), start, self._seed()), visits, types)

    def _dealt(self, count: int, wants: Sequence[float]) -> list[int]:
        """`count` dealt out in proportion to `wants`; what does not come out even, by lot."""
        shares = count * np.array(wants) / sum(wants)
        dealt = np.floor(shares).astype(np.int64)
        uneven = (shares - dealt) * self.random.random(len(wants))
        dealt[np.argsort(-uneven, kind="stable")[: count - int(dealt.sum())]] += 1
        made: list[int] = dealt.tolist()
        return made

    def _seed(self) -> int:
        return int(self.random.integers(2**63))


def _visits(route: tuple[int, Sequence[int]]) -> list[int]:
    """Those of a route, without its reloads."""
    return [visit for visit in route[1] if visit >= 0]


def _manned(parts: Sequence[_Part], vehicles: Sequence[Counts]) -> list[tuple[_Part, Counts]]:
    """The parts that have a vehicle; visits of one that has none go along with the next that has one."""
    made: list[tuple[_Part, Counts]] = []
    homeless: list[int] = []
    for part, mine in zip(parts, vehicles, strict=True):
        if mine.sum() == 0:
            homeless += part.absent
            continue
        made.append((_Part(part.routes, part.absent + homeless), mine))
        homeless = []
    made[-1][0].absent.extend(homeless)
    return made
