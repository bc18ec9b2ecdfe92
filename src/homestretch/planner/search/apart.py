"""What routes cost together, in the core's numbers: zones that are split, and what is to be alike."""

from collections.abc import Mapping, Sequence

from homestretch.planner import _search
from homestretch.planner.problem import Problem, Shift

MINUTES, STOPS, LOAD = range(3)


def zones_of(problem: Problem) -> dict[str, int]:
    """A number for each zone; the empty one is none."""
    if not problem.goals.split_zone:
        return {}
    return {zone: number for number, zone in enumerate(sorted({visit.zone for visit in problem.visits} - {""}))}


def balanced_load(problem: Problem) -> str | None:
    """The dimension that is to be alike."""
    balance = problem.goals.balance
    return balance.of if balance and balance.of not in ("minutes", "stops") else None


def tell_apart(core: _search.Problem, problem: Problem, unit: Mapping[str, int], scale: int, divisor: int) -> None:
    """Put down the prices of what lies between routes; `unit` is what a dimension's unit stands for in the core."""
    core.split_zone, core.zones = scale * problem.goals.split_zone // divisor, len(zones_of(problem))
    balance = problem.goals.balance
    if balance is None:
        return
    price = scale * balance.price // divisor
    if balance.of in unit:
        core.set_balance(LOAD, list(unit).index(balance.of), price * unit[balance.of])
    elif balance.of in ("minutes", "stops"):
        core.set_balance(MINUTES if balance.of == "minutes" else STOPS, 0, price)


def dearest_apart(problem: Problem, shifts: Sequence[Shift]) -> int:
    """At most, in minor units, what one visit more costs by what lies between routes."""
    balance = problem.goals.balance
    if balance is None:
        return problem.goals.split_zone
    if balance.of == "minutes":
        most = max((shift.end - shift.start for shift in shifts), default=0) // 60 + 1
    elif balance.of == "stops":
        most = len(problem.visits)
    else:
        most = sum(visit.deliver.get(balance.of, 0) + visit.collect.get(balance.of, 0) for visit in problem.visits)
    return problem.goals.split_zone + balance.price * most
