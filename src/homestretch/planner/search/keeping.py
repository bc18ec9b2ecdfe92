"""The plan that `stability` keeps, in the search core's numbers: whose vehicle served a visit, where, and when."""

from collections.abc import Mapping, Sequence

from homestretch.planner import _search
from homestretch.planner.problem import Plan, Problem, Shift

ELSEWHERE = -2
"""The type of a shift that the problem does not know."""

FARTHEST = 2**29
"""Seconds from the model's zero, beyond which a begin of service is taken to be just there."""


KEEPING = 0.3
"""Typical legs: the first temperature where a plan is to be kept, which a hotter one would lose."""

SMALL = 60
"""Visits: so few are searched through all the same."""


class Kept:
    """What the core is told of the plan that is kept; `names` are its shifts, which stand for no other."""

    def __init__(self, problem: Problem) -> None:
        self.stability = problem.goals.stability
        routes = self.stability.plan.routes if self.stability else ()
        self.served = {visit: (route.shift, rank) for route in routes for rank, visit in enumerate(route.visits)}

    def prices(self, scale: int, divisor: int) -> tuple[int, int, int]:
        """(another visit before it, another shift, a minute), in the core's unit."""
        if self.stability is None:
            return 0, 0, 0
        moved, changed, minute = self.stability.per_moved, self.stability.per_changed, self.stability.per_minute
        return scale * moved // divisor, scale * changed // divisor, scale * minute // divisor

    def tell(self, made: _search.Visit, visit: str, type_of: Mapping[str, int], zero: int) -> None:
        """Put down where a visit was, if it was on a route."""
        if self.stability is None or visit not in self.served:
            return
        shift, made.rank = self.served[visit]
        made.home = type_of.get(shift, ELSEWHERE)
        if visit in self.stability.starts:
            made.kept_start = max(-FARTHEST, min(FARTHEST, self.stability.starts[visit] - zero))


def beginning(problem: Problem, start: Plan | None) -> Plan | None:
    """The plan that a search begins with: the given one, else the one that is to be kept."""
    kept = problem.goals.stability
    return start or (kept.plan if kept else None)


def hottest(problem: Problem, visits: int) -> float | None:
    """The highest temperature, in typical legs, of a search that is to keep a plan."""
    return KEEPING if problem.goals.stability and visits > SMALL else None


def kept_shifts(problem: Problem) -> set[str]:
    """Shifts that it matters to change: those of the plan that is kept."""
    kept = problem.goals.stability
    return {route.shift for route in kept.plan.routes} if kept else set()


def dearest_change(problem: Problem, shifts: Sequence[Shift]) -> int:
    """At most, in minor units, what one visit more costs by changing the plan that is kept."""
    kept = problem.goals.stability
    if kept is None:
        return 0
    minutes = max((shift.end - shift.start for shift in shifts), default=0) // 60 + 1
    most = len(kept.starts)
    return 2 * kept.per_moved + kept.per_changed + most * minutes * kept.per_minute
