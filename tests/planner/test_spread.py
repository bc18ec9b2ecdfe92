"""Several workers: pieces hold everything once, nothing is lost, and the same seed gives the same plan."""

from __future__ import annotations

import pickle
import random
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from multiprocessing import get_context
from typing import Any

import pytest

from homestretch.planner import (
    Balance,
    Break,
    Cancel,
    Costs,
    First,
    Goals,
    Group,
    Iterations,
    Lock,
    Matrix,
    Pair,
    Plan,
    Problem,
    Relation,
    Seconds,
    Shift,
    Travel,
    Visit,
    Window,
    check,
    plan_rank,
    solve,
)
from homestretch.planner.search import spread as spread_module
from homestretch.planner.search.bonds import bound, divisible, joined
from homestretch.planner.search.model import Model
from homestretch.planner.search.pieces import Cutter, Work, improved, together
from homestretch.planner.search.spread import Workers, cutter_of

HOUR = 3600


def a_day(visits: int = 60, vans: int = 12, *, rich: bool = False, seed: int = 1) -> Problem:
    """Visits scattered around a depot; rich ones have pairs, breaks and two kinds of vans."""
    draw = random.Random(seed)
    points = [(500, 500)] + [(draw.randrange(1000), draw.randrange(1000)) for _ in range(visits)]
    legs = [[abs(a - c) + abs(b - d) for c, d in points] for a, b in points]
    opens = [draw.randrange(6) * HOUR for _ in range(visits)]
    asked = [
        Visit(f"v{n}", n + 1, windows=(Window(opens[n], opens[n] + 2 * HOUR),), service=300, deliver={"load": 1})
        for n in range(visits)
    ]
    shifts = [
        Shift(f"van{n}", 0, 0, 0, 9 * HOUR, capacity={"load": 8}, costs=Costs(fixed=500, per_km=1000))
        for n in range(vans)
    ]
    pairs: list[Pair] = []
    if rich:
        for n in range(0, visits - 1, 6):
            asked[n : n + 2] = [Visit(f"v{k}", k + 1, service=300) for k in (n, n + 1)]
            pairs.append(Pair(f"v{n}", f"v{n + 1}", {"load": 2}))
        rest = Break(1800, 3 * HOUR, 5 * HOUR)
        shifts = [replace(shift, breaks=(rest,), max_stops=6 + n % 2) for n, shift in enumerate(shifts)]
    return Problem(asked, shifts, Travel({"van": Matrix(legs, legs)}), pairs=pairs, dimensions=("load",))


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces of about ten visits, so that small problems are cut."""
    monkeypatch.setattr(spread_module, "PIECE", 10)
    monkeypatch.setattr(spread_module, "LEAST_PIECE", 5)
    monkeypatch.setattr(spread_module, "LEAST_ROUTES", 1)


def solved(problem: Problem, **more: Any) -> Plan:
    made = solve(problem, seed=more.pop("seed", 1), until=more.pop("until", Iterations(60)), **more)
    assert [breach for breach in check(problem, made) if breach.visit not in made.unassigned] == []
    return made


def cutter(problem: Problem, seed: int = 1) -> tuple[Model, Cutter]:
    model = Model(problem)
    return model, cutter_of(model, seed)


@pytest.mark.parametrize("rich", [False, True])
@pytest.mark.parametrize("served", [0.0, 0.5, 1.0])
def test_pieces_hold_every_visit_once_every_route_whole_and_no_vehicle_twice(rich: bool, served: float) -> None:
    problem = a_day(rich=rich)
    model, cut = cutter(problem)
    routes = model.start(solved(problem))
    routes = routes[: int(served * len(routes))]
    places = set()
    for _ in range(5):
        pieces = cut.cut(routes, 4, spare=True)
        assert len(pieces) > 1
        visits = [visit for piece in pieces for visit in piece.visits]
        assert sorted(visits) == list(range(len(problem.visits)))
        whole = [route for piece in pieces for route in piece.in_whole(improved(piece.work).best).routes]
        begun = [
            (piece.types[kind], [piece.visits[n] for n in own]) for piece in pieces for kind, own in piece.work.start
        ]
        assert sorted(begun) == sorted((kind, list(own)) for kind, own in routes)
        for kind, (_, ids) in enumerate(model.types):
            assert sum(one == kind for one, _ in whole) <= len(ids)
        for pair in problem.pairs:
            ends = {model.number[pair.collect], model.number[pair.deliver]}
            assert sum(bool(ends & set(piece.visits)) for piece in pieces) == 1
        places.add(tuple(tuple(sorted(piece.visits)) for piece in pieces))
    assert len(places) >= 3  # other boundaries nearly every time, even of so few routes


@pytest.mark.parametrize("rich", [False, True])
def test_a_plan_put_together_again_costs_what_it_did(rich: bool) -> None:
    problem = a_day(rich=rich)
    model, cut = cutter(problem)
    routes = model.start(solved(problem))
    whole = cut.copies(routes, 1, spare=True)[0]
    once = improved(whole.work).best
    pieces = cut.cut(routes, 4, spare=True)
    apart = together([piece.in_whole(improved(piece.work).best) for piece in pieces])
    assert once.cost == apart.cost
    assert once.missing == apart.missing == 0


@pytest.mark.parametrize("rich", [False, True])
@pytest.mark.parametrize("threads", [2, 3])
def test_the_same_seed_gives_the_same_plan_with_the_same_threads(rich: bool, threads: int) -> None:
    problem = a_day(rich=rich)
    first, second, other = (solved(problem, seed=seed, threads=threads) for seed in (5, 5, 6))
    assert first == second
    assert first != other
    assert first.unassigned == ()


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
def test_rounds_are_counted_over_all_workers(limit: int) -> None:
    asked = 0
    rule = Iterations(limit)

    class Counted:
        def __call__(self) -> bool:
            nonlocal asked
            asked += 1
            return rule()

        def share(self) -> float | None:
            return rule.share()

    assert solved(a_day(), until=Counted(), threads=2).unassigned == ()
    assert asked == limit + 1


def test_two_threads_make_a_plan_better_than_it_was() -> None:
    problem = a_day(90, 18)
    first = solved(problem, until=Iterations(1), threads=2)
    later = solved(problem, until=Iterations(400), threads=2)
    assert plan_rank(problem, later) < plan_rank(problem, first)
    again = solved(problem, until=Iterations(1), threads=2, start=later)
    assert plan_rank(problem, again) <= plan_rank(problem, later)


def test_fewer_vehicles_are_looked_for_in_pieces_too() -> None:
    problem = replace(a_day(90, 40), goals=Goals(vehicles_first=True))
    loose = [Shift(**{**_fields(shift), "costs": Costs(per_km=1000)}) for shift in problem.shifts]
    problem = replace(problem, shifts=tuple(loose))
    first = solved(problem, until=Iterations(1), threads=2)
    later = solved(problem, until=Iterations(600), threads=2)
    assert len(later.routes) < len(first.routes)


def _fields(shift: Shift) -> dict[str, Any]:
    return {name: getattr(shift, name) for name in Shift.__slots__}


def test_a_plan_too_small_to_be_cut_is_given_to_every_worker() -> None:
    problem = a_day(8, 2)
    assert solved(problem, threads=3) == solved(problem, threads=3)
    assert solved(problem, threads=2).unassigned == ()


def test_a_search_ends_when_it_is_cancelled_and_tells_on_the_way() -> None:
    cancel, costs = Cancel(), []

    def counted() -> bool:
        costs_before.append(len(costs))
        if len(costs_before) == 200:
            cancel.cancel()
        return False

    costs_before: list[int] = []
    until = First((counted, cancel, Iterations(100_000)))
    solved(a_day(90, 18), until=until, watch=lambda progress: costs.append(progress.cost), threads=2)
    assert 200 <= len(costs_before) < 1000
    assert costs_before[0] == 1  # the first plan was told before the search went on
    assert costs == sorted(costs, reverse=True)


def test_what_the_rule_raises_ends_the_workers() -> None:
    def broken() -> bool:
        raise InterruptedError("no more")

    with pytest.raises(InterruptedError):
        solve(a_day(), seed=1, until=broken, threads=2)


def test_seconds_are_kept_with_two_threads() -> None:
    rule = Seconds(0.4, threads=2)
    solved(a_day(90, 18), until=rule, threads=2)
    assert 0.3 < (rule.clock() - (rule.since or 0.0)) / 2 < 0.6


def test_bonds_keep_items_together() -> None:
    assert joined([[0, 1], [2], [3], [4, 5]], [[1, 3], [5, 3]]) == [[0, 2, 3], [1]]
    assert joined([[0], [1]], [[7, 8], [0]]) == [[0], [1]]
    problem = a_day()
    tied = replace(problem, groups=(Group(("v1", "v2")),), relations=(Relation("together", ("v3", "v4")),))
    assert bound(tied) == [("v1", "v2"), ("v3", "v4")]
    assert divisible(tied)
    assert not divisible(replace(problem, goals=Goals(balance=Balance("stops", 5))))


def test_locks_are_kept_in_pieces() -> None:
    problem = a_day()
    locks = (Lock("v4", shift="van3"), Lock("v9", shift="van5", position=0), Lock("v20", shift="van3"))
    made = solved(replace(problem, locks=locks), threads=2)
    route = {route.shift: route.visits for route in made.routes}
    assert {"v4", "v20"} <= set(route["van3"])
    assert route["van5"][0] == "v9"


def test_work_can_be_sent_to_another_process() -> None:
    problem = a_day(rich=True)
    model, cut = cutter(problem)
    for piece in cut.cut(model.start(solved(problem)), 3, spare=True):
        work = piece.asked(20, (0.5, 0.6))
        again: Work = pickle.loads(pickle.dumps(work))
        assert improved(again) == improved(work)


def test_processes_of_another_executor_give_the_plan_of_threads() -> None:
    problem = a_day(rich=True)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        made = solved(problem, threads=Workers(2, pool))
    assert made == solved(problem, threads=2)


class _Dying(Executor):
    """Does every second piece, and dies of the others."""

    def __init__(self) -> None:
        self.count = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.count += 1
        if self.count % 2:
            future.set_result(fn(*args, **kwargs))
        else:
            future.set_exception(BrokenProcessPool("gone"))
        return future


def test_a_worker_that_dies_loses_nothing() -> None:
    problem = a_day()
    start = solved(problem)
    made = solved(problem, threads=Workers(2, _Dying()), start=start)
    assert made.unassigned == ()
    assert plan_rank(problem, made) <= plan_rank(problem, start)


def test_a_count_of_workers_below_one_is_refused() -> None:
    for count in (0, -1, 1.5):
        with pytest.raises(ValueError, match=r"Workers\.count"):
            Workers(count)  # type: ignore[arg-type]
