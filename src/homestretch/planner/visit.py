"""What is asked for: visits, and what binds them to each other, to shifts and to times.

Integers only: seconds from the problem's epoch (UTC), minor units of money, loads in named dimensions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from homestretch.planner.typed import amounts, integers, optional_integers, text_set, texts, tuple_of

Loads = Mapping[str, int]
"""Amounts by dimension, for example `{"weight": 12000, "pieces": 3}`; a dimension that is not named is 0."""

RELATIONS = ("together", "in_order", "adjacent")


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
    `deliver` is on board from the start of the trip; `collect` rides to its end. `prize` is the cost of leaving the
    visit out, None = it is required; of required visits those of the highest `priority` are served first of all.
    `release` is the earliest second at which a trip that serves it may begin to load.
    `service_by` is service by the shift's profile, in the place of `service`. `crew` is how many persons it takes,
    `barred` are shifts that must not serve it, `goods` the kinds of what it gets, gives, or takes up for its pair.
    `due` is a soft end: service that begins `late` seconds after it costs `late * late_per_hour // 3600`.
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
    service_by: Mapping[str, int] = field(default_factory=dict, hash=False)
    crew: int = 1
    barred: frozenset[str] = frozenset()
    priority: int = 0
    goods: frozenset[str] = frozenset()
    due: int | None = None
    late_per_hour: int = 0
    zone: str = ""

    def __post_init__(self) -> None:
        texts(self, "id", "name", "zone")
        integers(self, "place", "service", "release", "crew", "priority", "late_per_hour")
        optional_integers(self, "prize", "due")
        tuple_of(self, "windows", Window)
        object.__setattr__(self, "windows", tuple(sorted(self.windows, key=lambda window: window.start)))
        amounts(self, "deliver", "collect", "service_by")
        for name in ("skills", "barred", "goods"):
            text_set(self, name)


@dataclass(frozen=True, slots=True)
class Pair:
    """Goods taken up at one visit and set down at another: same trip, `collect` before `deliver`.

    `loads` are on board between the two. A visit belongs to at most one pair; its own `deliver` and `collect` count
    as well. `max_ride` seconds at most from driving off at `collect` to the begin of service at `deliver`.
    """

    collect: str
    deliver: str
    loads: Loads = field(default_factory=dict, hash=False)
    max_ride: int | None = None

    def __post_init__(self) -> None:
        texts(self, "collect", "deliver")
        optional_integers(self, "max_ride")
        amounts(self, "loads")


@dataclass(frozen=True, slots=True)
class Lock:
    """Fixed by hand: the visit stays on this shift, at this position (from 0) of its route, its service begins within
    this window (and within one of its own), or several of these."""

    visit: str
    shift: str | None = None
    position: int | None = None
    window: Window | None = None

    def __post_init__(self) -> None:
        texts(self, "visit")
        if self.shift is not None:
            texts(self, "shift")
        optional_integers(self, "position")
        if self.window is not None and not isinstance(self.window, Window):
            raise TypeError(f"Lock.window must be a Window, not {self.window!r}")


@dataclass(frozen=True, slots=True)
class Group:
    """Visits of which at most one is served; without a prize exactly one, else leaving out all costs the prize."""

    visits: tuple[str, ...]
    prize: int | None = None

    def __post_init__(self) -> None:
        tuple_of(self, "visits", str)
        optional_integers(self, "prize")


@dataclass(frozen=True, slots=True)
class Relation:
    """What visits are to each other, by `kind`.

    `together`: those that are served are on one shift. `in_order`: they are on one shift, in the order of `visits`.
    `adjacent`: all are served, or none; on one trip, one directly after the other in this order.
    """

    kind: str
    visits: tuple[str, ...]

    def __post_init__(self) -> None:
        texts(self, "kind")
        tuple_of(self, "visits", str)
