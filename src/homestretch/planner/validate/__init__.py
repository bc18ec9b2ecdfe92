"""What is wrong with a question, before anyone tries to answer it.

Not a fault: a visit that no shift can take (too large, too late, without coordinates). It is left out, and `explain`
says why.
"""

from collections.abc import Callable, Iterator

from homestretch.planner.problem import Problem
from homestretch.planner.validate.bonds import groups, locks, pairs, relations
from homestretch.planner.validate.fault import Fault
from homestretch.planner.validate.shifts import shifts
from homestretch.planner.validate.travel import matrices, reach
from homestretch.planner.validate.visits import visits
from homestretch.planner.validate.whole import duplicates, goals, goods, whole

__all__ = ["Fault", "validate"]

JUDGES: tuple[Callable[[Problem], Iterator[Fault]], ...] = (
    whole,
    duplicates,
    goals,
    goods,
    matrices,
    visits,
    shifts,
    pairs,
    locks,
    groups,
    relations,
    reach,
)


def validate(problem: Problem) -> list[Fault]:
    """Every fault of a problem; an empty list means that it can be solved. Never raises."""
    return [fault for judge in JUDGES for fault in judge(problem)]
