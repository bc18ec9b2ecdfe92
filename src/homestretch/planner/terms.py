"""A problem made ready for an engine: what it must refuse, which shifts are alike, who can serve what, whole costs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from math import gcd

from homestretch.kernel.refusal import Refusal
from homestretch.planner.problem import NOWHERE, UNREACHABLE, Lock, Problem, Shift, Slots, Visit, Window
from homestretch.planner.search.apart import balanced_load
from homestretch.planner.search.keeping import kept_shifts
from homestretch.planner.search.units import MOST_KINDS, all_or_none, kinds_of, tangled, torn

MOST_RESTS = 6
"""Breaks of one shift."""

EXACT = 18_000
"""Costs times this are whole numbers: 3600 s and 1000 m both divide it."""

A_SECOND = EXACT // 3600
"""What one minor unit an hour costs a second, times EXACT."""

MAX_BYTES = 4 * 2**30
"""Of the core's matrices, two of 4 bytes a cell for each profile, and as much again for their transposes."""


def _shifts(asked: Callable[[Shift], object]) -> Callable[[Problem], bool]:
    return lambda problem: any(asked(shift) for shift in problem.shifts)


def _visits(asked: Callable[[Visit], object]) -> Callable[[Problem], bool]:
    return lambda problem: any(asked(visit) for visit in problem.visits)


UNSUPPORTED: tuple[tuple[str, Callable[[Problem], object]], ...] = (
    ("pairs or groups that are tied to each other by `adjacent`", tangled),
    ("more than 64 kinds of goods that must not meet", lambda problem: len(kinds_of(problem)) > MOST_KINDS),
)
"""Rules that the engine does not know yet, each with whether a problem asks for it."""


def refuse_unsupported(problem: Problem) -> None:
    """Refuses `engine.unsupported` for what the engine has no word for."""
    for what, asked in UNSUPPORTED:
        if asked(problem):
            raise _unsupported(what, "the problem", "leave it out")
    if any(len(shift.breaks) > MOST_RESTS for shift in problem.shifts):
        raise _unsupported(f"more than {MOST_RESTS} breaks", "the shifts", "leave some out")


def _unsupported(what: str, where: str, remedy: str) -> Refusal:
    return Refusal("engine.unsupported", f"{what} is not planned for yet ({where})", remedy=remedy, where=where)


def without_past(problem: Problem) -> Problem:
    """The problem without windows that end before any shift begins, for visits that have later ones too."""
    first = earliest_of(problem)
    visits = []
    for visit in problem.visits:
        still = tuple(window for window in visit.windows if window.end >= first)
        visits.append(replace(visit, windows=still) if still != visit.windows and still else visit)
    return replace(problem, visits=tuple(visits))


def earliest_of(problem: Problem) -> int:
    """The first second at which any shift departs."""
    return min((shift.begun.at if shift.begun else shift.start for shift in problem.shifts), default=0)


def matrices_of(problem: Problem) -> int:
    """How many pairs of matrices the core holds: one for each profile that drives, and one for each of its slots."""
    profiles = [problem.travel.profiles[name] for name in {shift.profile for shift in problem.shifts}]
    return sum(1 + (len(each.starts) if isinstance(each, Slots) else 0) for each in profiles)


def refuse_too_large(nodes: int, profiles: int) -> None:
    """Refuses `engine.too_large` for matrices beyond MAX_BYTES."""
    if 16 * nodes**2 * profiles > MAX_BYTES:
        raise Refusal(
            "engine.too_large",
            f"{nodes} visits and depots in {profiles} profiles are too many for one plan",
            remedy="plan by depot or zone; fewer different profiles help too",
            nodes=nodes,
            profiles=profiles,
        )


def equal_shifts(problem: Problem) -> list[list[str]]:
    """Ids of shifts that may stand for each other, grouped; one that a lock or the kept plan names stands alone."""
    named = {lock.shift for lock in problem.locks}.union(*(visit.barred for visit in problem.visits))
    named |= kept_shifts(problem)
    groups: dict[object, list[str]] = {}
    for shift in problem.shifts:
        capacity = tuple(sorted(shift.capacity.items()))
        plain = replace(shift, id=shift.id if shift.id in named else "", name="", capacity={})
        groups.setdefault((plain, capacity), []).append(shift.id)
    return list(groups.values())


def may_serve(problem: Problem, shift: Shift, visit: Visit) -> bool:
    """Whether skills, crew, bars and locks let the shift serve the visit."""
    lock = problem.lock_of.get(visit.id)
    able = visit.skills <= shift.skills and visit.crew <= shift.crew and shift.id not in visit.barred
    return able and (lock is None or lock.shift in (None, shift.id))


def service_on(shift: Shift, visit: Visit) -> int:
    """Seconds of service of the visit by this shift."""
    return -(-visit.service_by.get(shift.profile, visit.service) * shift.pace // 100)


def windows_of(visit: Visit, lock: Lock | None) -> tuple[Window, ...] | None:
    """When service may begin, within the lock's window too; None = at any time, empty = never."""
    if lock is None or lock.window is None:
        return visit.windows or None
    both = (
        Window(max(window.start, lock.window.start), min(window.end, lock.window.end))
        for window in visit.windows or (lock.window,)
    )
    return tuple(window for window in both if window.start <= window.end)


def time_cost(shift: Shift, paid: int, waiting: int) -> int:
    """What the paid and the waiting seconds of a route cost: time, overtime and waiting, each rounded down once."""
    costs = shift.costs
    over = 0 if shift.regular is None else max(0, paid - shift.regular)
    time = paid * costs.per_hour // 3600 + paid * costs.per_second
    return time + over * costs.overtime_per_hour // 3600 + waiting * costs.waiting_per_hour // 3600


def servable(problem: Problem, shifts: Iterable[str]) -> list[Visit]:
    """Visits that some shift can serve alone; of a pair both, by one shift."""
    kinds = [problem.shift[name] for name in shifts]
    able = {visit.id: {shift.id for shift in kinds if _alone(problem, shift, visit)} for visit in problem.visits}
    able |= {name: set() for name in torn(problem)}
    bonds, before = all_or_none(problem), -1
    while before != (before := sum(map(len, able.values()))):
        for names in bonds:
            able |= dict.fromkeys(names, set[str].intersection(*(able[name] for name in names)))
    return [visit for visit in problem.visits if able[visit.id]]


def _alone(problem: Problem, shift: Shift, visit: Visit) -> bool:
    """Whether a shift could serve the visit and nothing else, its breaks left aside."""
    if visit.place == NOWHERE or not may_serve(problem, shift, visit):
        return False
    out = first_way(problem, shift, visit.place)
    back = problem.travel.leg(shift.profile, visit.place, shift.end_place)
    if UNREACHABLE in (out[0], back[0]):
        return False
    begun = shift.begun
    if begun and visit.release > begun.at and shift.reload is None:
        return False
    loading = 0 if begun else shift.loading
    arrive = (begun.at if begun else max(shift.start, visit.release)) + loading + out[0]
    service = service_on(shift, visit)
    windows = windows_of(visit, problem.lock_of.get(visit.id))
    begins = [arrive] if windows is None else [max(arrive, window.start) for window in windows if arrive <= window.end]
    in_time = bool(begins) and min(begins) + service + back[0] <= shift.end
    fits = all(
        max(visit.deliver.get(name, 0), visit.collect.get(name, 0)) <= most for name, most in room_of(shift).items()
    )
    near = shift.max_distance is None or out[1] + back[1] <= shift.max_distance
    short = shift.max_duration is None or loading + out[0] + service + back[0] <= shift.max_duration
    return in_time and fits and near and short and shift.max_stops != 0


def first_way(problem: Problem, shift: Shift, place: int) -> tuple[int, int]:
    """(seconds, meters) from where a shift begins, or stands."""
    if shift.begun and shift.begun.first_leg:
        return shift.begun.first_leg
    return problem.travel.leg(shift.profile, start_of(shift), place)


def start_of(shift: Shift) -> int:
    """The place at which a shift begins, or stands."""
    return shift.start_place if shift.begun is None or shift.begun.place is None else shift.begun.place


def room_of(shift: Shift) -> dict[str, int]:
    """Its capacity, less what rides along to the end; negative where that is too much already."""
    riding = shift.begun.on_board if shift.begun else {}
    return {name: most - riding.get(name, 0) for name, most in shift.capacity.items()}


def weighed(problem: Problem) -> list[str]:
    """Dimensions that a shift limits, or whose order or company on board matters."""
    if problem.incompatible or any(shift.backhauls_last or shift.lifo for shift in problem.shifts):
        return list(problem.dimensions)
    limited = {name for shift in problem.shifts for name in shift.capacity} | {balanced_load(problem)}
    return [name for name in problem.dimensions if name in limited]


def scaled_costs(problem: Problem, shifts: Sequence[str]) -> tuple[int, list[tuple[int, int, int]]]:
    """(divisor, (fixed, per meter, per second) of each shift) as the smallest integers of equal proportions.

    What costs x minor units costs `EXACT * x // divisor` there, without a rest. Where driving costs nothing at all, a
    second costs one, so that routes are short all the same.
    """
    rates = [_rate(problem.shift[name]) for name in shifts]
    if not any(meter or second for _, meter, second in rates):
        rates = [(fixed, 0, 1) for fixed, _, _ in rates]
    goals = problem.goals
    priced = any(visit.prize for visit in problem.visits) or any(group.prize for group in problem.groups)
    priced = priced or bool(goals.stability or goals.balance or goals.split_zone)
    prizes = EXACT if priced else 0
    hourly = [visit.late_per_hour for visit in problem.visits]
    for name in shifts:
        hourly += [problem.shift[name].costs.overtime_per_hour, problem.shift[name].costs.waiting_per_hour]
    divisor = max(1, gcd(prizes, *(A_SECOND * cost for cost in hourly), *(part for rate in rates for part in rate)))
    return divisor, [(fixed // divisor, meter // divisor, second // divisor) for fixed, meter, second in rates]


def _rate(shift: Shift) -> tuple[int, int, int]:
    """A shift's (fixed, per meter, per second), times EXACT."""
    costs = shift.costs
    meter = EXACT * costs.per_meter + EXACT // 1000 * costs.per_km
    second = EXACT * costs.per_second + A_SECOND * costs.per_hour
    return EXACT * costs.fixed, meter, second


def fewest_shifts(problem: Problem) -> int:
    """Routes that the loads of what is required call for, where all shifts are alike."""
    required = [visit for visit in problem.visits if visit.prize is None]
    least = min(1, len(required))
    for dimension in problem.dimensions:
        room = max((shift.capacity.get(dimension, 0) for shift in problem.shifts), default=0)
        for held in ([visit.deliver for visit in required], [visit.collect for visit in required]):
            load = sum(loads.get(dimension, 0) for loads in held)
            if room and all(dimension in shift.capacity for shift in problem.shifts):
                least = max(least, -(-load // room))
    return least


def above_detours(shifts: Iterable[tuple[Shift, tuple[int, int, int]]], meters: int, late: int) -> int:
    """More than serving any one visit on a route of its own can cost: the least price of what is to be served.

    `shifts` come with what they cost: fixed, a meter, a second at its dearest. `meters` is the longest leg; `late` what
    a second of lateness costs at most.
    """
    return 1 + max(
        (
            fixed + 3 * meters * meter + (shift.end - shift.start) * (second + late)
            for shift, (fixed, meter, second) in shifts
        ),
        default=0,
    )


def lowered_prizes(asked: Mapping[str, int | None], divisor: int, dear: int) -> dict[str, int]:
    """Prizes in the model's scale, without those of required visits.

    Where each is above every detour, all are lowered in proportion until the least just is, which changes no choice.
    """
    given = {name: EXACT * prize // divisor for name, prize in asked.items() if prize is not None}
    least = min(given.values(), default=0)
    return given if least <= dear else {visit: prize * dear // least for visit, prize in given.items()}
