"""Is there room on board, in each dimension, at departure and after every stop?"""

from collections.abc import Iterator

from homestretch.planner.check.breach import Breach
from homestretch.planner.problem import Problem, Route, Shift


def judge_loads(problem: Problem, shift: Shift, route: Route) -> Iterator[Breach]:
    """At most one breach a dimension: where the vehicle is fullest."""
    for dimension, capacity in shift.capacity.items():
        visit, peak = _peak(problem, route, dimension)
        if peak > capacity:
            text = f"{peak} {dimension} on board, {capacity} is the capacity."
            yield Breach(f"load:{dimension}", shift.id, visit, peak - capacity, text)


def _peak(problem: Problem, route: Route, dimension: str) -> tuple[str, int]:
    """(the visit after which most is on board, how much); the visit is empty for the departure."""
    visits = [problem.visit[visit] for visit in route.visits]
    on_board = sum(visit.deliver.get(dimension, 0) for visit in visits)
    peak = ("", on_board)
    taken: set[str] = set()
    for visit in visits:
        on_board += visit.collect.get(dimension, 0) - visit.deliver.get(dimension, 0)
        pair = problem.pair_of.get(visit.id)
        if pair and visit.id == pair.collect:
            on_board += pair.loads.get(dimension, 0)
            taken.add(visit.id)
        elif pair and pair.collect in taken:
            on_board -= pair.loads.get(dimension, 0)
        if on_board > peak[1]:
            peak = (visit.id, on_board)
    return peak
