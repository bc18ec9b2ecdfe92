"""What is on board: is there room, may it lie together, and can it be reached? Trip by trip."""

from collections.abc import Iterator

from homestretch.planner.check.breach import Breach
from homestretch.planner.problem import Problem, Route, Shift, Visit

Trip = tuple[str, ...]


def judge_board(problem: Problem, shift: Shift, route: Route) -> Iterator[Breach]:
    """Every breach of loads, kinds of goods and order of loading."""
    yield from _loads(problem, shift, route)
    for trip in route.trips():
        yield from _incompatible(problem, shift, trip)
        if shift.backhauls_last:
            yield from _backhauls(problem, shift, trip)
        if shift.lifo:
            yield from _lifo(problem, shift, trip)


def delivers(visit: Visit) -> bool:
    """Whether it gets goods from the depot."""
    return any(visit.deliver.values())


def collects(visit: Visit) -> bool:
    """Whether it gives goods for the depot."""
    return any(visit.collect.values())


def _loads(problem: Problem, shift: Shift, route: Route) -> Iterator[Breach]:
    """At most one breach a dimension: where the vehicle is fullest."""
    for dimension, capacity in shift.capacity.items():
        riding = shift.begun.on_board.get(dimension, 0) if shift.begun else 0
        peaks = [_peak(problem, trip, dimension, riding) for trip in route.trips()]
        visit, peak = max(peaks, key=lambda peak: peak[1])
        if peak > capacity:
            text = f"{peak} {dimension} on board, {capacity} is the capacity."
            yield Breach(f"load:{dimension}", shift.id, visit, peak - capacity, text)


def _peak(problem: Problem, trip: Trip, dimension: str, riding: int) -> tuple[str, int]:
    """(the visit after which most is on board, how much); the visit is empty for the departure."""
    visits = [problem.visit[visit] for visit in trip]
    on_board = riding + sum(visit.deliver.get(dimension, 0) for visit in visits)
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


def _incompatible(problem: Problem, shift: Shift, trip: Trip) -> Iterator[Breach]:
    """Goods are on board from one stop of the trip to another, both included; -1 is its begin."""
    if not problem.incompatible:
        return
    spans: list[tuple[str, int, int]] = []
    at = {name: number for number, name in enumerate(trip)}
    for number, name in enumerate(trip):
        visit, pair = problem.visit[name], problem.pair_of.get(name)
        held = [(-1, number)] if delivers(visit) else []
        held += [(number, len(trip))] if collects(visit) else []
        if pair and pair.collect == name:
            held.append((number, at.get(pair.deliver, len(trip))))
        spans += [(kind, begin, end) for kind in sorted(visit.goods) for begin, end in held]
    for one, other in problem.incompatible:
        meetings = [
            max(begin, since)
            for kind, begin, end in spans
            if kind == one
            for against, since, until in spans
            if against == other and begin <= until and since <= end
        ]
        if meetings:
            where = trip[max(0, min(meetings))]
            yield Breach("incompatible", shift.id, where, len(meetings), f"{one} and {other} are on board together.")


def _backhauls(problem: Problem, shift: Shift, trip: Trip) -> Iterator[Breach]:
    collected = False
    for name in trip:
        visit = problem.visit[name]
        if delivers(visit) and collected:
            yield Breach("backhauls_last", shift.id, name, 0, "It is delivered after goods were collected.")
        collected = collected or (collects(visit) and not delivers(visit))


def _lifo(problem: Problem, shift: Shift, trip: Trip) -> Iterator[Breach]:
    """What lies on the goods of the depot, from the bottom: each entry is the stop that put it there. Goods taken up at
    one stop lie as they are needed."""
    above: list[tuple[int, str]] = []
    for number, name in enumerate(trip):
        visit, pair = problem.visit[name], problem.pair_of.get(name)
        since = next((taken for taken, held in above if pair and name == pair.deliver and held == pair.collect), None)
        if since is not None and pair:
            over = sum(taken > since for taken, _ in above)
            if over:
                yield Breach("lifo", shift.id, name, over, "Goods that were taken up later lie on what it gets.")
            above.remove((since, pair.collect))
        if delivers(visit) and above:
            yield Breach("lifo", shift.id, name, len(above), "Goods that were taken up on the way lie on what it gets.")
        if collects(visit):
            above.append((number, ""))
        if pair and name == pair.collect:
            above.append((number, name))
