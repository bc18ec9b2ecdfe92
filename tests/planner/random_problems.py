"""Small random problems, by seed, in which the rules of a real day bind.

`a_problem(seed, families)` is a plain day of four to eight visits and one to three shifts with the rules of each named
family on top. `without(problem, family)` is the same problem with that family's rule switched off. What share of the
problems has another optimum then is printed by `python -m tests.planner.random_problems`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from random import Random

from homestretch.planner.problem import Costs, Matrix, Problem, Route, Shift, Travel, Visit, Window
from tests.planner.oracle import Best, best
from tests.planner.random_rules import FAMILIES, HOUR


def a_problem(seed: int, families: Iterable[str] = ()) -> Problem:
    """The problem of a seed with the rules of these families."""
    names = sorted(families)
    rng = Random(f"{seed} {' '.join(names)}")
    problem = plain(rng)
    for name in names:
        problem = FAMILIES[name].put(rng, problem)
    return problem


def some_families(seed: int) -> list[str]:
    """A random combination of two to six."""
    rng = Random(f"families {seed}")
    return sorted(rng.sample(sorted(FAMILIES), rng.randint(2, 6)))


def without(problem: Problem, family: str) -> Problem:
    """The problem with one rule switched off."""
    return FAMILIES[family].off(problem)


def plain(rng: Random) -> Problem:
    """Visits around a depot, some with a window, shifts that cannot take all of them with ease."""
    count = rng.choice((4, 4, 5, 5, 5, 6, 6, 7, 8))
    vans = 1 if count < 5 else rng.choice((1, 2, 2, 3))
    visits = [a_visit(rng, number) for number in range(count)]
    stops = max(2, min(4, -(-count // vans) + rng.randint(0, 1)))
    shifts = [a_shift(rng, number, stops) for number in range(vans)]
    return Problem(visits, shifts, Travel({"van": a_matrix(rng, count + 2)}), dimensions=("kg",))


def a_visit(rng: Random, number: int) -> Visit:
    """One visit, half of them with a window, a quarter optional."""
    windows: tuple[Window, ...] = ()
    if rng.random() < 0.5:
        begin = rng.randrange(0, 2 * HOUR, 60)
        windows = (Window(begin, begin + rng.randrange(600, 3600)),)
    return Visit(
        f"v{number}",
        number + 2,
        windows,
        service=rng.randrange(60, 900),
        deliver={"kg": rng.randint(1, 4)},
        prize=rng.choice((None, None, None, rng.randint(300, 3000))),
    )


def a_shift(rng: Random, number: int, stops: int) -> Shift:
    """A van that is home within three and a half hours or so, and has room for a few visits."""
    return Shift(
        f"s{number}",
        start_place=0,
        end_place=rng.choice((0, 0, 1)),
        start=rng.randrange(0, 1800),
        end=rng.randrange(2 * HOUR, 4 * HOUR),
        capacity={"kg": rng.randint(6, 12)},
        costs=Costs(fixed=rng.randint(0, 800), per_hour=rng.randint(1000, 3000), per_km=rng.randint(20, 200)),
        max_stops=stops,
    )


def a_matrix(rng: Random, places: int) -> Matrix:
    """Ways between points of a plain, a little different by direction."""
    points = [(rng.randint(0, 9000), rng.randint(0, 9000)) for _ in range(places)]
    meters = [[abs(x - p) + abs(y - q) for p, q in points] for x, y in points]
    seconds = [[value // 8 + (rng.randint(20, 120) if value else 0) for value in row] for row in meters]
    return Matrix(seconds, meters)


def a_route(problem: Problem, rng: Random) -> Route:
    """A few visits on one shift, half of the time by their windows, with reloads here and there."""
    shift = rng.choice(problem.shifts)
    names = rng.sample([visit.id for visit in problem.visits], rng.randint(1, min(4, len(problem.visits))))
    if rng.random() < 0.5:
        names.sort(key=lambda name: min([rng.randrange(7200), *(w.start for w in problem.visit[name].windows)]))
    cuts = tuple(cut for cut in range(1, len(names)) if shift.reload is not None and rng.random() < 0.4)
    return Route(shift.id, tuple(names), cuts)


def binds(problem: Problem, family: str) -> bool:
    """Whether switching the rule off changes the optimum: what is missing, what it costs, or what is left out."""
    one, other = best(problem), best(without(problem, family))
    return _worth(one) != _worth(other) or set(one.plan.unassigned) != set(other.plan.unassigned)


def _worth(found: Best) -> tuple[int, int]:
    return sum(found.rank[0]), found.rank[2]


if __name__ == "__main__":
    seeds = range(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
    for name in FAMILIES:
        begun = time.process_time()
        share = sum(binds(a_problem(seed, [name]), name) for seed in seeds) / len(seeds)
        spent = 1000 * (time.process_time() - begun) / len(seeds) / 2
        print(f"{name:16} {share:5.0%} of the optima change, {spent:6.1f} ms an optimum", flush=True)
