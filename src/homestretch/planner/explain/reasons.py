"""Why a visit is on no route: for every shift the nearest miss, found by putting it there."""

from collections.abc import Iterator
from dataclasses import dataclass

from homestretch.planner.explain.words import words_of
from homestretch.planner.kept.places import Ends, ends_of, ranked, tried
from homestretch.planner.kept.routes import Kept, Miss, Trial
from homestretch.planner.problem import NOWHERE, Problem, Shift, Visit
from homestretch.planner.terms import service_on, windows_of

TRIED = 6  # positions of a route that are tried in full for a visit
JUDGED = 3  # the same, where it takes `schedule` and `check` to try one


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason on one shift ("" = on all). `amount` is by how much it misses, in the unit of what is missed.

    Codes: `time_window`, `lock_window`, `load:<dimension>`, `skill`, `crew`, `barred`, `shift_end`, `max_stops`,
    `max_distance`, `max_drive`, `max_ride`, `max_trips`, `longest_stretch`, `release`, `backhauls_last`, `lifo`,
    `incompatible`, `group`, `together`, `in_order`, `adjacent`, `unreachable`, `not_located`,
    `service_longer_than_window`, `locked_elsewhere`, `lower_priority`.
    """

    code: str
    shift: str
    text: str
    would_let_in: str
    amount: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of an unassigned visit: its reasons, the nearest trial by shift, and shifts that may not serve it
    whatever else they do, with why."""

    reasons: list[Reason]
    nearest: dict[str, Trial]
    barred: dict[str, list[Miss]]


def reasons_of(kept: Kept, visit: Visit) -> Found:
    """Reasons for one unassigned visit, shift by shift in the problem's order."""
    problem = kept.problem
    ends = ends_of(problem, visit.id, kept.shift_of)
    visits = [problem.visit[end] for end in (ends.first, ends.other) if end]
    lost = next((end for end in visits if end.place == NOWHERE), None)
    if lost is not None:
        whose = "It has" if lost is visit else f"{lost.id}, the other end of its pair, has"
        return Found([Reason("not_located", "", f"{whose} no coordinates.", "Set the pin of its place.")], {}, {})
    nearest = kept.nearest(visit.id, TRIED) if ends.other is None else {}
    lasting = any(service_on(shift, end) > shift.end - shift.start for end in visits for shift in kept.kinds)
    lasting = lasting or any(windows_of(end, problem.lock_of.get(end.id)) == () for end in visits)
    found = Found([], {}, {})
    for shift in problem.shifts:
        met = isinstance(nearest.get(shift.id), Trial)  # then the board has said already that it may be served
        barred = [miss for end in visits for miss in bars(problem, shift, end)] if not met or lasting else []
        if barred:
            found.barred[shift.id] = barred
            found.reasons.extend(_worded(problem, shift, visit, miss) for miss in barred)
        elif ends.bound not in (None, shift.id):
            text, remedy = f"The other end of its pair rides on shift {ends.bound}.", f"Move it to shift {shift.id}."
            found.reasons.append(Reason("locked_elsewhere", shift.id, text, remedy))
        else:
            best = nearest.get(shift.id, -1)
            if ends.other is not None or shift.id in kept.judged or (kept.bound and not _is_missed(best)):
                best = _judged(kept, ends, shift.id)
            found.reasons.extend(_of(kept, shift, visit, best))
            if isinstance(best, Trial):
                found.nearest[shift.id] = best
    return found


def _is_missed(best: Trial | int) -> bool:
    return isinstance(best, int) or bool(best.misses)


def _judged(kept: Kept, ends: Ends, shift: str) -> Trial | int:
    """As `Kept.nearest` where that knows only a part of the rules."""
    best: Trial | None = None
    few = JUDGED if shift in kept.judged else TRIED
    for place in ranked(kept, ends, shift=shift, each=few, most=few):
        for made in tried(kept, ends, place):
            if best is None or nearness(made) < nearness(best):
                best = made
            if not best.misses:
                return best
    if best is None:
        return -1
    return -2 if any(miss.code == "unreachable" for miss in best.misses) else best


def nearness(made: Trial) -> tuple[int, int, int]:
    """Nearer to being kept comes first."""
    return len(made.misses), sum(miss.amount for miss in made.misses), made.cost


def _of(kept: Kept, shift: Shift, visit: Visit, best: Trial | int) -> Iterator[Reason]:
    if best == -1:
        text = "Locks or its pair hold the places it could have on this route."
        yield Reason("locked_elsewhere", shift.id, text, "Free the locked positions of this route.")
    elif isinstance(best, int) and not kept.routes[shift.id].visits:
        text = "There is no way there and back for this shift."
        yield Reason("unreachable", shift.id, text, "Move its pin to a road.")
    elif isinstance(best, int):
        text = "There is no way to it from the stops of this route, or none onwards."
        yield Reason("unreachable", shift.id, text, "Move its pin to a road, or free the order of the route.")
    elif not best.misses:
        yield _fits(shift, visit, best)
    else:
        yield from (_worded(kept.problem, shift, visit, miss) for miss in best.misses)


def _fits(shift: Shift, visit: Visit, made: Trial) -> Reason:
    """Nothing keeps it out but its worth, or the end of the search."""
    place = f"position {made.route.visits.index(visit.id)}"
    if visit.prize is not None and made.cost > visit.prize:
        text = f"At {place} it costs {made.cost}, and leaving it out only {visit.prize}."
        return Reason("lower_priority", shift.id, text, f"A priority worth {made.cost}.", made.cost - visit.prize)
    text = f"It fits at {place} for {made.cost}: the plan was made before it, or the search ended before it was tried."
    return Reason("lower_priority", shift.id, text, f"Move it to {place} of shift {shift.id}.")


def _worded(problem: Problem, shift: Shift, visit: Visit, miss: Miss) -> Reason:
    code, text, remedy = words_of(problem, shift, visit, miss)
    return Reason(code, shift.id, text, remedy, miss.amount)


def bars(problem: Problem, shift: Shift, visit: Visit) -> Iterator[Miss]:
    """What keeps a visit off a shift whatever else the shift does."""
    lock = problem.lock_of.get(visit.id)
    if lock and lock.shift not in (None, shift.id):
        yield Miss("locked_elsewhere", visit.id, 0)
    if windows_of(visit, lock) == ():
        yield Miss("lock_window", visit.id, 0)
    lacking = visit.skills - shift.skills
    if lacking:
        yield Miss("skill", visit.id, len(lacking))
    if visit.crew > shift.crew:
        yield Miss("crew", visit.id, visit.crew - shift.crew)
    if shift.id in visit.barred:
        yield Miss("barred", visit.id, 0)
    over = service_on(shift, visit) - shift.end + shift.start
    if over > 0:
        yield Miss("service_longer_than_window", visit.id, over)
