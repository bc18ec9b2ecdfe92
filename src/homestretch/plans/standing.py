"""What stands in a plan, kept warm in the process: states of revisions, and the times of their routes.

Both are made from rows that are written once and never changed, so what is kept can't be wrong; it can only be gone.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from types import MappingProxyType
from typing import Any, Generic, TypeVar
from uuid import UUID

from homestretch.planner import problem as planner
from homestretch.planner.schedule import schedule
from homestretch.planner.times import RouteTimes
from homestretch.plans.models import Question, Revision

MOST_STATES = 64
MOST_TIMES = 6_000  # routes; some 300 to a board of 10,000 stops
WHOLE_EVERY = 64  # revisions: so many rows are read for a state at most

K = TypeVar("K")
V = TypeVar("V")
Routes = Mapping[str, tuple[str, ...]]
Reasons = tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class State:
    """Who goes where in which order: visits by shift (only shifts that have any), and why others are on no route."""

    routes: Routes
    unassigned: Mapping[str, Reasons]

    @property
    def plan(self) -> planner.Plan:
        """As the planner says it."""
        routes = tuple(planner.Route(shift, visits) for shift, visits in self.routes.items())
        return planner.Plan(routes, tuple(self.unassigned))


EMPTY = State(MappingProxyType({}), MappingProxyType({}))


class Kept(Generic[K, V]):
    """The newest of what was looked at, for all threads."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, Lock()
        self._rows: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        with self._lock:
            if key in self._rows:
                self._rows.move_to_end(key)
            return self._rows.get(key)

    def put(self, key: K, value: V) -> V:
        with self._lock:
            self._rows[key] = value
            self._rows.move_to_end(key)
            while len(self._rows) > self._most:
                self._rows.popitem(last=False)
        return value

    def clear(self) -> None:
        with self._lock:
            self._rows.clear()


_states: Kept[UUID, State] = Kept(MOST_STATES)
_times: Kept[tuple[UUID, str, tuple[str, ...]], RouteTimes] = Kept(MOST_TIMES)


def state_of(row: Revision) -> State:
    """The state that a revision is: its own row, on the rows behind it back to the last whole one."""
    known = _states.get(row.id)
    if known is not None:
        return known
    rows = [row]
    while not rows[-1].whole:
        before = (rows[-1].number - WHOLE_EVERY - 1, rows[-1].number)
        older = Revision.objects.filter(plan_id=row.plan_id, number__gt=before[0], number__lt=before[1])
        for one in older.order_by("-number").only("id", "number", "whole", "routes", "unassigned"):
            rows.append(one)
            if one.whole or _states.get(one.id) is not None:
                break
        if _states.get(rows[-1].id) is not None:
            break
    state = _states.get(rows[-1].id) or EMPTY
    for one in reversed(rows if state is EMPTY else rows[:-1]):
        state = keep_state(one, whole_of(one.routes, one.unassigned) if one.whole else laid_on(state, one))
    return state


def forget() -> None:
    """Read what is stored: for whoever doubts it."""
    _states.clear()
    _times.clear()


def keep_state(row: Revision, state: State) -> State:
    """Remember what a revision is."""
    return _states.put(row.id, state)


def whole_of(routes: list[Any], unassigned: list[Any]) -> State:
    """A state out of the JSON of a whole revision."""
    return State(
        {route["shift"]: tuple(route["visits"]) for route in routes if route["visits"]},
        {left["visit"]: tuple(left["reasons"]) for left in unassigned},
    )


def laid_on(state: State, row: Revision) -> State:
    """The state before, with what a revision changes of it."""
    routes = dict(state.routes)
    now_on: set[str] = set()
    for route in row.routes:
        if route["visits"]:
            routes[route["shift"]] = tuple(route["visits"])
            now_on.update(route["visits"])
        else:
            routes.pop(route["shift"], None)
    left = {visit: reasons for visit, reasons in state.unassigned.items() if visit not in now_on}
    left.update((one["visit"], tuple(one["reasons"])) for one in row.unassigned)
    return State(routes, left)


def differences(before: State, after: State) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(routes, unassigned) of `after` as a revision that is not whole keeps them."""
    shifts = [s for s in {**before.routes, **after.routes} if before.routes.get(s) != after.routes.get(s)]
    routes = [{"shift": shift, "visits": list(after.routes.get(shift, ()))} for shift in shifts]
    left = [
        {"visit": visit, "reasons": list(reasons)}
        for visit, reasons in after.unassigned.items()
        if before.unassigned.get(visit) != reasons
    ]
    return routes, left


def times_of(question_id: UUID, problem: planner.Problem, shift: str, visits: tuple[str, ...]) -> RouteTimes:
    """The times of a route, scheduled once."""
    key = (question_id, shift, visits)
    return _times.get(key) or _times.put(key, schedule(problem, planner.Route(shift, visits)))


@lru_cache(maxsize=8)
def _meaning(question_id: UUID) -> Mapping[str, Mapping[str, Any]]:
    found: Mapping[str, Mapping[str, Any]] = Question.objects.values_list("visits", flat=True).get(id=question_id)
    return found


def meaning_of(question: Question) -> Mapping[str, Mapping[str, Any]]:
    """What a question's visits are: {visit: {"place", "tasks", "orders"}}."""
    return _meaning(question.id)
