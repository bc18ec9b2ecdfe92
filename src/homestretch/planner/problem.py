"""The question that a planner answers, and the shape of its answer.

Integers only: seconds from the problem's epoch (UTC), meters, minor units of money, loads in named dimensions.
Wrong *types* raise `TypeError` when an object is made, at the line that made it; wrong *values* (a negative load,
a window that ends before it starts) are collected by `validate`, so that a file with ten mistakes gets ten faults.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from homestretch.planner.coordinates import Globe, Plane
from homestretch.planner.grown import Legs, grown
from homestretch.planner.route import Plan, Route
from homestretch.planner.shift import Break, Costs, Shift, Start
from homestretch.planner.travel import NOWHERE, UNREACHABLE, Matrix, Profile, Rows, Slots, Travel
from homestretch.planner.typed import amounts, integers, texts, tuple_of
from homestretch.planner.visit import RELATIONS, Group, Loads, Lock, Pair, Relation, Visit, Window

__all__ = [
    "NOWHERE",
    "RELATIONS",
    "UNREACHABLE",
    "Balance",
    "Break",
    "Costs",
    "Globe",
    "Goals",
    "Group",
    "Legs",
    "Loads",
    "Lock",
    "Matrix",
    "Pair",
    "Plan",
    "Plane",
    "Problem",
    "Profile",
    "Relation",
    "Route",
    "Rows",
    "Shift",
    "Slots",
    "Stability",
    "Start",
    "Travel",
    "Visit",
    "Window",
]


@dataclass(frozen=True, slots=True)
class Balance:
    """`price` times (largest less smallest) among the routes in use, of `minutes` (paid seconds // 60), `stops`, or a
    dimension's delivered plus collected load."""

    of: str
    price: int

    def __post_init__(self) -> None:
        texts(self, "of")
        integers(self, "price")


@dataclass(frozen=True, slots=True)
class Stability:
    """What it costs to change `plan`, for each visit that was on one of its routes and is on one now.

    `per_changed` if the shift differs; else `per_moved` if another visit comes before it among those that both routes
    share. `per_minute` for each whole minute between the begin of its service and `starts`, where that names it.
    """

    plan: Plan
    starts: Mapping[str, int] = field(default_factory=dict, hash=False)
    per_moved: int = 0
    per_changed: int = 0
    per_minute: int = 0
    shift_of: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not isinstance(self.plan, Plan):
            raise TypeError(f"Stability.plan must be a Plan, not {self.plan!r}")
        was = {visit: route.shift for route in self.plan.routes for visit in route.visits}
        object.__setattr__(self, "shift_of", was)
        amounts(self, "starts")
        integers(self, "per_moved", "per_changed", "per_minute")


@dataclass(frozen=True, slots=True)
class Goals:
    """What "better" means. By default the least cost; with `vehicles_first` the fewest routes, then the least cost.

    `balance`, `split_zone` (for each zone, for each shift that serves it beyond the first) and `stability` add to the
    cost; see `homestretch.planner.goals` for the exact arithmetic.
    """

    vehicles_first: bool = False
    balance: Balance | None = None
    split_zone: int = 0
    stability: Stability | None = None

    def __post_init__(self) -> None:
        integers(self, "split_zone")


@dataclass(frozen=True, slots=True)
class Problem:
    """A whole question. `epoch` is the UTC instant of second 0, ISO 8601; `dimensions` are all names of loads;
    `incompatible` are pairs of goods that must not be on board at the same moment.

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
    groups: tuple[Group, ...] = ()
    incompatible: tuple[tuple[str, str], ...] = ()
    relations: tuple[Relation, ...] = ()
    visit: Mapping[str, Visit] = field(init=False, repr=False, compare=False)
    shift: Mapping[str, Shift] = field(init=False, repr=False, compare=False)
    pair_of: Mapping[str, Pair] = field(init=False, repr=False, compare=False)
    lock_of: Mapping[str, Lock] = field(init=False, repr=False, compare=False)
    group_of: Mapping[str, Group] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        kinds = (("visits", Visit), ("shifts", Shift), ("pairs", Pair), ("locks", Lock), ("dimensions", str))
        for name, kind in (*kinds, ("groups", Group), ("relations", Relation)):
            tuple_of(self, name, kind)
        texts(self, "epoch")
        index = object.__setattr__
        index(self, "incompatible", tuple(_two_goods(two) for two in self.incompatible))
        index(self, "visit", {visit.id: visit for visit in self.visits})
        index(self, "shift", {shift.id: shift for shift in self.shifts})
        index(self, "pair_of", {end: pair for pair in self.pairs for end in (pair.collect, pair.deliver)})
        index(self, "lock_of", {lock.visit: lock for lock in self.locks})
        index(self, "group_of", {name: group for group in self.groups for name in group.visits})

    def with_visit(self, visit: Visit, rows: Mapping[str, Legs] | None = None) -> "Problem":
        """The problem with one visit more, the last one; none of what is known is looked at again.

        At a new place (the matrices' next row) it comes with `rows`: its legs, by profile. Raises `ValueError` for an
        id or a place that does not fit.
        """
        if visit.id in self.visit:
            raise ValueError(f"there is a visit {visit.id!r} already")
        travel = self.travel if rows is None else grown(self.travel, rows)
        fits = visit.place < travel.places if rows is None else visit.place == travel.places - 1
        if not fits:
            raise ValueError(f"place {visit.place} is not the new one, and not known: {travel.places} are")
        made = object.__new__(Problem)
        for each in fields(Problem):
            object.__setattr__(made, each.name, getattr(self, each.name))
        object.__setattr__(made, "travel", travel)
        object.__setattr__(made, "visits", (*self.visits, visit))
        object.__setattr__(made, "visit", {**self.visit, visit.id: visit})
        return made


def _two_goods(given: object) -> tuple[str, str]:
    if isinstance(given, tuple | list) and len(given) == 2 and all(isinstance(kind, str) for kind in given):
        return given[0], given[1]
    raise TypeError(f"Problem.incompatible must hold pairs of kinds of goods, not {given!r}")
