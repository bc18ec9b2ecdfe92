"""With what the work is done: shifts, what they cost, their breaks, and where they stand when the day has begun."""

from dataclasses import dataclass, field

from homestretch.planner.typed import amounts, booleans, integers, optional_integers, text_set, texts, tuple_of
from homestretch.planner.visit import Loads


@dataclass(frozen=True, slots=True)
class Break:
    """A rest of `duration` seconds that begins in [earliest, latest], while halting at a visit, never on the way.

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
    objective is a sum of matrix entries. `overtime_per_hour` comes on top of `per_hour` for paid seconds beyond the
    shift's `regular`; `waiting_per_hour` for seconds idle before services.
    """

    fixed: int = 0
    per_hour: int = 0
    per_km: int = 0
    per_second: int = 0
    per_meter: int = 0
    overtime_per_hour: int = 0
    waiting_per_hour: int = 0

    def __post_init__(self) -> None:
        integers(self, "fixed", "per_hour", "per_km", "per_second", "per_meter")
        integers(self, "overtime_per_hour", "waiting_per_hour")


@dataclass(frozen=True, slots=True)
class Start:
    """A route that is under way: it sets off at `at` for the first of the visits that remain, without waiting.

    `place` is where it is, None = the shift's start place. `first_leg` (seconds, meters to the first remaining visit,
    or to the end place when none remains) goes before the matrix, for a vehicle between places. `breaks_taken` are
    indexes into the shift's breaks. `on_board` rides along and is not set down by the visits that remain.
    """

    at: int
    place: int | None = None
    first_leg: tuple[int, int] | None = None
    breaks_taken: tuple[int, ...] = ()
    on_board: Loads = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        integers(self, "at")
        optional_integers(self, "place")
        if self.first_leg is not None:
            tuple_of(self, "first_leg", int)
            if len(self.first_leg) != 2:
                raise TypeError(f"Start.first_leg must be (seconds, meters), not {self.first_leg!r}")
        tuple_of(self, "breaks_taken", int)
        amounts(self, "on_board")


@dataclass(frozen=True, slots=True)
class Shift:
    """One vehicle, one working span, at most one route: it leaves no sooner than `start` and is back by `end`.

    A dimension that `capacity` does not name is not limited. `max_distance` in meters; `max_duration` in seconds from
    departure to finish, breaks and waiting included; `max_drive` in seconds on the road; `max_stops` counts visits.
    `crew` persons are on board, whose service takes `pace` percent of what the visit says, rounded up. `loading`
    seconds pass after `start` before it drives off, and at each `reload`: a place at which it may set down what it
    collected and take up what it delivers next, for at most `max_trips` trips (None = any number).
    Beyond `regular` paid seconds overtime is paid. No span between departure, breaks on the route and finish is longer
    than `longest_stretch`. `backhauls_last`: within a trip all that delivers comes before what only collects. `lifo`:
    what was loaded last is unloaded first. `begun` is where it stands, if it is under way.
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
    crew: int = 1
    pace: int = 100
    loading: int = 0
    max_drive: int | None = None
    regular: int | None = None
    longest_stretch: int | None = None
    reload: int | None = None
    max_trips: int | None = None
    backhauls_last: bool = False
    lifo: bool = False
    begun: Start | None = None

    def __post_init__(self) -> None:
        texts(self, "id", "profile", "name")
        integers(self, "start_place", "end_place", "start", "end", "crew", "pace", "loading")
        optional_integers(self, "max_stops", "max_distance", "max_duration", "max_drive", "regular")
        optional_integers(self, "longest_stretch", "reload", "max_trips")
        booleans(self, "backhauls_last", "lifo")
        tuple_of(self, "breaks", Break)
        amounts(self, "capacity")
        text_set(self, "skills")
        if self.begun is not None and not isinstance(self.begun, Start):
            raise TypeError(f"Shift.begun must be a Start, not {self.begun!r}")
