"""The question that a planner answers, and the shape of its answer.

Integers only: seconds from the problem's epoch (UTC), meters, minor units of money, loads in named dimensions.
Wrong *types* raise `TypeError` when an object is made, at the line that made it; wrong *values* (a negative load,
a window that ends before it starts) are collected by `validate`, so that a file with ten mistakes gets ten faults.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from homestretch.planner.typed import amounts, integers, optional_integers, text_set, texts, tuple_of

Loads = Mapping[str, int]
"""Amounts by dimension, for example `{"weight": 12000, "pieces": 3}`; a dimension that is not named is 0."""

NOWHERE = -1
"""The place of a visit that has no coordinates yet: it can be on no route (`not_located`)."""

UNREACHABLE = 2**31 - 1
"""In a matrix: there is no way. Any entry at or above it means the same."""


@dataclass(frozen=True, slots=True)
class Window:
    """Service may begin at any second in [start, end], both ends included."""

    start: int
    end: int

    def __post_init__(self) -> None:
        integers(self, "start", "end")


@dataclass(frozen=True, slots=True)
class Visit:
    """A place that wants a halt.

    `place` is a row of the travel matrices, or NOWHERE. `windows` empty = at any time; they are kept in order.
    `deliver` is on board from the start of the route; `collect` rides to its end. `prize` is the cost of leaving the
    visit out, None = it is required.
    `release` is the earliest second at which a route that serves it may leave its start place.
    """

    id: str
    place: int
    windows: tuple[Window, ...] = ()
    service: int = 0
    deliver: Loads = field(default_factory=dict, hash=False)
    collect: Loads = field(default_factory=dict, hash=False)
    skills: frozenset[str] = frozenset()
    prize: int | None = None
    release: int = 0
    name: str = ""

    def __post_init__(self) -> None:
        texts(self, "id", "name")
        integers(self, "place", "service", "release")
        optional_integers(self, "prize")
        tuple_of(self, "windows", Window)
        object.__setattr__(self, "windows", tuple(sorted(self.windows, key=lambda window: window.start)))
        amounts(self, "deliver", "collect")
        text_set(self, "skills")


@dataclass(frozen=True, slots=True)
class Pair:
    """Goods taken up at one visit and set down at another: same route, `collect` before `deliver`.

    `loads` are on board between the two. A visit belongs to at most one pair; its own `deliver` and `collect` count
    as well.
    """

    collect: str
    deliver: str
    loads: Loads = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        texts(self, "collect", "deliver")
        amounts(self, "loads")


@dataclass(frozen=True, slots=True)
class Break:
    """A rest of `duration` seconds that begins in [earliest, latest], while halting, never on the way.

    A break needs no place on a route that is back by `latest` (it is taken after), or that leaves no sooner than a rest
    begun at `earliest` (or at the shift's start, if later) would end (it is taken before). Unpaid: not in the cost.
    """

    duration: int
    earliest: int
    latest: int
    paid: bool = False

    def __post_init__(self) -> None:
        integers(self, "duration", "earliest", "latest")


@dataclass(frozen=True, slots=True)
class Costs:
    """What a route costs, in minor units; see `homestretch.planner.cost.route_cost` for the exact arithmetic.

    `per_hour` and `per_km` are money. `per_second` and `per_meter` are exact integer weights, for benchmark files whose
    objective is a sum of matrix entries.
    """

    fixed: int = 0
    per_hour: int = 0
    per_km: int = 0
    per_second: int = 0
    per_meter: int = 0

    def __post_init__(self) -> None:
        integers(self, "fixed", "per_hour", "per_km", "per_second", "per_meter")


@dataclass(frozen=True, slots=True)
class Shift:
    """One vehicle, one working span, at most one route: it leaves no sooner than `start` and is back by `end`.

    A dimension that `capacity` does not name is not limited. `max_distance` in meters; `max_duration` in seconds from
    departure to finish, breaks and waiting included; `max_stops` counts visits.
    """

    id: str
    start_place: int
    end_place: int
    start: int
    end: int
    capacity: Loads = field(default_factory=dict, hash=False)
    skills: frozenset[str] = frozenset()
    profile: str = "van"
    costs: Costs = Costs()
    breaks: tuple[Break, ...] = ()
    max_stops: int | None = None
    max_distance: int | None = None
    max_duration: int | None = None
    name: str = ""

    def __post_init__(self) -> None:
        texts(self, "id", "profile", "name")
        integers(self, "start_place", "end_place", "start", "end")
        optional_integers(self, "max_stops", "max_distance", "max_duration")
        tuple_of(self, "breaks", Break)
        amounts(self, "capacity")
        text_set(self, "skills")


@dataclass(frozen=True, slots=True)
class Lock:
    """Fixed by hand: the visit stays on this shift, or at this position (from 0) of its route, or both."""

    visit: str
    shift: str | None = None
    position: int | None = None

    def __post_init__(self) -> None:
        texts(self, "visit")
        if self.shift is not None:
            texts(self, "shift")
        optional_integers(self, "position")


Rows = npt.NDArray[np.int64] | Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """Seconds and meters from row to column, which may differ by direction. `rung` names the source of the times.

    Takes lists of lists or integer arrays; keeps read-only int64 arrays. Raises `TypeError` for fractions, `ValueError`
    for what is not two-dimensional.
    """

    durations: npt.NDArray[np.int64]
    distances: npt.NDArray[np.int64]
    rung: str = "given"

    def __init__(self, durations: Rows, distances: Rows, rung: str = "given") -> None:
        object.__setattr__(self, "durations", _square(durations, "durations"))
        object.__setattr__(self, "distances", _square(distances, "distances"))
        object.__setattr__(self, "rung", rung)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Matrix):
            return NotImplemented
        same = np.array_equal(self.durations, other.durations) and np.array_equal(self.distances, other.distances)
        return bool(same and self.rung == other.rung)

    def __hash__(self) -> int:
        return hash((self.rung, self.durations.shape))

    def __len__(self) -> int:
        return len(self.durations)


@dataclass(frozen=True, slots=True)
class Travel:
    """One matrix per profile, all over the same places."""

    profiles: Mapping[str, Matrix] = field(hash=False)

    def leg(self, profile: str, start: int, end: int) -> tuple[int, int]:
        """(seconds, meters) from one place to another; UNREACHABLE twice where there is no way or no place."""
        if start < 0 or end < 0:
            return UNREACHABLE, UNREACHABLE
        matrix = self.profiles[profile]
        seconds, meters = int(matrix.durations[start, end]), int(matrix.distances[start, end])
        if seconds >= UNREACHABLE or meters >= UNREACHABLE:
            return UNREACHABLE, UNREACHABLE
        return seconds, meters

    @property
    def places(self) -> int:
        """How many places the matrices span (the first profile's, should they disagree)."""
        return next((len(matrix) for matrix in self.profiles.values()), 0)


@dataclass(frozen=True, slots=True)
class Goals:
    """What "better" means. By default the least cost; with `vehicles_first` the fewest routes, then the least cost."""

    vehicles_first: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """A whole question. `epoch` is the UTC instant of second 0, ISO 8601; `dimensions` are all names of loads.

    The last fields are indexes by id, made at construction; of duplicate ids the last counts, and `validate` says so.
    """

    visits: tuple[Visit, ...]
    shifts: tuple[Shift, ...]
    travel: Travel
    goals: Goals = Goals()
    pairs: tuple[Pair, ...] = ()
    locks: tuple[Lock, ...] = ()
    epoch: str = "1970-01-01T00:00:00Z"
    dimensions: tuple[str, ...] = ()
    visit: Mapping[str, Visit] = field(init=False, repr=False, compare=False)
    shift: Mapping[str, Shift] = field(init=False, repr=False, compare=False)
    pair_of: Mapping[str, Pair] = field(init=False, repr=False, compare=False)
    lock_of: Mapping[str, Lock] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name, kind in (("visits", Visit), ("shifts", Shift), ("pairs", Pair), ("locks", Lock), ("dimensions", str)):
            tuple_of(self, name, kind)
        texts(self, "epoch")
        index = object.__setattr__
        index(self, "visit", {visit.id: visit for visit in self.visits})
        index(self, "shift", {shift.id: shift for shift in self.shifts})
        index(self, "pair_of", {end: pair for pair in self.pairs for end in (pair.collect, pair.deliver)})
        index(self, "lock_of", {lock.visit: lock for lock in self.locks})


@dataclass(frozen=True, slots=True)
class Route:
    """What one shift drives: ids of visits in their order, without start and end place."""

    shift: str
    visits: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        texts(self, "shift")
        tuple_of(self, "visits", str)


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


def _square(rows: Rows, name: str) -> npt.NDArray[np.int64]:
    array = np.asarray(rows)
    if array.size == 0:
        array = np.zeros((0, 0), dtype=np.int64)
    if array.dtype.kind not in "iu":
        raise TypeError(f"Matrix.{name} must hold whole numbers, not {array.dtype}")
    if array.ndim != 2:
        raise ValueError(f"Matrix.{name} must have two dimensions, not {array.ndim}")
    kept = np.array(array, dtype=np.int64, order="C")
    kept.setflags(write=False)
    return kept
