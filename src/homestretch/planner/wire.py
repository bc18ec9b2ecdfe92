"""Problems and plans as plain dictionaries, for JSON files and database columns. Versioned by `format`.

Reading is strict: a missing field, an unknown field or a wrong type raises `WireError`, which says where. In matrices
`null` stands for "no way".
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, fields
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from homestretch.planner.problem import (
    UNREACHABLE,
    Break,
    Costs,
    Goals,
    Lock,
    Matrix,
    Pair,
    Plan,
    Problem,
    Route,
    Shift,
    Travel,
    Visit,
    Window,
)

PROBLEM_FORMAT = "homestretch.problem/1"
PLAN_FORMAT = "homestretch.plan/1"

Json = dict[str, Any]
T = TypeVar("T")


class WireError(ValueError):
    """A dictionary that is no problem or no plan. `code` is stable, `where` is a path such as `visits[3].windows`."""

    def __init__(self, code: str, where: str, cause: str) -> None:
        super().__init__(f"{where}: {cause}" if where else cause)
        self.code = code
        self.where = where
        self.cause = cause


def problem_to_json(problem: Problem, *, travel: bool = True) -> Json:
    """The whole problem; with `travel=False` without its matrices, which the caller keeps and hands to the reader."""
    body: Json = {
        "format": PROBLEM_FORMAT,
        "epoch": problem.epoch,
        "dimensions": list(problem.dimensions),
        "goals": asdict(problem.goals),
        "visits": [_visit_out(visit) for visit in problem.visits],
        "shifts": [_shift_out(shift) for shift in problem.shifts],
        "pairs": [_flat(pair) for pair in problem.pairs],
        "locks": [_flat(lock) for lock in problem.locks],
    }
    if travel:
        body["travel"] = {name: _matrix_out(matrix) for name, matrix in problem.travel.profiles.items()}
    return body


def problem_from_json(data: Mapping[str, Any], *, travel: Travel | None = None) -> Problem:
    """Read what `problem_to_json` wrote, or raise `WireError`. `travel` takes the place of the matrices in the data."""
    _expect_format(data, PROBLEM_FORMAT)
    known = {"format", "epoch", "dimensions", "goals", "visits", "shifts", "pairs", "locks", "travel"}
    _expect_fields(data, known, {"visits", "shifts"} | (set() if travel else {"travel"}), "")
    return _made(
        Problem,
        "",
        visits=_each(data["visits"], "visits", _visit_in),
        shifts=_each(data["shifts"], "shifts", _shift_in),
        travel=travel or _travel_in(data["travel"]),
        goals=_record(Goals, data.get("goals", {}), "goals"),
        pairs=_each(data.get("pairs", ()), "pairs", lambda row, where: _record(Pair, row, where)),
        locks=_each(data.get("locks", ()), "locks", lambda row, where: _record(Lock, row, where)),
        epoch=data.get("epoch", "1970-01-01T00:00:00Z"),
        dimensions=data.get("dimensions", ()),
    )


def plan_to_json(plan: Plan) -> Json:
    """Routes and what is left out."""
    routes = [{"shift": route.shift, "visits": list(route.visits)} for route in plan.routes]
    return {"format": PLAN_FORMAT, "routes": routes, "unassigned": list(plan.unassigned)}


def plan_from_json(data: Mapping[str, Any]) -> Plan:
    """Read what `plan_to_json` wrote, or raise `WireError`."""
    _expect_format(data, PLAN_FORMAT)
    _expect_fields(data, {"format", "routes", "unassigned"}, {"routes"}, "")
    routes = _each(data["routes"], "routes", lambda row, where: _record(Route, row, where))
    return _made(Plan, "", routes=routes, unassigned=data.get("unassigned", ()))


def _visit_out(visit: Visit) -> Json:
    body = _flat(visit)
    body["windows"] = [[window.start, window.end] for window in visit.windows]
    return body


def _shift_out(shift: Shift) -> Json:
    body = _flat(shift)
    body["costs"] = asdict(shift.costs)
    body["breaks"] = [asdict(rest) for rest in shift.breaks]
    return body


def _flat(record: Any) -> Json:
    """Fields that are plain values, loads as dictionaries, sets in sorted order; empty and unset ones are left out."""
    body: Json = {}
    for item in fields(record):
        value = getattr(record, item.name)
        if value is None or value == "" or (isinstance(value, frozenset | tuple | dict) and not value):
            continue
        body[item.name] = sorted(value) if isinstance(value, frozenset) else value
    return body


def _matrix_out(matrix: Matrix) -> Json:
    return {
        "rung": matrix.rung,
        "durations": _rows_out(matrix.durations),
        "distances": _rows_out(matrix.distances),
    }


def _rows_out(array: npt.NDArray[np.int64]) -> list[list[int | None]]:
    if not (array >= UNREACHABLE).any():
        rows: list[list[int | None]] = array.tolist()
        return rows
    return [[None if value >= UNREACHABLE else value for value in row] for row in array.tolist()]


def _visit_in(row: Any, where: str) -> Visit:
    row = dict(_mapping(row, where))
    row["windows"] = _each(row.get("windows", ()), f"{where}.windows", _window_in)
    return _record(Visit, row, where)


def _window_in(row: Any, where: str) -> Window:
    if not isinstance(row, list | tuple) or len(row) != 2:
        raise WireError("wire.type", where, "a window is a list of two seconds, [start, end]")
    return _made(Window, where, start=row[0], end=row[1])


def _shift_in(row: Any, where: str) -> Shift:
    row = dict(_mapping(row, where))
    row["costs"] = _record(Costs, row.get("costs", {}), f"{where}.costs")
    row["breaks"] = _each(row.get("breaks", ()), f"{where}.breaks", lambda rest, at: _record(Break, rest, at))
    return _record(Shift, row, where)


def _travel_in(data: Any) -> Travel:
    profiles = {}
    for name, body in _mapping(data, "travel").items():
        where = f"travel.{name}"
        _expect_fields(_mapping(body, where), {"rung", "durations", "distances"}, {"durations", "distances"}, where)
        durations = _rows_in(body["durations"], f"{where}.durations")
        distances = _rows_in(body["distances"], f"{where}.distances")
        profiles[name] = _made(Matrix, where, durations=durations, distances=distances, rung=body.get("rung", "given"))
    return Travel(profiles)


def _rows_in(rows: Any, where: str) -> Any:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise WireError("wire.type", where, "a matrix is a list of rows")
    return [[UNREACHABLE if value is None else value for value in row] if None in row else row for row in rows]


def _each(rows: Any, where: str, read: Callable[[Any, str], T]) -> tuple[T, ...]:
    if isinstance(rows, str | Mapping) or not isinstance(rows, Iterable):
        raise WireError("wire.type", where, "a list is expected")
    return tuple(read(row, f"{where}[{number}]") for number, row in enumerate(rows))


def _record(kind: type[T], row: Any, where: str) -> T:
    """Make a dataclass from a dictionary that has its fields' names."""
    row = _mapping(row, where)
    known = {item.name for item in fields(kind) if item.init}  # type: ignore[arg-type]
    _expect_fields(row, known, set(), where)
    return _made(kind, where, **row)


def _made(kind: type[T], where: str, **values: Any) -> T:
    try:
        return kind(**values)
    except (TypeError, ValueError, AttributeError, OverflowError) as error:
        raise WireError("wire.type", where, str(error)) from error


def _mapping(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise WireError("wire.type", where, "an object is expected")
    return value


def _expect_format(data: Any, wanted: str) -> None:
    found = _mapping(data, "").get("format")
    if found != wanted:
        raise WireError("wire.format", "format", f"{wanted!r} is expected, found {found!r}")


def _expect_fields(row: Mapping[str, Any], known: set[str], needed: set[str], where: str) -> None:
    for name in row:
        if name not in known:
            raise WireError("wire.unknown_field", f"{where}.{name}".lstrip("."), "there is no such field")
    for name in sorted(needed - set(row)):
        raise WireError("wire.missing_field", f"{where}.{name}".lstrip("."), "this field is needed")
