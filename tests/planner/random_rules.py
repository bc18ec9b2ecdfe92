"""How each rule is put on a small problem, so that it binds, and how it is taken off again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from homestretch.planner.problem import (
    Balance,
    Break,
    Group,
    Lock,
    Matrix,
    Pair,
    Plan,
    Problem,
    Relation,
    Route,
    Shift,
    Slots,
    Stability,
    Start,
    Travel,
    Visit,
    Window,
)

HOUR = 3600
Rule = Callable[[Random, Problem], Problem]
Off = Callable[[Problem], Problem]


@dataclass(frozen=True)
class Family:
    """A rule: how it is put on a plain problem, and how it is taken off."""

    put: Rule
    off: Off


def _each_visit(problem: Problem, change: Callable[[Visit], dict[str, Any]]) -> Problem:
    return replace(problem, visits=tuple(replace(visit, **change(visit)) for visit in problem.visits))


def _each_shift(problem: Problem, change: Callable[[Shift], dict[str, Any]]) -> Problem:
    return replace(problem, shifts=tuple(replace(shift, **change(shift)) for shift in problem.shifts))


def _no_visit(**fields: Any) -> Off:
    return lambda problem: _each_visit(problem, lambda _: fields)


def _no_shift(**fields: Any) -> Off:
    return lambda problem: _each_shift(problem, lambda _: fields)


def _no(**fields: Any) -> Off:
    return lambda problem: replace(problem, **fields)


def _goals(problem: Problem, **fields: Any) -> Problem:
    return replace(problem, goals=replace(problem.goals, **fields))


def _costs(**fields: Any) -> Off:
    return lambda problem: _each_shift(problem, lambda shift: {"costs": replace(shift.costs, **fields)})


def _windows(rng: Random, problem: Problem) -> Problem:
    def two(visit: Visit) -> dict[str, Any]:
        begin = rng.randrange(0, HOUR, 60)
        first = Window(begin, begin + rng.randrange(60, 900))
        begin = first.end + rng.randrange(600, 3600)
        return {"windows": (first, Window(begin, begin + rng.randrange(300, 1800)))} if rng.random() < 0.7 else {}

    return _each_visit(problem, two)


def _one_window(problem: Problem) -> Problem:
    """Each visit keeps the span from its first window's start to its last one's end."""

    def joined(visit: Visit) -> dict[str, Any]:
        if len(visit.windows) < 2:
            return {}
        return {"windows": (Window(visit.windows[0].start, visit.windows[-1].end),)}

    return _each_visit(problem, joined)


def _pickups(rng: Random, problem: Problem) -> Problem:
    def change(visit: Visit) -> dict[str, Any]:
        return (
            {"deliver": {}, "collect": visit.deliver} if rng.random() < 0.4 else {"collect": {"kg": rng.randint(0, 4)}}
        )

    return _each_visit(problem, change)


def _limits(rng: Random, problem: Problem) -> Problem:
    def change(_: Shift) -> dict[str, Any]:
        return {
            "max_distance": rng.randrange(12_000, 30_000),
            "max_duration": rng.randrange(4000, 8000),
        }

    return _each_shift(problem, change)


def _max_drive(rng: Random, problem: Problem) -> Problem:
    return _each_shift(problem, lambda _: {"max_drive": rng.randrange(1200, 3200)})


def _skills(rng: Random, problem: Problem) -> Problem:
    problem = _each_visit(problem, lambda _: {"skills": frozenset({"cold"} if rng.random() < 0.4 else ())})
    return _each_shift(problem, lambda _: {"skills": frozenset({"cold"} if rng.random() < 0.5 else ())})


def _crew(rng: Random, problem: Problem) -> Problem:
    problem = _each_visit(problem, lambda _: {"crew": rng.choice((1, 2))})
    return _each_shift(problem, lambda _: {"crew": rng.choice((1, 1, 2))})


def _barred(rng: Random, problem: Problem) -> Problem:
    names = [shift.id for shift in problem.shifts]
    return _each_visit(problem, lambda _: {"barred": frozenset(name for name in names if rng.random() < 0.3)})


def _releases(rng: Random, problem: Problem) -> Problem:
    return _each_visit(problem, lambda _: {"release": rng.choice((0, rng.randrange(1200, 5000)))})


def _breaks(rng: Random, problem: Problem) -> Problem:
    def rests(shift: Shift) -> dict[str, Any]:
        made = []
        for number in range(rng.choice((1, 1, 2))):
            earliest = min(shift.start + rng.randrange(900, 3000) + 3600 * number, shift.end)
            made.append(
                Break(rng.randrange(600, 2400), earliest, earliest + rng.randrange(0, 1500), rng.random() < 0.5)
            )
        return {"breaks": tuple(made)}

    return _each_shift(problem, rests)


def _stretches(rng: Random, problem: Problem) -> Problem:
    def change(shift: Shift) -> dict[str, Any]:
        rest = Break(rng.randrange(300, 1800), shift.start, shift.end, rng.random() < 0.5)
        return {"breaks": (rest,), "longest_stretch": rng.randrange(1800, 4000)}

    return _each_shift(problem, change)


def _free(problem: Problem) -> list[str]:
    """Visits that are in no group, no pair and no relation yet."""
    bound = {name for bond in (*problem.groups, *problem.relations) for name in bond.visits} | set(problem.pair_of)
    return [visit.id for visit in problem.visits if visit.id not in bound]


def _paired(rng: Random, problem: Problem, ride: Callable[[], int | None]) -> Problem:
    names = [name for name in _free(problem) if name not in problem.lock_of]
    rng.shuffle(names)
    if len(names) < 2:
        return problem
    pairs = [
        Pair(names[2 * number], names[2 * number + 1], {"kg": rng.randint(1, 5)}, ride())
        for number in range(rng.randint(1, len(names) // 2))
    ]
    ends = {end for pair in pairs for end in (pair.collect, pair.deliver)}
    problem = _each_visit(problem, lambda visit: {"deliver": {}} if visit.id in ends and rng.random() < 0.8 else {})
    for pair in pairs:
        prize = problem.visit[pair.collect].prize
        problem = _each_visit(problem, lambda v, p=pair, z=prize: {"prize": z} if v.id == p.deliver else {})  # type: ignore[misc]
    return replace(problem, pairs=tuple(pairs))


def _pairs(rng: Random, problem: Problem) -> Problem:
    return _paired(rng, problem, lambda: None)


def _max_ride(rng: Random, problem: Problem) -> Problem:
    problem = problem if problem.pairs else _paired(rng, problem, lambda: None)
    return replace(problem, pairs=tuple(replace(pair, max_ride=rng.randrange(400, 1800)) for pair in problem.pairs))


def _no_ride(problem: Problem) -> Problem:
    return replace(problem, pairs=tuple(replace(pair, max_ride=None) for pair in problem.pairs))


def _backhauls_last(rng: Random, problem: Problem) -> Problem:
    return _each_shift(_pickups(rng, problem), lambda _: {"backhauls_last": True})


def _lifo(rng: Random, problem: Problem) -> Problem:
    problem = problem if problem.pairs else _paired(rng, problem, lambda: None)
    some = rng.sample([visit.id for visit in problem.visits], len(problem.visits) // 2)
    problem = _each_visit(problem, lambda visit: {"collect": {"kg": rng.randint(1, 4)}} if visit.id in some else {})
    return _each_shift(problem, lambda shift: {"lifo": True, "capacity": {"kg": shift.capacity["kg"] + 4}})


def _goods(rng: Random, problem: Problem) -> Problem:
    kinds = ("fish", "soap", "hay")
    problem = _each_visit(problem, lambda _: {"goods": frozenset({rng.choice(kinds)})})
    return replace(problem, incompatible=(("fish", "soap"), ("hay", "fish"))[: rng.randint(1, 2)])


def _relation(kind: str) -> Rule:
    def put(rng: Random, problem: Problem) -> Problem:
        names = [name for name in _free(problem) if name not in problem.lock_of]
        if len(names) < 2:
            return problem
        bound = tuple(rng.sample(names, min(len(names), rng.choice((2, 3)))))
        return replace(problem, relations=(*problem.relations, Relation(kind, bound)))

    return put


def _no_relation(kind: str) -> Off:
    return lambda problem: replace(
        problem, relations=tuple(relation for relation in problem.relations if relation.kind != kind)
    )


def _groups(rng: Random, problem: Problem) -> Problem:
    free = _free(problem)
    if len(free) < 2:
        return problem
    members = rng.sample(free, rng.choice((2, min(3, len(free)))))
    groups = (Group(tuple(members), rng.choice((None, rng.randint(500, 3000)))),)
    problem = _each_visit(problem, lambda visit: {"prize": None, "priority": 0} if visit.id in members else {})
    return replace(problem, groups=groups)


def _locks(rng: Random, problem: Problem) -> Problem:
    locks = {lock.visit: lock for lock in problem.locks}
    free = [problem.visit[name] for name in _free(problem) if name not in locks]
    for number, visit in enumerate(rng.sample(free, min(2, len(free)))):
        shift = rng.choice(problem.shifts)
        bad = visit.barred | ({shift.id} if not visit.skills <= shift.skills or visit.crew > shift.crew else set())
        if shift.id not in bad:
            locks[visit.id] = Lock(visit.id, shift.id, rng.choice((None, 0, 1)) if number == 0 else None)
    problem = _each_visit(problem, lambda visit: {"prize": None} if visit.id in locks else {})
    return replace(problem, locks=tuple(locks.values()))


def _lock_windows(rng: Random, problem: Problem) -> Problem:
    held = {lock.visit: lock for lock in problem.locks}
    free = [visit for visit in problem.visits if visit.id not in problem.group_of]
    for visit in rng.sample(free, min(2, len(free))):
        begin = rng.randrange(900, 2 * HOUR)
        begin = visit.windows[0].start + rng.randrange(0, 600) if visit.windows else begin
        lock = held.get(visit.id, Lock(visit.id))
        held[visit.id] = replace(lock, window=Window(begin, begin + rng.randrange(0, 900)))
    problem = _each_visit(problem, lambda v: {"prize": None} if v.id in held and v.id not in problem.pair_of else {})
    return replace(problem, locks=tuple(held.values()))


def _no_lock_windows(problem: Problem) -> Problem:
    locks = [replace(lock, window=None) for lock in problem.locks]
    return replace(problem, locks=tuple(lock for lock in locks if (lock.shift, lock.position) != (None, None)))


def _priority(rng: Random, problem: Problem) -> Problem:
    tight = _each_shift(problem, lambda shift: {"capacity": {"kg": rng.randint(4, 7)}, "max_stops": 3})
    return _each_visit(
        tight,
        lambda visit: {"prize": None, "priority": 0 if visit.id in problem.group_of else rng.choice((0, 3, 9))},
    )


def _due(rng: Random, problem: Problem) -> Problem:
    def change(_: Visit) -> dict[str, Any]:
        return {"due": rng.randrange(1200, 4500), "late_per_hour": rng.randint(500, 6000)} if rng.random() < 0.7 else {}

    return _each_visit(problem, change)


def _service_by(rng: Random, problem: Problem) -> Problem:
    return _each_visit(problem, lambda _: {"service_by": {"van": rng.randrange(0, 2400)} if rng.random() < 0.7 else {}})


def _pace(rng: Random, problem: Problem) -> Problem:
    return _each_shift(problem, lambda _: {"pace": rng.choice((70, 133, 180, 250))})


def _loading(rng: Random, problem: Problem) -> Problem:
    return _each_shift(problem, lambda _: {"loading": rng.randrange(300, 2400)})


def _overtime(rng: Random, problem: Problem) -> Problem:
    problem = _each_shift(problem, lambda _: {"regular": rng.randrange(1800, 5000)})
    return _each_shift(
        problem, lambda shift: {"costs": replace(shift.costs, overtime_per_hour=rng.randint(2000, 9000))}
    )


def _waiting(rng: Random, problem: Problem) -> Problem:
    def late(visit: Visit) -> dict[str, Any]:
        begin = rng.randrange(1800, 3 * HOUR, 60)
        return {"windows": (Window(begin, begin + rng.randrange(300, 1800)),)} if rng.random() < 0.6 else {}

    problem = _each_visit(problem, late)
    return _each_shift(problem, lambda shift: {"costs": replace(shift.costs, waiting_per_hour=rng.randint(3000, 9000))})


def _reloads(rng: Random, problem: Problem) -> Problem:
    def change(shift: Shift) -> dict[str, Any]:
        return {
            "reload": rng.choice((0, 0, 1)),
            "max_trips": rng.choice((None, 2, 3)),
            "capacity": {"kg": rng.randint(4, 7)},
            "end": shift.end + HOUR,
            "loading": rng.choice((0, rng.randrange(60, 600))),
        }

    problem = _each_shift(problem, change)
    return _each_visit(problem, lambda visit: {"release": rng.choice((0, 0, rng.randrange(1200, 5000)))})


def _slots(rng: Random, problem: Problem) -> Problem:
    def slowed(matrix: Matrix | Slots) -> Slots:
        given = matrix.matrices[0] if isinstance(matrix, Slots) else matrix
        starts = sorted(rng.sample(range(0, 3 * HOUR, 300), rng.choice((2, 3, 4))))
        made = []
        for _ in starts:
            factor = rng.choice((60, 100, 160, 300))
            made.append(Matrix(given.durations * factor // 100, given.distances * rng.choice((100, 100, 130)) // 100))
        return Slots(tuple(starts), tuple(made))

    return replace(problem, travel=Travel({name: slowed(each) for name, each in problem.travel.profiles.items()}))


def _no_slots(problem: Problem) -> Problem:
    def first(profile: Matrix | Slots) -> Matrix:
        return profile.matrices[0] if isinstance(profile, Slots) else profile

    return replace(problem, travel=Travel({name: first(each) for name, each in problem.travel.profiles.items()}))


def _two_shifts(rng: Random, problem: Problem) -> Problem:
    """The problem with at least two shifts, for what is between routes."""
    shifts = list(problem.shifts)
    while len(shifts) < 2:
        costs = replace(shifts[0].costs, fixed=rng.randint(0, 300))
        shifts.append(replace(shifts[0], id=f"s{len(shifts)}", costs=costs))
    return replace(problem, shifts=tuple(shifts))


def _balance(rng: Random, problem: Problem) -> Problem:
    of = rng.choice(("minutes", "stops", "kg"))
    price = {"minutes": rng.randint(20, 100), "stops": rng.randint(200, 2000), "kg": rng.randint(100, 900)}[of]
    return _goals(_two_shifts(rng, problem), balance=Balance(of, price))


def _split_zone(rng: Random, problem: Problem) -> Problem:
    problem = _each_visit(_two_shifts(rng, problem), lambda _: {"zone": rng.choice(("", "east", "west"))})
    return _goals(problem, split_zone=rng.randint(300, 2500))


def _stability(rng: Random, problem: Problem) -> Problem:
    problem = _two_shifts(rng, problem)
    names = [visit.id for visit in problem.visits]
    rng.shuffle(names)
    cut = rng.randint(1, len(names) - 1)
    routes = (Route(problem.shifts[0].id, tuple(names[:cut])), Route(problem.shifts[1].id, tuple(names[cut:])))
    starts = {name: rng.randrange(600, 6000) for name in names if rng.random() < 0.7}
    kept = Stability(Plan(routes), starts, rng.randint(0, 900), rng.randint(0, 1500), rng.randint(0, 30))
    return _goals(problem, stability=kept)


def _begun(rng: Random, problem: Problem) -> Problem:
    places = problem.travel.places

    def change(shift: Shift) -> dict[str, Any]:
        leg = (rng.randrange(60, 900), rng.randrange(100, 5000)) if rng.random() < 0.3 else None
        taken = tuple(number for number in range(len(shift.breaks)) if rng.random() < 0.5)
        place = rng.choice((None, rng.randrange(places)))
        return {"begun": Start(shift.start + rng.randrange(0, 3000), place, leg, taken, {"kg": rng.randint(0, 3)})}

    first, *others = problem.shifts
    return replace(problem, shifts=(replace(first, **change(first)), *others))


def _vehicles_first(rng: Random, problem: Problem) -> Problem:
    """Two depots, each van cheapest for what is near it, and optional visits that are worth a van, but not a count."""
    problem = _two_shifts(rng, problem)
    bound = {*problem.group_of, *problem.pair_of, *problem.lock_of}
    free = {visit.id for visit in problem.visits} - bound
    problem = _each_visit(
        problem, lambda visit: {"prize": rng.choice((None, rng.randint(800, 4000)))} if visit.id in free else {}
    )
    shifts = [
        replace(
            shift, start_place=number % 2, end_place=number % 2, capacity={"kg": 16},
            costs=replace(shift.costs, fixed=0, per_km=rng.randint(100, 400)),
        )
        for number, shift in enumerate(problem.shifts)
    ]  # fmt: skip
    return _goals(replace(problem, shifts=tuple(shifts)), vehicles_first=True)


FAMILIES: dict[str, Family] = {
    "windows": Family(_windows, _one_window),
    "pickups": Family(_pickups, _no_visit(collect={})),
    "limits": Family(_limits, _no_shift(max_distance=None, max_duration=None)),
    "skills": Family(_skills, _no_visit(skills=frozenset())),
    "releases": Family(_releases, _no_visit(release=0)),
    "breaks": Family(_breaks, _no_shift(breaks=())),
    "pairs": Family(_pairs, _no(pairs=())),
    "locks": Family(_locks, _no(locks=())),
    "vehicles_first": Family(_vehicles_first, lambda problem: _goals(problem, vehicles_first=False)),
    "service_by": Family(_service_by, _no_visit(service_by={})),
    "pace": Family(_pace, _no_shift(pace=100)),
    "crew": Family(_crew, _no_visit(crew=1)),
    "barred": Family(_barred, _no_visit(barred=frozenset())),
    "max_drive": Family(_max_drive, _no_shift(max_drive=None)),
    "overtime": Family(_overtime, lambda problem: _costs(overtime_per_hour=0)(_no_shift(regular=None)(problem))),
    "waiting": Family(_waiting, _costs(waiting_per_hour=0)),
    "loading": Family(_loading, _no_shift(loading=0)),
    "priority": Family(_priority, _no_visit(priority=0)),
    "lock_windows": Family(_lock_windows, _no_lock_windows),
    "due": Family(_due, _no_visit(due=None, late_per_hour=0)),
    "max_ride": Family(_max_ride, _no_ride),
    "backhauls_last": Family(_backhauls_last, _no_shift(backhauls_last=False)),
    "lifo": Family(_lifo, _no_shift(lifo=False)),
    "goods": Family(_goods, _no(incompatible=())),
    "together": Family(_relation("together"), _no_relation("together")),
    "in_order": Family(_relation("in_order"), _no_relation("in_order")),
    "adjacent": Family(_relation("adjacent"), _no_relation("adjacent")),
    "groups": Family(_groups, _no(groups=())),
    "reloads": Family(_reloads, _no_shift(reload=None, max_trips=None)),
    "longest_stretch": Family(_stretches, _no_shift(longest_stretch=None)),
    "slots": Family(_slots, _no_slots),
    "balance": Family(_balance, lambda problem: _goals(problem, balance=None)),
    "split_zone": Family(_split_zone, lambda problem: _goals(problem, split_zone=0)),
    "stability": Family(_stability, lambda problem: _goals(problem, stability=None)),
    "begun": Family(_begun, _no_shift(begun=None)),
}
