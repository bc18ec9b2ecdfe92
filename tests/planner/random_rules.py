"""How each rule is put on a small problem, so that it binds, and how it is taken off again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
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
from tests.planner.rule_changes import (
    Family,
    Off,
    Rule,
    costs,
    each_shift,
    each_visit,
    goals,
    no,
    no_shift,
    no_visit,
    two_shifts,
    unbound,
)

HOUR = 3600


def _windows(rng: Random, problem: Problem) -> Problem:
    def two(visit: Visit) -> dict[str, Any]:
        begin = rng.randrange(0, HOUR, 60)
        first = Window(begin, begin + rng.randrange(60, 900))
        begin = first.end + rng.randrange(600, 3600)
        return {"windows": (first, Window(begin, begin + rng.randrange(300, 1800)))} if rng.random() < 0.7 else {}

    return each_visit(problem, two)


def _one_window(problem: Problem) -> Problem:
    """Each visit keeps the span from its first window's start to its last one's end."""

    def joined(visit: Visit) -> dict[str, Any]:
        if len(visit.windows) < 2:
            return {}
        return {"windows": (Window(visit.windows[0].start, visit.windows[-1].end),)}

    return each_visit(problem, joined)


def _pickups(rng: Random, problem: Problem) -> Problem:
    def change(visit: Visit) -> dict[str, Any]:
        return (
            {"deliver": {}, "collect": visit.deliver} if rng.random() < 0.4 else {"collect": {"kg": rng.randint(0, 4)}}
        )

    return each_visit(problem, change)


def _limits(rng: Random, problem: Problem) -> Problem:
    def change(_: Shift) -> dict[str, Any]:
        return {
            "max_distance": rng.randrange(12_000, 30_000),
            "max_duration": rng.randrange(4000, 8000),
        }

    return each_shift(problem, change)


def _max_drive(rng: Random, problem: Problem) -> Problem:
    return each_shift(problem, lambda _: {"max_drive": rng.randrange(1200, 3200)})


def _skills(rng: Random, problem: Problem) -> Problem:
    problem = each_visit(problem, lambda _: {"skills": frozenset({"cold"} if rng.random() < 0.4 else ())})
    return each_shift(problem, lambda _: {"skills": frozenset({"cold"} if rng.random() < 0.5 else ())})


def _crew(rng: Random, problem: Problem) -> Problem:
    problem = each_visit(problem, lambda _: {"crew": rng.choice((1, 2))})
    return each_shift(problem, lambda _: {"crew": rng.choice((1, 1, 2))})


def _barred(rng: Random, problem: Problem) -> Problem:
    names = [shift.id for shift in problem.shifts]
    return each_visit(problem, lambda _: {"barred": frozenset(name for name in names if rng.random() < 0.3)})


def _releases(rng: Random, problem: Problem) -> Problem:
    return each_visit(problem, lambda _: {"release": rng.choice((0, rng.randrange(1200, 5000)))})


def _breaks(rng: Random, problem: Problem) -> Problem:
    def rests(shift: Shift) -> dict[str, Any]:
        made = []
        for number in range(rng.choice((1, 1, 2))):
            earliest = min(shift.start + rng.randrange(900, 3000) + 3600 * number, shift.end)
            made.append(
                Break(rng.randrange(600, 2400), earliest, earliest + rng.randrange(0, 1500), rng.random() < 0.5)
            )
        return {"breaks": tuple(made)}

    return each_shift(problem, rests)


def _stretches(rng: Random, problem: Problem) -> Problem:
    def change(shift: Shift) -> dict[str, Any]:
        rest = Break(rng.randrange(300, 1800), shift.start, shift.end, rng.random() < 0.5)
        return {"breaks": (rest,), "longest_stretch": rng.randrange(1800, 4000)}

    return each_shift(problem, change)


def _paired(rng: Random, problem: Problem, ride: Callable[[], int | None]) -> Problem:
    names = [name for name in unbound(problem) if name not in problem.lock_of]
    rng.shuffle(names)
    if len(names) < 2:
        return problem
    pairs = [
        Pair(names[2 * number], names[2 * number + 1], {"kg": rng.randint(1, 5)}, ride())
        for number in range(rng.randint(1, len(names) // 2))
    ]
    ends = {end for pair in pairs for end in (pair.collect, pair.deliver)}
    problem = each_visit(problem, lambda visit: {"deliver": {}} if visit.id in ends and rng.random() < 0.8 else {})
    for pair in pairs:
        prize = problem.visit[pair.collect].prize
        problem = each_visit(problem, lambda v, p=pair, z=prize: {"prize": z} if v.id == p.deliver else {})  # type: ignore[misc]
    return replace(problem, pairs=tuple(pairs))


def _pairs(rng: Random, problem: Problem) -> Problem:
    return _paired(rng, problem, lambda: None)


def _max_ride(rng: Random, problem: Problem) -> Problem:
    problem = problem if problem.pairs else _paired(rng, problem, lambda: None)
    return replace(problem, pairs=tuple(replace(pair, max_ride=rng.randrange(400, 1800)) for pair in problem.pairs))


def _no_ride(problem: Problem) -> Problem:
    return replace(problem, pairs=tuple(replace(pair, max_ride=None) for pair in problem.pairs))


def _backhauls_last(rng: Random, problem: Problem) -> Problem:
    return each_shift(_pickups(rng, problem), lambda _: {"backhauls_last": True})


def _lifo(rng: Random, problem: Problem) -> Problem:
    problem = problem if problem.pairs else _paired(rng, problem, lambda: None)
    some = rng.sample([visit.id for visit in problem.visits], len(problem.visits) // 2)
    problem = each_visit(problem, lambda visit: {"collect": {"kg": rng.randint(1, 4)}} if visit.id in some else {})
    return each_shift(problem, lambda shift: {"lifo": True, "capacity": {"kg": shift.capacity["kg"] + 4}})


def _goods(rng: Random, problem: Problem) -> Problem:
    kinds = ("fish", "soap", "hay")
    problem = each_visit(problem, lambda _: {"goods": frozenset({rng.choice(kinds)})})
    return replace(problem, incompatible=(("fish", "soap"), ("hay", "fish"))[: rng.randint(1, 2)])


def _relation(kind: str) -> Rule:
    def put(rng: Random, problem: Problem) -> Problem:
        names = [name for name in unbound(problem) if name not in problem.lock_of]
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
    free = unbound(problem)
    if len(free) < 2:
        return problem
    members = rng.sample(free, rng.choice((2, min(3, len(free)))))
    groups = (Group(tuple(members), rng.choice((None, rng.randint(500, 3000)))),)
    problem = each_visit(problem, lambda visit: {"prize": None, "priority": 0} if visit.id in members else {})
    return replace(problem, groups=groups)


def _locks(rng: Random, problem: Problem) -> Problem:
    locks = {lock.visit: lock for lock in problem.locks}
    free = [problem.visit[name] for name in unbound(problem) if name not in locks]
    for number, visit in enumerate(rng.sample(free, min(2, len(free)))):
        shift = rng.choice(problem.shifts)
        bad = visit.barred | ({shift.id} if not visit.skills <= shift.skills or visit.crew > shift.crew else set())
        if shift.id not in bad:
            locks[visit.id] = Lock(visit.id, shift.id, rng.choice((None, 0, 1)) if number == 0 else None)
    problem = each_visit(problem, lambda visit: {"prize": None} if visit.id in locks else {})
    return replace(problem, locks=tuple(locks.values()))


def _lock_windows(rng: Random, problem: Problem) -> Problem:
    held = {lock.visit: lock for lock in problem.locks}
    free = [visit for visit in problem.visits if visit.id not in problem.group_of]
    for visit in rng.sample(free, min(2, len(free))):
        begin = rng.randrange(900, 2 * HOUR)
        begin = visit.windows[0].start + rng.randrange(0, 600) if visit.windows else begin
        lock = held.get(visit.id, Lock(visit.id))
        held[visit.id] = replace(lock, window=Window(begin, begin + rng.randrange(0, 900)))
    problem = each_visit(problem, lambda v: {"prize": None} if v.id in held and v.id not in problem.pair_of else {})
    return replace(problem, locks=tuple(held.values()))


def _no_lock_windows(problem: Problem) -> Problem:
    locks = [replace(lock, window=None) for lock in problem.locks]
    return replace(problem, locks=tuple(lock for lock in locks if (lock.shift, lock.position) != (None, None)))


def _priority(rng: Random, problem: Problem) -> Problem:
    tight = each_shift(problem, lambda shift: {"capacity": {"kg": rng.randint(4, 7)}, "max_stops": 3})
    return each_visit(
        tight,
        lambda visit: {"prize": None, "priority": 0 if visit.id in problem.group_of else rng.choice((0, 3, 9))},
    )


def _due(rng: Random, problem: Problem) -> Problem:
    def change(_: Visit) -> dict[str, Any]:
        return {"due": rng.randrange(1200, 4500), "late_per_hour": rng.randint(500, 6000)} if rng.random() < 0.7 else {}

    return each_visit(problem, change)


def _service_by(rng: Random, problem: Problem) -> Problem:
    return each_visit(problem, lambda _: {"service_by": {"van": rng.randrange(0, 2400)} if rng.random() < 0.7 else {}})


def _pace(rng: Random, problem: Problem) -> Problem:
    return each_shift(problem, lambda _: {"pace": rng.choice((70, 133, 180, 250))})


def _loading(rng: Random, problem: Problem) -> Problem:
    return each_shift(problem, lambda _: {"loading": rng.randrange(300, 2400)})


def _overtime(rng: Random, problem: Problem) -> Problem:
    problem = each_shift(problem, lambda _: {"regular": rng.randrange(1800, 5000)})
    return each_shift(problem, lambda shift: {"costs": replace(shift.costs, overtime_per_hour=rng.randint(2000, 9000))})


def _waiting(rng: Random, problem: Problem) -> Problem:
    def late(visit: Visit) -> dict[str, Any]:
        begin = rng.randrange(1800, 3 * HOUR, 60)
        return {"windows": (Window(begin, begin + rng.randrange(300, 1800)),)} if rng.random() < 0.6 else {}

    problem = each_visit(problem, late)
    return each_shift(problem, lambda shift: {"costs": replace(shift.costs, waiting_per_hour=rng.randint(3000, 9000))})


def _reloads(rng: Random, problem: Problem) -> Problem:
    def change(shift: Shift) -> dict[str, Any]:
        return {
            "reload": rng.choice((0, 0, 1)),
            "max_trips": rng.choice((None, 2, 3)),
            "capacity": {"kg": rng.randint(4, 7)},
            "end": shift.end + HOUR,
            "loading": rng.choice((0, rng.randrange(60, 600))),
        }

    problem = each_shift(problem, change)
    return each_visit(problem, lambda visit: {"release": rng.choice((0, 0, rng.randrange(1200, 5000)))})


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


def _balance(rng: Random, problem: Problem) -> Problem:
    of = rng.choice(("minutes", "stops", "kg"))
    price = {"minutes": rng.randint(20, 100), "stops": rng.randint(200, 2000), "kg": rng.randint(100, 900)}[of]
    return goals(two_shifts(rng, problem), balance=Balance(of, price))


def _split_zone(rng: Random, problem: Problem) -> Problem:
    problem = each_visit(two_shifts(rng, problem), lambda _: {"zone": rng.choice(("", "east", "west"))})
    return goals(problem, split_zone=rng.randint(300, 2500))


def _stability(rng: Random, problem: Problem) -> Problem:
    problem = two_shifts(rng, problem)
    names = [visit.id for visit in problem.visits]
    rng.shuffle(names)
    cut = rng.randint(1, len(names) - 1)
    routes = (Route(problem.shifts[0].id, tuple(names[:cut])), Route(problem.shifts[1].id, tuple(names[cut:])))
    starts = {name: rng.randrange(600, 6000) for name in names if rng.random() < 0.7}
    kept = Stability(Plan(routes), starts, rng.randint(0, 900), rng.randint(0, 1500), rng.randint(0, 30))
    return goals(problem, stability=kept)


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
    problem = two_shifts(rng, problem)
    bound = {*problem.group_of, *problem.pair_of, *problem.lock_of}
    free = {visit.id for visit in problem.visits} - bound
    problem = each_visit(
        problem, lambda visit: {"prize": rng.choice((None, rng.randint(800, 4000)))} if visit.id in free else {}
    )
    shifts = [
        replace(
            shift, start_place=number % 2, end_place=number % 2, capacity={"kg": 16},
            costs=replace(shift.costs, fixed=0, per_km=rng.randint(100, 400)),
        )
        for number, shift in enumerate(problem.shifts)
    ]  # fmt: skip
    return goals(replace(problem, shifts=tuple(shifts)), vehicles_first=True)


FAMILIES: dict[str, Family] = {
    "windows": Family(_windows, _one_window),
    "pickups": Family(_pickups, no_visit(collect={})),
    "limits": Family(_limits, no_shift(max_distance=None, max_duration=None)),
    "skills": Family(_skills, no_visit(skills=frozenset())),
    "releases": Family(_releases, no_visit(release=0)),
    "breaks": Family(_breaks, no_shift(breaks=())),
    "pairs": Family(_pairs, no(pairs=())),
    "locks": Family(_locks, no(locks=())),
    "vehicles_first": Family(_vehicles_first, lambda problem: goals(problem, vehicles_first=False)),
    "service_by": Family(_service_by, no_visit(service_by={})),
    "pace": Family(_pace, no_shift(pace=100)),
    "crew": Family(_crew, no_visit(crew=1)),
    "barred": Family(_barred, no_visit(barred=frozenset())),
    "max_drive": Family(_max_drive, no_shift(max_drive=None)),
    "overtime": Family(_overtime, lambda problem: costs(overtime_per_hour=0)(no_shift(regular=None)(problem))),
    "waiting": Family(_waiting, costs(waiting_per_hour=0)),
    "loading": Family(_loading, no_shift(loading=0)),
    "priority": Family(_priority, no_visit(priority=0)),
    "lock_windows": Family(_lock_windows, _no_lock_windows),
    "due": Family(_due, no_visit(due=None, late_per_hour=0)),
    "max_ride": Family(_max_ride, _no_ride),
    "backhauls_last": Family(_backhauls_last, no_shift(backhauls_last=False)),
    "lifo": Family(_lifo, no_shift(lifo=False)),
    "goods": Family(_goods, no(incompatible=())),
    "together": Family(_relation("together"), _no_relation("together")),
    "in_order": Family(_relation("in_order"), _no_relation("in_order")),
    "adjacent": Family(_relation("adjacent"), _no_relation("adjacent")),
    "groups": Family(_groups, no(groups=())),
    "reloads": Family(_reloads, no_shift(reload=None, max_trips=None)),
    "longest_stretch": Family(_stretches, no_shift(longest_stretch=None)),
    "slots": Family(_slots, _no_slots),
    "balance": Family(_balance, lambda problem: goals(problem, balance=None)),
    "split_zone": Family(_split_zone, lambda problem: goals(problem, split_zone=0)),
    "stability": Family(_stability, lambda problem: goals(problem, stability=None)),
    "begun": Family(_begun, no_shift(begun=None)),
}
