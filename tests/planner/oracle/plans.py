"""The best way to give each shift one of its routes, or none."""

from __future__ import annotations

from dataclasses import dataclass, field

from homestretch.planner.problem import Plan, Problem
from homestretch.planner.times import RouteTimes
from tests.planner.oracle.costs import together_cost
from tests.planner.oracle.routes import Option, options, served
from tests.planner.oracle.stated import stated

Rank = tuple[tuple[int, ...], int, int]
"""(required visits left out by priority, the highest first; routes if the goals count them; cost)."""


@dataclass(frozen=True, slots=True)
class Best:
    """The optimum, one plan that has it, and its times."""

    rank: Rank
    plan: Plan
    times: tuple[RouteTimes, ...] = field(repr=False)


def best(problem: Problem) -> Best:
    """The least (missing, routes, cost) of all plans that keep every rule."""
    choices = [options(problem, shift) for shift in problem.shifts]
    chosen = _apart(problem, choices) if _bound(problem) else _summed(problem, choices)
    left_out = tuple(visit.id for visit in problem.visits if visit.id not in served(chosen))
    plan = Plan(tuple(option.route for option in chosen), left_out)
    return Best(rank_of(problem, chosen), plan, tuple(_times(problem, option) for option in chosen))


def _times(problem: Problem, option: Option) -> RouteTimes:
    order = [problem.visit[name] for name in option.route.visits]
    return stated(problem, problem.shift[option.route.shift], order, option.timed)


def levels(problem: Problem) -> list[int]:
    """The priorities that are in use, the highest first."""
    return sorted({visit.priority for visit in problem.visits}, reverse=True)


def rank_of(problem: Problem, chosen: list[Option]) -> Rank:
    """How good a choice of routes is, the least first."""
    there = served(chosen)
    visits = [([problem.visit[name] for name in option.route.visits], option.paid) for option in chosen]
    routes = len(chosen) if problem.goals.vehicles_first else 0
    cost = sum(option.cost for option in chosen) + together_cost(problem, visits)
    return missing_of(problem, there), routes, cost + forgone(problem, there)


def missing_of(problem: Problem, there: set[str]) -> tuple[int, ...]:
    """How many required visits, and groups of which one is, are not among these, by priority, the highest first."""
    grouped = {name for group in problem.groups for name in group.visits}
    gone = [v.priority for v in problem.visits if v.prize is None and v.id not in there | grouped]
    gone += [0 for group in problem.groups if group.prize is None and not there & set(group.visits)]
    return tuple(gone.count(level) for level in levels(problem))


def forgone(problem: Problem, there: set[str]) -> int:
    """The prizes of optional visits, and groups, that are not among these."""
    grouped = {name for group in problem.groups for name in group.visits}
    cost = sum(visit.prize or 0 for visit in problem.visits if visit.id not in there | grouped)
    return cost + sum(group.prize or 0 for group in problem.groups if not there & set(group.visits))


def _bound(problem: Problem) -> bool:
    """Whether routes have more to do with each other than that they share the visits."""
    goals = problem.goals
    return bool(goals.balance or goals.split_zone or problem.groups or problem.relations)


def _summed(problem: Problem, choices: list[list[Option]]) -> list[Option]:
    """Each visit counts for itself: the best for every set of served visits, shift by shift."""
    levels_used = levels(problem)
    bit = {visit.id: 1 << number for number, visit in enumerate(problem.visits)}
    vehicle = int(problem.goals.vehicles_first)

    def worth(option: Option) -> tuple[int, ...]:
        """What it adds to the rank: less is missing, one route more, its cost less the prizes it earns."""
        visits = [problem.visit[name] for name in option.visits]
        gone = [-sum(v.prize is None and v.priority == level for v in visits) for level in levels_used]
        return (*gone, vehicle, option.cost - sum(visit.prize or 0 for visit in visits))

    nothing = (0,) * (len(levels_used) + 2)
    found: dict[int, tuple[tuple[int, ...], tuple[Option, ...]]] = {0: (nothing, ())}
    for each in choices:
        rows = [(sum(bit[name] for name in option.visits), worth(option), option) for option in each]
        for mask, (sofar, held) in list(found.items()):
            for more, adds, option in rows:
                if not mask & more:
                    total = tuple(map(sum, zip(sofar, adds, strict=True)))
                    if mask | more not in found or total < found[mask | more][0]:
                        found[mask | more] = total, (*held, option)
    return list(min(found.values(), key=lambda item: item[0])[1])


def _apart(problem: Problem, choices: list[list[Option]]) -> list[Option]:
    """Every combination of routes, with those cut off that cannot be better than the best, or break what holds across
    routes."""
    best_found: list[tuple[Rank, list[Option]]] = [(rank_of(problem, []), [])]
    one_shift = [frozenset(bond.visits) for bond in (*problem.relations, *problem.groups)]
    sorted_choices = [sorted(each, key=lambda option: (-len(option.visits), option.cost)) for each in choices]
    reach = [served([option for each in choices[number:] for option in each]) for number in range(len(choices) + 1)]

    def extend(number: int, chosen: list[Option], there: frozenset[str], cost: int) -> None:
        if number == len(choices):
            rank = rank_of(problem, chosen)
            if rank < best_found[0][0]:
                best_found[0] = rank, list(chosen)
            return
        if (_missing(problem, there | reach[number]), 0, cost) >= best_found[0][0]:
            return
        for option in sorted_choices[number]:
            parted = any(bond & there and bond & option.visits for bond in one_shift)
            if not parted and not there & option.visits:
                extend(number + 1, [*chosen, option], there | option.visits, cost + option.cost)
        extend(number + 1, chosen, there, cost)

    extend(0, [], frozenset(), 0)
    return best_found[0][1]


def _missing(problem: Problem, there: frozenset[str]) -> tuple[int, ...]:
    """What is missing at least by priority, if all of `there` could be served."""
    left = [v for v in problem.visits if v.id not in there and v.prize is None and v.id not in problem.group_of]
    return tuple(sum(visit.priority == level for visit in left) for level in levels(problem))
