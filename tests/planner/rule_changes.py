"""How rules are put on a plain problem and taken off again: changes of all visits, all shifts, or the goals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from homestretch.planner import Problem, Shift, Visit

Rule = Callable[[Random, Problem], Problem]
Off = Callable[[Problem], Problem]


@dataclass(frozen=True)
class Family:
    """A rule: how it is put on a plain problem, and how it is taken off."""

    put: Rule
    off: Off


def each_visit(problem: Problem, change: Callable[[Visit], dict[str, Any]]) -> Problem:
    return replace(problem, visits=tuple(replace(visit, **change(visit)) for visit in problem.visits))


def each_shift(problem: Problem, change: Callable[[Shift], dict[str, Any]]) -> Problem:
    return replace(problem, shifts=tuple(replace(shift, **change(shift)) for shift in problem.shifts))


def no_visit(**fields: Any) -> Off:
    return lambda problem: each_visit(problem, lambda _: fields)


def no_shift(**fields: Any) -> Off:
    return lambda problem: each_shift(problem, lambda _: fields)


def no(**fields: Any) -> Off:
    return lambda problem: replace(problem, **fields)


def goals(problem: Problem, **fields: Any) -> Problem:
    return replace(problem, goals=replace(problem.goals, **fields))


def costs(**fields: Any) -> Off:
    return lambda problem: each_shift(problem, lambda shift: {"costs": replace(shift.costs, **fields)})


def two_shifts(rng: Random, problem: Problem) -> Problem:
    """The problem with at least two shifts, for what is between routes."""
    shifts = list(problem.shifts)
    while len(shifts) < 2:
        costs = replace(shifts[0].costs, fixed=rng.randint(0, 300))
        shifts.append(replace(shifts[0], id=f"s{len(shifts)}", costs=costs))
    return replace(problem, shifts=tuple(shifts))


def unbound(problem: Problem) -> list[str]:
    """Visits that are in no group, no pair and no relation yet."""
    bound = {name for bond in (*problem.groups, *problem.relations) for name in bond.visits} | set(problem.pair_of)
    return [visit.id for visit in problem.visits if visit.id not in bound]
