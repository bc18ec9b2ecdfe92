"""Problems and plans as plain dictionaries, for JSON files and database columns. Versioned by `format`.

Reading is strict: a missing field, an unknown field or a wrong type raises `WireError`, which says where. A field that
has its default is left out. In matrices `null` stands for "no way".
"""

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import MISSING, Field, asdict, fields
from functools import cache
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from homestretch.planner.problem import (
    UNREACHABLE,
    Balance,
    Break,
    Costs,
    Globe,
    Goals,
    Group,
    Lock,
    Matrix,
    Pair,
    Plan,
    Plane,
    Problem,
    Profile,
    Relation,
    Route,
    Shift,
    Slots,
    Stability,
    Start,
    Travel,
    Visit,
    Window,
)

PROBLEM_FORMAT = "homestretch.problem/1"
PLAN_FORMAT = "homestretch.plan/1"

FIELDS = {
    *("format", "epoch", "dimensions", "goals", "visits", "shifts", "travel"),
    *("pairs", "locks", "groups", "relations", "incompatible"),
}

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
        "goals": _goals_out(problem.goals),
        "visits": [_visit_out(visit) for visit in problem.visits],
        "shifts": [_shift_out(shift) for shift in problem.shifts],
        "pairs": [_flat(pair) for pair in problem.pairs],
        "locks": [_lock_out(lock) for lock in problem.locks],
    }
    for name, records in (("groups", problem.groups), ("relations", problem.relations)):
        if records:
            body[name] = [_flat(record) for record in records]
    if problem.incompatible:
        body["incompatible"] = [list(two) for two in problem.incompatible]
    if travel:
        body["travel"] = {name: _profile_out(matrix) for name, matrix in problem.travel.profiles.items()}
    return body


def problem_from_json(data: Mapping[str, Any], *, travel: Travel | None = None) -> Problem:
    """Read what `problem_to_json` wrote, or raise `WireError`. `travel` takes the place of the matrices in the data."""
    _expect_format(data, PROBLEM_FORMAT)
    _expect_fields(data, FIELDS, {"visits", "shifts"} | (set() if travel else {"travel"}), "")
    return _made(
        Problem,
        "",
        visits=_each(data["visits"], "visits", _visit_in),
        shifts=_each(data["shifts"], "shifts", _shift_in),
        travel=travel or _travel_in(data["travel"]),
        goals=_goals_in(data.get("goals", {})),
        pairs=_each(data.get("pairs", ()), "pairs", lambda row, where: _record(Pair, row, where)),
        locks=_each(data.get("locks", ()), "locks", _lock_in),
        groups=_each(data.get("groups", ()), "groups", lambda row, where: _record(Group, row, where)),
        relations=_each(data.get("relations", ()), "relations", lambda row, where: _record(Relation, row, where)),
        incompatible=data.get("incompatible", ()),
        epoch=data.get("epoch", "1970-01-01T00:00:00Z"),
        dimensions=data.get("dimensions", ()),
    )


def plan_to_json(plan: Plan) -> Json:
    """Routes and what is left out."""
    return {"format": PLAN_FORMAT, **_routes_out(plan)}


def plan_from_json(data: Mapping[str, Any]) -> Plan:
    """Read what `plan_to_json` wrote, or raise `WireError`."""
    _expect_format(data, PLAN_FORMAT)
    return _plan_in({name: value for name, value in data.items() if name != "format"}, "")


def _routes_out(plan: Plan) -> Json:
    routes = []
    for route in plan.routes:
        row: Json = {"shift": route.shift, "visits": list(route.visits)}
        routes.append({**row, "reloads": list(route.reloads)} if route.reloads else row)
    return {"routes": routes, "unassigned": list(plan.unassigned)}


def _plan_in(data: Any, where: str) -> Plan:
    data, inside = _mapping(data, where), f"{where}." if where else ""
    _expect_fields(data, {"routes", "unassigned"}, {"routes"}, where)
    routes = _each(data["routes"], f"{inside}routes", lambda row, at: _record(Route, row, at))
    return _made(Plan, where, routes=routes, unassigned=data.get("unassigned", ()))


def _goals_out(goals: Goals) -> Json:
    body = _flat(goals)
    if goals.balance:
        body["balance"] = asdict(goals.balance)
    if goals.stability:
        body["stability"] = {**_flat(goals.stability), "plan": _routes_out(goals.stability.plan)}
    return body


def _goals_in(row: Any) -> Goals:
    row = dict(_mapping(row, "goals"))
    if row.get("balance") is not None:
        row["balance"] = _record(Balance, row["balance"], "goals.balance")
    if row.get("stability") is not None:
        kept = dict(_mapping(row["stability"], "goals.stability"))
        _expect_fields(kept, set(kept), {"plan"}, "goals.stability")
        kept["plan"] = _plan_in(kept["plan"], "goals.stability.plan")
        row["stability"] = _record(Stability, kept, "goals.stability")
    return _record(Goals, row, "goals")


def _lock_out(lock: Lock) -> Json:
    window = {"window": [lock.window.start, lock.window.end]} if lock.window else {}
    return {**_flat(lock), **window}


def _lock_in(row: Any, where: str) -> Lock:
    row = dict(_mapping(row, where))
    if row.get("window") is not None:
        row["window"] = _window_in(row["window"], f"{where}.window")
    return _record(Lock, row, where)


def _visit_out(visit: Visit) -> Json:
    body = _flat(visit)
    body["windows"] = [[window.start, window.end] for window in visit.windows]
    return body


def _shift_out(shift: Shift) -> Json:
    body = _flat(shift)
    body["costs"] = _flat(shift.costs)
    body["breaks"] = [asdict(rest) for rest in shift.breaks]
    if shift.begun:
        body["begun"] = _flat(shift.begun)
    return body


def _flat(record: Any) -> Json:
    """Fields that differ from their default; loads as dictionaries, sets in sorted order."""
    body: Json = {}
    for item in fields(record):
        value = getattr(record, item.name)
        if not item.init or value == _default(item):
            continue
        body[item.name] = sorted(value) if isinstance(value, frozenset) else value
    return body


def _default(item: Field[Any]) -> Any:
    return item.default if item.default_factory is MISSING else item.default_factory()


def _profile_out(profile: Profile) -> Json:
    if isinstance(profile, Matrix):
        return _matrix_out(profile)
    if isinstance(profile, Plane | Globe):
        return _coordinates_out(profile)
    return {"starts": list(profile.starts), "matrices": [_matrix_out(matrix) for matrix in profile.matrices]}


def _coordinates_out(profile: Plane | Globe) -> Json:
    given = {item.name: getattr(profile, item.name) for item in fields(profile) if item.init}
    return {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in given.items()}


def _matrix_out(matrix: Matrix) -> Json:
    return {
        "rung": matrix.rung,
        "durations": _rows_out(matrix.durations),
        "distances": _rows_out(matrix.distances),
    }


def _rows_out(array: npt.NDArray[np.int32]) -> list[list[int | None]]:
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
    if row.get("begun") is not None:
        row["begun"] = _record(Start, row["begun"], f"{where}.begun")
    return _record(Shift, row, where)


def _travel_in(data: Any) -> Travel:
    return Travel({name: _profile_in(body, f"travel.{name}") for name, body in _mapping(data, "travel").items()})


def _profile_in(body: Any, where: str) -> Profile:
    if {"x", "y"} & set(_mapping(body, where)):
        return _coordinates_in(Plane, body, {"x", "y"}, where)
    if {"lat", "lon"} & set(body):
        return _coordinates_in(Globe, body, {"lat", "lon", "speed_mh"}, where)
    if "starts" not in body:
        return _matrix_in(body, where)
    _expect_fields(body, {"starts", "matrices"}, {"matrices"}, where)
    matrices = _each(body["matrices"], f"{where}.matrices", _matrix_in)
    return _made(Slots, where, starts=body["starts"], matrices=matrices)


def _coordinates_in(kind: type[T], body: Any, needed: set[str], where: str) -> T:
    _expect_fields(body, {item.name for item in fields(kind) if item.init}, needed, where)  # type: ignore[arg-type]
    return _made(kind, where, **body)


def _matrix_in(body: Any, where: str) -> Matrix:
    _expect_fields(_mapping(body, where), {"rung", "durations", "distances"}, {"durations", "distances"}, where)
    durations = _rows_in(body["durations"], f"{where}.durations")
    distances = _rows_in(body["distances"], f"{where}.distances")
    return _made(Matrix, where, durations=durations, distances=distances, rung=body.get("rung", "given"))


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
    _expect_fields(row, _names(kind), frozenset(), where)  # type: ignore[arg-type]
    return _made(kind, where, **row)


@cache
def _names(kind: type[Any]) -> frozenset[str]:
    return frozenset(item.name for item in fields(kind) if item.init)


def _made(kind: type[T], where: str, /, **values: Any) -> T:
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


def _expect_fields(row: Mapping[str, Any], known: Set[str], needed: Set[str], where: str) -> None:
    for name in row:
        if name not in known:
            raise WireError("wire.unknown_field", f"{where}.{name}".lstrip("."), "there is no such field")
    for name in sorted(needed - set(row)):
        raise WireError("wire.missing_field", f"{where}.{name}".lstrip("."), "this field is needed")
