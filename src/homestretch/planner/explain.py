"""Why a visit was left out: for every shift the nearest miss, found by putting it there, and what would let it in."""

from collections.abc import Iterator
from dataclasses import dataclass

from homestretch.planner.insertion import Miss, RouteIndex, bars
from homestretch.planner.live import Live
from homestretch.planner.problem import NOWHERE, Plan, Problem, Shift, Visit
from homestretch.planner.trial import Trial, candidates, open_pair, partner_shift, trials

TRIED = 2  # positions of a route that are tried in full for a visit


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason on one shift ("" = on all). `amount` is by how much it misses, in the unit of what is missed.

    Codes: `time_window`, `lock_window`, `load:<dimension>`, `skill`, `crew`, `barred`, `shift_end`, `max_stops`,
    `max_distance`, `max_drive`, `max_ride`, `backhauls_last`, `lifo`, `incompatible`, `unreachable`, `not_located`,
    `service_longer_than_window`, `locked_elsewhere`, `lower_priority`.
    """

    code: str
    shift: str
    text: str
    would_let_in: str
    amount: int = 0


def explain(problem: Problem, plan: Plan) -> dict[str, list[Reason]]:
    """Reasons for every unassigned visit of a sound problem, shift by shift in the problem's order."""
    live = Live(problem, plan)
    return {name: _reasons(live, problem.visit[name]) for name in plan.unassigned}


def _reasons(live: Live, visit: Visit) -> list[Reason]:
    both = open_pair(live.problem, visit.id, live.shift_of)
    ends = [live.problem.visit[end] for end in ((both.collect, both.deliver) if both else (visit.id,))]
    lost = next((end for end in ends if end.place == NOWHERE), None)
    if lost:
        text = (
            "It has no coordinates." if lost is visit else f"{lost.id}, the other end of its pair, has no coordinates."
        )
        return [Reason("not_located", "", text, "Set the pin of its place.")]
    return [reason for shift in live.problem.shifts for reason in _on_shift(live, shift, visit, ends)]


def _on_shift(live: Live, shift: Shift, visit: Visit, ends: list[Visit]) -> list[Reason]:
    problem = live.problem
    barred = [_worded(problem, shift, visit, miss) for end in ends for miss in bars(problem, shift, end)]
    if barred:
        return barred
    bound = partner_shift(problem, visit.id, live.shift_of)
    if bound not in (None, shift.id):
        text = f"The other end of its pair rides on shift {bound}."
        return [Reason("locked_elsewhere", shift.id, text, f"Move the other end to shift {shift.id}.")]
    tried = list(_tried(live, live.index(shift.id), visit))
    if not tried:
        return [_nowhere(live.index(shift.id), shift, ends[0])]
    nearest = min(tried, key=lambda made: (len(made.misses), sum(miss.amount for miss in made.misses), made.cost))
    if not nearest.misses:
        return [_fits(shift, visit, nearest)]
    return [_worded(problem, shift, visit, miss) for miss in nearest.misses]


def _tried(live: Live, index: RouteIndex, visit: Visit) -> Iterator[Trial]:
    both = open_pair(live.problem, visit.id, live.shift_of)
    first = live.problem.visit[both.collect] if both else visit
    for candidate in candidates(index, first, TRIED):
        yield from trials(index, first, candidate.position, both, TRIED)


def _nowhere(index: RouteIndex, shift: Shift, visit: Visit) -> Reason:
    """No position is allowed, or none has a way there and on."""
    if index.allowed(visit).any():
        text = "There is no way to it from the stops of this route, or none onwards."
        return Reason("unreachable", shift.id, text, "Move its pin to a road, or free the order of the route.")
    text = "Locks or its pair hold the places it could have on this route."
    return Reason("locked_elsewhere", shift.id, text, "Free the locked positions of this route.")


def _fits(shift: Shift, visit: Visit, made: Trial) -> Reason:
    """Nothing keeps it out but its worth, or the end of the search."""
    place = f"position {made.visits.index(visit.id)}"
    if visit.prize is not None and made.cost > visit.prize:
        text = f"At {place} it costs {made.cost}, and leaving it out only {visit.prize}."
        return Reason("lower_priority", shift.id, text, f"A priority worth {made.cost}.", made.cost - visit.prize)
    text = f"It fits at {place} for {made.cost}: the plan was made before it, or the search ended before it was tried."
    return Reason("lower_priority", shift.id, text, f"Move it to {place} of shift {shift.id}.")


def _worded(problem: Problem, shift: Shift, visit: Visit, miss: Miss) -> Reason:
    code, text, remedy = _words(problem, shift, visit, miss)
    return Reason(code, shift.id, text, remedy, miss.amount)


def _words(problem: Problem, shift: Shift, visit: Visit, miss: Miss) -> tuple[str, str, str]:
    """(code, text, what would let it in)."""
    span, amount = _minutes(miss.amount), miss.amount
    if miss.code == "time_window":
        whose = "its own last window" if miss.visit == visit.id else f"the last window of {miss.visit}"
        return miss.code, f"Service would begin {span} after {whose}.", f"A window {span} longer at {miss.visit}."
    if miss.code.startswith("load:"):
        dimension = miss.code.removeprefix("load:")
        return miss.code, f"There is no room for {amount} {dimension}.", f"{amount} {dimension} more capacity."
    if miss.code == "skill":
        lacking = ", ".join(sorted(problem.visit[miss.visit].skills - shift.skills))
        return miss.code, f"The shift lacks: {lacking}.", f"A shift with: {lacking}."
    if miss.code == "locked_elsewhere":
        return miss.code, f"{miss.visit} is locked to shift {problem.lock_of[miss.visit].shift}.", "Drop the lock."
    plain = {
        "shift_end": ("shift_end", f"The route would end {span} after the shift.", f"A shift {span} longer."),
        "max_duration": ("shift_end", f"The route would be {span} too long.", f"A longest route {span} longer."),
        "break": ("time_window", f"The shift's break would begin {span} late.", f"A break up to {span} later."),
        "max_stops": (miss.code, "The shift has all the stops it may.", f"{amount} more allowed stops."),
        "max_distance": (miss.code, f"The route would be {amount} m too far.", f"{amount} m more allowed distance."),
        "max_drive": (miss.code, f"The route would be {span} too long on the road.", f"{span} more allowed driving."),
        "max_ride": (miss.code, f"The goods for {miss.visit} would ride {span} too long.", f"A ride {span} longer."),
        "unreachable": (miss.code, "There is no way there and back for this shift.", "Move its pin to a road."),
        "service_longer_than_window": (
            miss.code,
            f"Its service takes {span} longer than the whole shift.",
            f"A shift {span} longer, or a shorter service.",
        ),
    }
    return plain.get(miss.code) or _rule_words(shift, miss)


def _rule_words(shift: Shift, miss: Miss) -> tuple[str, str, str]:
    """The same for rules of who may serve, and of how goods lie."""
    return {
        "lock_window": (
            miss.code,
            "The window of its lock is in none of its own.",
            "Drop the lock, or move its window.",
        ),
        "crew": (miss.code, f"The shift has a crew of {shift.crew}.", f"A crew of {shift.crew + miss.amount}."),
        "barred": (miss.code, f"{miss.visit} must not ride on this shift.", "Drop the bar."),
        "backhauls_last": (
            miss.code,
            f"{miss.visit} would be delivered after goods were collected.",
            "A vehicle that may collect before it delivers.",
        ),
        "lifo": (
            miss.code,
            f"Other goods would lie on those for {miss.visit}.",
            "A vehicle that is unloaded in any order.",
        ),
        "incompatible": (
            miss.code,
            "Goods that must not meet would be on board together.",
            "A shift without such goods.",
        ),
    }[miss.code]


def _minutes(seconds: int) -> str:
    return f"{-(-seconds // 60)} min"
