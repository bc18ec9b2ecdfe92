"""A rule given up by so much: what it is called, and the problem with it given up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from homestretch.planner.kept.routes import with_other
from homestretch.planner.problem import Problem, Shift, Visit, Window


@dataclass(frozen=True, slots=True)
class Relaxation:
    """The least of one rule that has to be given up for an unassigned visit, and what serving it then costs.

    `code` says which rule: `window_later`, `window_earlier` (at `visit`, its own or one it makes late, by `amount`
    seconds), `overtime`, `duration`, `drive` (of `shift`, seconds), `distance` (meters), `stops`,
    `load:<dimension>`, `skill`, `crew`, `barred`, `lock` (`amount` 0: dropped for it), `van` (one more like `shift`),
    `without` (`visit` is left out instead). The visit goes to `position` on `shift`; of `van` to a route of its own.
    `cost` in minor units is what the plan costs more, the worth of the visit itself left aside, and the prize of one
    that is left out for it counted; `required` says that this one has none.
    """

    code: str
    shift: str
    visit: str
    amount: int
    position: int
    cost: int
    text: str
    required: bool = False


def relaxed(problem: Problem, asked: str, given_up: Relaxation) -> Problem:
    """The problem in which the rule is given up for the visit `asked`. One more van is the last of the shifts."""
    if given_up.code == "van":
        return replace(problem, shifts=(*problem.shifts, another(problem.shift[given_up.shift])))
    if given_up.code == "without":
        return problem
    if given_up.code in ("barred", "lock"):
        return with_other(problem, replace(problem.visit[asked], barred=frozenset()), unbound=True)
    if given_up.code in WINDOWS:
        return with_other(problem, WINDOWS[given_up.code](problem.visit[given_up.visit], given_up.amount))
    shift = problem.shift[given_up.shift]
    able = _able(shift, problem.visit[asked]) if given_up.code in ("skill", "crew") else more(shift, given_up)
    shifts = tuple(able if each.id == shift.id else each for each in problem.shifts)
    return replace(problem, shifts=shifts)


def another(shift: Shift) -> Shift:
    """One more van like this one, at its depot."""
    return replace(shift, id=f"{shift.id}+1", begun=None)


def later(visit: Visit, seconds: int) -> Visit:
    """The visit with windows that end later."""
    return replace(visit, windows=tuple(Window(each.start, each.end + seconds) for each in visit.windows))


def earlier(visit: Visit, seconds: int) -> Visit:
    """The visit with windows that begin sooner."""
    return replace(visit, windows=tuple(Window(each.start - seconds, each.end) for each in visit.windows))


WINDOWS: Mapping[str, Callable[[Visit, int], Visit]] = {"window_later": later, "window_earlier": earlier}


def more(shift: Shift, given_up: Relaxation) -> Shift:
    """The shift that may do more by the amount."""
    amount = given_up.amount
    if given_up.code.startswith("load:"):
        dimension = given_up.code.removeprefix("load:")
        return replace(shift, capacity={**shift.capacity, dimension: shift.capacity[dimension] + amount})
    if given_up.code == "overtime":
        return replace(shift, end=shift.end + amount)
    name = LIMITS[given_up.code]
    return replace(shift, **{name: getattr(shift, name) + amount})


LIMITS = {"stops": "max_stops", "distance": "max_distance", "duration": "max_duration", "drive": "max_drive"}


def _able(shift: Shift, visit: Visit) -> Shift:
    return replace(shift, skills=shift.skills | visit.skills, crew=max(shift.crew, visit.crew))
