"""A plan drawn: its routes on a plane, as one SVG file that also prints in grey.

Neighbors in the list differ by dash and darkness as well as by hue, every route carries its number at its farthest
stop, and the legend says what each costs. Ways are drawn straight; those from and to the depot are thin.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from math import hypot

from homestretch.planner.cost import plan_cost, route_cost
from homestretch.planner.problem import NOWHERE, Plan, Problem, Route
from homestretch.planner.schedule import schedule

XY = tuple[float, float]

SIDE = 900  # of the map, at most
EDGE = 28
HEAD = 76
ROW = 21  # of the legend
COLUMN = 262
STOPS, COST = 172, 240  # right ends of numbers within a column
NAME = 11  # letters of a route's name in the legend
INKS = ("#1b4f9c", "#c8561b", "#12805c", "#8a2f8f", "#5c4a00", "#1593b5", "#b0213f", "#3d3d3d", "#6a8f1f", "#d0438a")
DASHES = ("", "9 4", "2 4", "12 4 2 4", "5 3")
STYLE = (
    "text{font-family:system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;fill:#1c1c1c}"
    ".way{fill:none;stroke-width:2.2;stroke-linejoin:round;stroke-linecap:round}"
    ".home{fill:none;stroke-width:.8;opacity:.45}"
    ".stop{stroke:#fff;stroke-width:1}"
    ".out{stroke:#1c1c1c;stroke-width:2.4;stroke-linecap:round;fill:none}"
    ".depot{fill:#1c1c1c;stroke:#fff;stroke-width:2}"
    ".tag{font-size:12px;font-weight:700;text-anchor:middle}"
    ".soft{fill:#5a5a5a}"
    ".end{text-anchor:end}"
)


@dataclass(frozen=True, slots=True)
class _Frame:
    """From the plane to the picture: north up, one scale for both ways."""

    west: float
    north: float
    scale: float
    width: float
    height: float

    def at(self, point: XY) -> XY:
        return EDGE + (point[0] - self.west) * self.scale, HEAD + EDGE + (self.north - point[1]) * self.scale


def picture(problem: Problem, plan: Plan, coordinates: Sequence[XY], title: str = "") -> str:
    """The SVG text. `coordinates` are (x to the east, y to the north) of each place of the problem's matrices.

    Visits without a place are not drawn, though the head counts them. Raises `IndexError` for a place beyond the
    coordinates.
    """
    routes = [route for route in plan.routes if route.visits]
    left = [problem.visit[name].place for name in plan.unassigned]
    used = {place for route in routes for place in _places(problem, route)} | {place for place in left if place >= 0}
    used |= {place for shift in problem.shifts for place in (shift.start_place, shift.end_place)}
    frame = _frame([coordinates[place] for place in used])
    columns = 1 + len(routes) * ROW // int(max(300, frame.height - 4 * ROW))
    width = frame.width + 2 * EDGE + columns * COLUMN
    height = HEAD + 2 * EDGE + max(frame.height, (4 + -(-len(routes) // columns)) * ROW)
    parts = [_head(problem, plan, title, len(routes))]
    parts += [_drawn(problem, route, number, coordinates, frame) for number, route in enumerate(routes)]
    parts += [_out(frame.at(coordinates[place]), name) for place, name in zip(left, plan.unassigned, strict=True)
              if place != NOWHERE]  # fmt: skip
    depots = {place for shift in problem.shifts for place in (shift.start_place, shift.end_place)}
    parts += [_depot(frame.at(coordinates[place])) for place in sorted(depots)]
    parts += [_tag(problem, route, number, coordinates, frame) for number, route in enumerate(routes)]
    parts.append(_legend(problem, plan, routes, frame, columns))
    box = f'viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}"'
    label, body = escape(title or "A plan", quote=True), "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img" aria-label="{label}">\n'
        f'<style>{STYLE}</style>\n<rect width="100%" height="100%" fill="#fff"/>\n{body}\n</svg>\n'
    )


def _frame(points: Sequence[XY]) -> _Frame:
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    scale = SIDE / max(east - west, north - south, 1e-9)
    return _Frame(west, north, scale, max(300.0, (east - west) * scale), max(200.0, (north - south) * scale))


def _places(problem: Problem, route: Route) -> list[int]:
    shift = problem.shift[route.shift]
    return [shift.start_place, *(problem.visit[name].place for name in route.visits), shift.end_place]


def _ink(number: int) -> tuple[str, str]:
    """(color, dash) of a route; the dash changes with each turn of the colors, and from one to the next."""
    return INKS[number % len(INKS)], DASHES[(number + number // len(INKS)) % len(DASHES)]


def _line(kind: str, points: Iterable[XY], ink: str, dash: str = "") -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<polyline class="{kind}" points="{path}" stroke="{ink}"{dashed}/>'


def _drawn(problem: Problem, route: Route, number: int, coordinates: Sequence[XY], frame: _Frame) -> str:
    ink, dash = _ink(number)
    points = [frame.at(coordinates[place]) for place in _places(problem, route)]
    stops = "".join(
        f'<circle class="stop" cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{ink}"><title>{escape(name)}</title></circle>'
        for (x, y), name in zip(points[1:-1], route.visits, strict=True)
    )
    homes = _line("home", points[:2], ink) + _line("home", points[-2:], ink)
    return (
        f"<g><title>{number + 1}: {escape(_name(problem, route))}</title>{homes}"
        + _line("way", points[1:-1], ink, dash)
        + f"{stops}</g>"
    )


def _name(problem: Problem, route: Route) -> str:
    return problem.shift[route.shift].name or route.shift


def _out(point: XY, name: str) -> str:
    x, y = point
    cross = f"M{x - 5:.1f} {y - 5:.1f}l10 10m0 -10l-10 10"
    return f'<path class="out" d="{cross}"><title>{escape(name)}: on no route</title></path>'


def _depot(point: XY) -> str:
    x, y = point
    return (
        f'<rect class="depot" x="{x - 8:.1f}" y="{y - 8:.1f}" width="16" height="16" rx="2"><title>depot</title></rect>'
    )


def _tag(problem: Problem, route: Route, number: int, coordinates: Sequence[XY], frame: _Frame) -> str:
    """The route's number beside its stop that is farthest from where it starts."""
    points = [frame.at(coordinates[place]) for place in _places(problem, route)]
    (home_x, home_y), stops = points[0], points[1:-1]
    x, y = max(stops, key=lambda point: hypot(point[0] - home_x, point[1] - home_y))
    ink, _ = _ink(number)
    wide = 20 if number < 99 else 27
    return (
        f'<rect x="{x - wide / 2:.1f}" y="{y - 24:.1f}" width="{wide}" height="17" rx="8" fill="#fff" stroke="{ink}"/>'
        f'<text class="tag" x="{x:.1f}" y="{y - 11.2:.1f}">{number + 1}</text>'
    )


def _head(problem: Problem, plan: Plan, title: str, routes: int) -> str:
    out = len(plan.unassigned)
    facts = [f"cost {_grouped(plan_cost(problem, plan))}", f"{routes} route{'s' * (routes != 1)}"]
    facts += [f"{sum(len(route.visits) for route in plan.routes)} stops"]
    facts += [f"{out} on no route"] if out else []
    return (
        f'<text x="{EDGE}" y="38" font-size="22" font-weight="700">{escape(title or "Plan")}</text>'
        f'<text class="soft" x="{EDGE}" y="62" font-size="15">{" · ".join(facts)}</text>'
    )


def _legend(problem: Problem, plan: Plan, routes: Sequence[Route], frame: _Frame, columns: int) -> str:
    rows, x, top = -(-len(routes) // columns), frame.width + 2 * EDGE + 8, HEAD + EDGE
    parts = [_headings(x + column * COLUMN, top) for column in range(columns if routes else 0)]
    for number, route in enumerate(routes):
        parts.append(_entry(problem, route, number, (x + number // rows * COLUMN, top + (1 + number % rows) * ROW)))
    y = top + (1 + rows) * ROW + 8
    parts.append(f'<rect class="depot" x="{x + 10}" y="{y - 12}" width="14" height="14" rx="2"/>')
    parts.append(f'<text x="{x + 42}" y="{y}" font-size="13">depot</text>')
    if plan.unassigned:
        parts.append(f'<path class="out" d="M{x + 12} {y + ROW - 9}l9 9m0 -9l-9 9"/>')
        parts.append(f'<text x="{x + 42}" y="{y + ROW}" font-size="13">on no route</text>')
    return "".join(parts)


def _headings(x: float, y: float) -> str:
    return "".join(
        f'<text class="soft{kind}" x="{x + at}" y="{y}" font-size="12">{word}</text>'
        for word, at, kind in (("route", 42, ""), ("stops", STOPS, " end"), ("cost", COST, " end"))
    )


def _entry(problem: Problem, route: Route, number: int, at: XY) -> str:
    (x, y), (ink, dash) = at, _ink(number)
    name = _name(problem, route)
    short = name if len(name) <= NAME else name[: NAME - 1] + "…"
    label = f"{number + 1}" if name == str(number + 1) else f"{number + 1}  {short}"
    cost = _grouped(route_cost(problem, schedule(problem, route)))
    return (
        _line("way", [(x, y - 4), (x + 34, y - 4)], ink, dash)
        + f'<text x="{x + 42}" y="{y}" font-size="13">{escape(label)}<title>{escape(name)}</title></text>'
        f'<text class="soft end" x="{x + STOPS}" y="{y}" font-size="13">{len(route.visits)}</text>'
        f'<text class="end" x="{x + COST}" y="{y}" font-size="13">{cost}</text>'
    )


def _grouped(number: int) -> str:
    """A number with thin spaces between its thousands."""
    return f"{number:,}".replace(",", "\u2009")
