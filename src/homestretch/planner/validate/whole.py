"""Faults of the problem as a whole: its epoch, ids, goals and kinds of goods."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from homestretch.planner.problem import Problem
from homestretch.planner.validate.fault import Fault

PRIORITIES = 4


def whole(problem: Problem) -> Iterator[Fault]:
    """No shift, no matrix, no UTC, more priorities than an engine tells apart."""
    if not problem.shifts:
        yield Fault("problem.no_shifts", "There is no shift.", "problem", "Add at least one shift.")
    if not problem.travel.profiles:
        yield Fault("problem.no_travel", "There is no travel matrix.", "problem", "Add a matrix for every profile.")
    try:
        utc = datetime.fromisoformat(problem.epoch).utcoffset()
    except ValueError:
        utc = None
    if utc is None or utc.total_seconds() != 0:
        cause = f"{problem.epoch!r} is no UTC instant."
        yield Fault("problem.bad_epoch", cause, "problem", "Give it as 2026-03-02T00:00:00Z.")
    priorities = {visit.priority for visit in problem.visits}
    if len(priorities) > PRIORITIES:
        cause = f"There are {len(priorities)} different priorities."
        yield Fault("problem.too_many_priorities", cause, "problem", f"Use at most {PRIORITIES}, or prizes.")


def duplicates(problem: Problem) -> Iterator[Fault]:
    """Ids that are empty or used twice."""
    kinds: tuple[tuple[str, Iterable[str]], ...] = (
        ("visit", (visit.id for visit in problem.visits)),
        ("shift", (shift.id for shift in problem.shifts)),
        ("dimension", problem.dimensions),
    )
    for kind, ids in kinds:
        for name, times in Counter(ids).items():
            if times > 1:
                cause = f"The id is used {times} times."
                yield Fault(f"{kind}.duplicate_id", cause, f"{kind} {name}", "Give every one an id of its own.")
            if not name:
                yield Fault(f"{kind}.empty_id", "The id is empty.", kind, "Give every one an id of its own.")


def goals(problem: Problem) -> Iterator[Fault]:
    """Negative prices, and a balance of nothing that is known."""
    asked = problem.goals
    prices = {"split_zone": asked.split_zone}
    if asked.balance:
        prices["balance.price"] = asked.balance.price
        if asked.balance.of not in ("minutes", "stops", *problem.dimensions):
            cause = f"There is nothing named {asked.balance.of!r} to balance."
            yield Fault("goals.unknown_balance", cause, "goals", "Name minutes, stops or a dimension.")
    if asked.stability:
        for name in ("per_moved", "per_changed", "per_minute"):
            prices[f"stability.{name}"] = getattr(asked.stability, name)
    for name, price in prices.items():
        if price < 0:
            yield Fault("goals.negative_price", f"{name} is {price}.", "goals", "Give 0 or more.")


def goods(problem: Problem) -> Iterator[Fault]:
    """A kind of goods that must not meet itself."""
    for first, second in problem.incompatible:
        if first == second:
            cause = f"Goods {first!r} are incompatible with themselves."
            yield Fault("goods.with_themselves", cause, f"goods {first}", "Name two kinds of goods.")
