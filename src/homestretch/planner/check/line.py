"""A route as the judge's clock sees it: one step after the other, each a way and what is done at its end."""

from dataclasses import dataclass, field
from itertools import pairwise

from homestretch.planner.check.ways import arrival, is_way, meters
from homestretch.planner.problem import NOWHERE, Break, Lock, Problem, Profile, Route, Shift, Visit, Window


@dataclass(frozen=True, slots=True)
class Step:
    """A way from `origin` to `place`, and there a `visit`, a reload (`ready` is when its goods are), or the end."""

    kind: str  # "visit", "reload", "end"
    origin: int
    place: int
    visit: Visit | None = None
    work: int = 0
    ready: int = 0
    windows: tuple[tuple[int, int], ...] | None = None  # None = at any time
    locked: Window | None = None
    given: tuple[int, int] | None = None  # (seconds, meters) that take the place of the matrix

    @property
    def name(self) -> str:
        """The visit's id, empty elsewhere."""
        return self.visit.id if self.visit else ""

    def opens(self, now: int) -> int | None:
        """When service can begin at `now` or later; None if no more."""
        if self.windows is None:
            return now
        return next((max(now, start) for start, end in self.windows if now <= end), None)

    def last(self) -> int:
        """The last second at which service may begin, if that is limited."""
        held = [] if self.locked is None else [self.locked.end]
        return max((end for _, end in self.windows or ()), default=max(held, default=0))


@dataclass(frozen=True, slots=True)
class Line:
    """A route with all that the clock needs. `first` is the earliest departure; a `fixed` one departs just then."""

    shift: Shift
    profile: Profile
    steps: tuple[Step, ...]
    first: int
    loading: int
    fixed: bool
    taken: frozenset[int]
    rides: tuple[tuple[int, int, int, str], ...] = field(default=())  # (step, later step, seconds, visit)

    @property
    def breaks(self) -> tuple[Break, ...]:
        """The shift's."""
        return self.shift.breaks

    def arrive(self, step: Step, leave: int) -> int:
        """When a step's way ends that begins at `leave`."""
        return leave + step.given[0] if step.given else arrival(self.profile, step.origin, step.place, leave)

    def meters(self, step: Step, leave: int) -> int:
        """How far a step's way is."""
        return step.given[1] if step.given else meters(self.profile, step.origin, step.place, leave)

    def is_way(self, step: Step) -> bool:
        """Whether a step's way exists; unknown places are another breach."""
        if step.given is not None or NOWHERE in (step.origin, step.place):
            return True
        return is_way(self.profile, step.origin, step.place)


def work(shift: Shift, visit: Visit) -> int:
    """Seconds of service at a visit for a shift."""
    seconds = visit.service_by.get(shift.profile, visit.service)
    return -(-seconds * shift.pace // 100)


def line_of(problem: Problem, shift: Shift, route: Route) -> Line:
    """The route of a shift, step by step; its visits must be known, its reloads sound."""
    begun = shift.begun
    trips = [max((problem.visit[name].release for name in trip), default=0) for trip in route.trips()]
    kinds: list[tuple[str, int, str, int]] = []
    for position, name in enumerate(route.visits):
        if position in route.reloads and shift.reload is not None:
            kinds.append(("reload", shift.reload, "", trips[sorted(route.reloads).index(position) + 1]))
        kinds.append(("visit", problem.visit[name].place, name, 0))
    kinds.append(("end", shift.end_place, "", 0))
    start = shift.start_place if begun is None or begun.place is None else begun.place
    places = [start, *(place for _, place, _, _ in kinds)]
    steps: list[Step] = []
    for (origin, place), (kind, _, name, ready) in zip(pairwise(places), kinds, strict=True):
        visit = problem.visit[name] if name else None
        lock = problem.lock_of.get(name)
        steps.append(
            Step(
                kind=kind,
                origin=origin,
                place=place,
                visit=visit,
                work=work(shift, visit) if visit else 0,
                ready=ready,
                windows=_windows(visit, lock),
                locked=lock.window if lock else None,
                given=begun.first_leg if begun and not steps else None,
            )
        )
    return Line(
        shift=shift,
        profile=problem.travel.profiles[shift.profile],
        steps=tuple(steps),
        first=begun.at if begun else max(shift.start, trips[0]),
        loading=0 if begun else shift.loading,
        fixed=begun is not None,
        taken=frozenset(begun.breaks_taken if begun else ()),
        rides=tuple(_rides(problem, steps)),
    )


def _windows(visit: Visit | None, lock: Lock | None) -> tuple[tuple[int, int], ...] | None:
    """The spans in which service may begin: within a window of the visit's, and within the lock's."""
    own = [(window.start, window.end) for window in visit.windows] if visit else []
    if lock is None or lock.window is None:
        return tuple(own) or None
    start, end = lock.window.start, lock.window.end
    both = [(max(start, early), min(end, late)) for early, late in own or [(start, end)]]
    return tuple(span for span in both if span[0] <= span[1])


def _rides(problem: Problem, steps: list[Step]) -> list[tuple[int, int, int, str]]:
    at = {step.name: number for number, step in enumerate(steps) if step.name}
    return [
        (at[pair.collect], at[pair.deliver], pair.max_ride, pair.deliver)
        for pair in problem.pairs
        if pair.max_ride is not None and pair.collect in at and at[pair.collect] < at.get(pair.deliver, -1)
    ]
