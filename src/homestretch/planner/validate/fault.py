"""One thing to mend in a question, and the faults that several kinds of objects share."""

from collections.abc import Iterator
from dataclasses import dataclass

from homestretch.planner.problem import Loads, Problem


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend. `code` is stable; `where` names the object by kind and id, such as `visit 17`."""

    code: str
    cause: str
    where: str
    remedy: str


def unknown_place(kind: str, place: int, where: str) -> Fault:
    """A row that the matrices do not have."""
    remedy = "Name a row of the matrices, from 0."
    return Fault(f"{kind}.unknown_place", f"There is no place {place}.", where, remedy)


def judge_loads(problem: Problem, loads: Loads, kind: str, where: str) -> Iterator[Fault]:
    """Dimensions that the problem does not name, and negative amounts."""
    for dimension, amount in loads.items():
        if dimension not in problem.dimensions:
            cause = f"The problem has no dimension {dimension!r}."
            yield Fault(f"{kind}.unknown_dimension", cause, where, "Name it among the problem's dimensions.")
        if amount < 0:
            cause = f"{dimension} is {amount}."
            yield Fault(f"{kind}.negative_load", cause, where, "Give 0 or more; goods that ride back are collected.")
