"""`homestretch solve --plot`: the routes as an SVG file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from homestretch.doors.cli.asked import Asked
from homestretch.kernel.refusal import Refusal
from homestretch.planner.formats.instance import Instance
from homestretch.planner.picture import picture
from homestretch.planner.problem import Plan, Problem

XY = tuple[float, float]


def coordinates_of(asked: Asked) -> Sequence[XY]:
    """East and north of each place. Refuses `plot.no_coordinates`."""
    given = asked.given
    if isinstance(given, Instance) and given.coords is not None:
        return [(float(x), float(y)) for x, y in given.coords]
    raise Refusal(
        "plot.no_coordinates",
        "the file says how long ways are, and not where its places lie",
        remedy="leave --plot out, or give a file with coordinates",
        field="--plot",
    )


def drawn(name: str, problem: Problem, plan: Plan, coordinates: Sequence[XY]) -> str:
    """The picture of a plan for a file of that name."""
    return picture(problem, plan, coordinates, title=Path(name).stem)
