"""One small problem that every planner test bends to its purpose: places on a line, a minute and a kilometer apart.

Place 0 is the depot; a visit at place n is n minutes away from it. The day runs from second 0.
"""

from typing import Any

from homestretch.planner.problem import Costs, Matrix, Plan, Problem, Route, Shift, Travel, Visit, Window

MINUTE = 60
HOUR = 3600


def line(places: int = 10, minute: int = MINUTE) -> Matrix:
    """Places in a row: `minute` seconds and 1,000 m from each to the next."""
    steps = [[abs(a - b) for b in range(places)] for a in range(places)]
    return Matrix([[step * minute for step in row] for row in steps], [[step * 1000 for step in row] for row in steps])


def visit(name: str, place: int, *windows: tuple[int, int], **more: Any) -> Visit:
    """A visit with its windows as plain pairs of seconds."""
    return Visit(name, place, tuple(Window(start, end) for start, end in windows), **more)


def shift(name: str = "van", start: int = 0, end: int = 8 * HOUR, **more: Any) -> Shift:
    """A van from and to the depot that earns 3,600 an hour and 1,000 a kilometer."""
    costs = more.pop("costs", Costs(per_hour=3600, per_km=1000))
    return Shift(name, 0, 0, start, end, costs=costs, **more)


def town(visits: list[Visit], shifts: list[Shift] | None = None, **more: Any) -> Problem:
    """A problem on the line; one van by default."""
    travel = more.pop("travel", None) or Travel({"van": line()})
    return Problem(visits, shifts if shifts is not None else [shift()], travel, **more)


def plan(*routes: tuple[str, str], unassigned: str = "") -> Plan:
    """`plan(("van", "a b c"), unassigned="d")`."""
    made = tuple(Route(name, tuple(stops.split())) for name, stops in routes)
    return Plan(made, tuple(unassigned.split()))
