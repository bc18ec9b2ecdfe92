"""A proposal as a dispatcher reads it: what doing nothing costs, who gains and who loses, promises, its parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from homestretch.accounts import queries as accounts
from homestretch.dispatch import queries as dispatch
from homestretch.doors.console.recovery.words import KINDS, SCOPES, STATES, counted, ends, fate, late, summary
from homestretch.doors.console.words import actor, plain
from homestretch.events.log import history
from homestretch.orders import queries as orders
from homestretch.recovery.rules.proposing import DEFAULT_SCOPE, GOOD_FOR


@dataclass(frozen=True, slots=True)
class Line:
    """A proposal in a list: `about` is whom it is about, `said` what it does or what became of it."""

    row: Any
    kind: str
    about: str
    state: str
    look: str
    said: str
    decided_by: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """A route that changes: stops that come and go, and by how much its end moves."""

    name: str
    driver: str
    change: str
    ends: str
    look: str
    read: str = ""  # of an accepted one: whether its driver has read it
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Fate:
    """A promise that fares otherwise. `look`: good, warn or bad."""

    order_id: str
    name: str
    due: datetime | None
    before: str
    after: str
    look: str


@dataclass(frozen=True, slots=True)
class Stop:
    """An order at a stop, with a page of its own."""

    order_id: str
    name: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A hunk: its sentence, the stops it moves, the promises it touches, what it needs."""

    number: int
    words: str
    state: tuple[str, str]
    needs: list[int]
    stops: list[Stop]
    promises: list[Fate] = field(default_factory=list)


HUNKS: Mapping[str, tuple[str, str]] = {
    "made": ("", ""),
    "accepted": ("Taken", "is-good"),
    "declined": ("Not taken", "is-quiet"),
    "expired": ("", ""),
}


def lines_of(rows: Iterable[Any]) -> list[Line]:
    """Proposals for a list, in their order: few reads, however many they are."""
    rows = list(rows)
    routes = _routes({row.route_id for row in rows if row.route_id})
    names = orders.called(row.order_id for row in rows if row.order_id)
    people = accounts.names_of({row.decided_by for row in rows if row.decided_by})
    return [_line(row, routes, names, people) for row in rows]


def _line(row: Any, routes: Mapping[UUID, Any], names: Mapping[UUID, str], people: Mapping[str, str]) -> Line:
    state, look = STATES[state_of(row)]
    route = routes.get(row.route_id)
    about = names.get(row.order_id) or "an order" if row.order_id else ""
    if route is not None and not about:
        about = f"{route.vehicle.name}, {route.driver.name}"
    said = row.failure["cause"] if row.failure else summary(row.figures) if row.figures else SCOPES[row.scope]
    return Line(row, KINDS[row.kind], about, state, look, said, _who(row.decided_by, people))


def state_of(row: Any) -> str:
    """As the console calls it: what ended with its half hour is expired, what ended before was overtaken."""
    if row.state == "expired" and row.decided_at - row.made_at < GOOD_FOR:
        return "overtaken"
    return str(row.state)


def _who(written: str, people: Mapping[str, str]) -> str:
    return (people.get(written) or actor(written)) if written else ""


def _routes(route_ids: Iterable[UUID]) -> dict[UUID, Any]:
    return {route.id: route for route in dispatch.routes().filter(id__in=list(route_ids))}


class Shown:
    """One proposal, for its page. Read it inside a scope."""

    def __init__(self, row: Any) -> None:
        self.row = row
        self.line = lines_of([row])[0]

    @property
    def figures(self) -> Mapping[str, int]:
        """What doing nothing comes to, and what all of it does."""
        found: Mapping[str, int] = self.row.figures
        return found

    @property
    def is_searched(self) -> bool:
        """Whether its page is to be looked at again."""
        return bool(self.row.state == "asked")

    @property
    def may_be_decided(self) -> bool:
        """Whether it waits for a yes."""
        return bool(self.row.state == "made")

    @property
    def saved(self) -> int:
        """What it saves against doing nothing, in minor units."""
        return self.figures["cost_before"] - self.figures["cost_after"]

    @property
    def again(self) -> dict[str, str]:
        """What asks for another of its kind, as a form sends it."""
        row = self.row
        about = {"insert": "order_id", "retry": "stop_id"}.get(row.kind, "route_id")
        sent = {"kind": row.kind, about: row.key.partition(":")[2], "exception_id": str(row.exception_id or "")}
        return {name: value for name, value in sent.items() if value}

    @property
    def scopes(self) -> list[tuple[str, str]]:
        """How far another may go, what its kind suggests first."""
        kind = self.row.kind
        fit = [name for name in SCOPES if name != "route" or kind == "late"]
        return [(name, SCOPES[name]) for name in sorted(fit, key=lambda name: name != DEFAULT_SCOPE[kind])]

    @cached_property
    def reason(self) -> str:
        """Why it was declined, where somebody said so."""
        said = [event.data["reason"] for event in history("proposal", self.row.id) if event.type == "proposal.declined"]
        return str(said[-1]) if said else ""

    @cached_property
    def asked_by(self) -> str:
        """Who asked."""
        return _who(self.row.actor, accounts.names_of({self.row.actor}))

    @cached_property
    def sides(self) -> list[Side]:
        """Each route that changes, as it stood and as it would be."""
        before, after = self.row.before, self.row.after
        changed = [route for route in after if before.get(route, []) != after[route]]
        routes = {str(ident): route for ident, route in _routes(map(UUID, changed)).items()}
        return [self._side(route, routes[route]) for route in changed if route in routes]

    def _side(self, ident: str, route: Any) -> Side:
        stood, then = (_visits(routes.get(ident, [])) for routes in (self.row.before, self.row.after))
        come, go = len(then - stood), len(stood - then)
        said = [f"takes {counted(come, 'stop')}"] * bool(come) + [f"gives {counted(go, 'stop')}"] * bool(go)
        minutes = self.row.minutes.get(ident)
        read, read_at = self._reading(ident, route)
        return Side(
            route.vehicle.name,
            route.driver.name,
            " and ".join(said) or "another order",
            "" if minutes is None else ends(minutes),
            "" if not minutes else "warn" if minutes > 0 else "good",
            read,
            read_at,
        )

    def _reading(self, ident: str, route: Any) -> tuple[str, datetime | None]:
        """Of a route that was changed by it, whether its driver has said to have read that, and when."""
        if self.row.state != "accepted" or route.version <= self.row.versions.get(ident, route.version):
            return "", None
        if route.read_version > self.row.versions[ident]:
            return "Seen by the driver at", route.read_at
        return ("Not seen by the driver yet" if route.changed_at else ""), None

    @cached_property
    def promises(self) -> list[Fate]:
        """Those that fare otherwise with all of it, the worse ones first."""
        return self._fates(self.row.promises)

    @cached_property
    def parts(self) -> list[Part]:
        """Its hunks, in their order."""
        return [self._part(hunk) for hunk in sorted(self.row.hunks.all(), key=lambda hunk: hunk.number)]

    def _part(self, hunk: Any) -> Part:
        stops = [stop for visit in hunk.visits if not visit.startswith("m:") for stop in self._stops(visit)]
        return Part(hunk.number, hunk.words, HUNKS[hunk.state], hunk.needs, stops, self._fates(hunk.promises))

    @cached_property
    def left(self) -> list[Stop]:
        """What finds no place, each with the reason."""
        return [stop for left in self.row.left for stop in self._stops(left["visit"], plain(left["reason"]))]

    def _stops(self, visit: str, reason: str = "") -> list[Stop]:
        found = {self._briefs[task].order_id: self._called(task) for task in self._tasks[visit] if task in self._briefs}
        return [Stop(order_id, name, reason) for order_id, name in found.items()]

    def _fates(self, promises: Iterable[Mapping[str, Any]]) -> list[Fate]:
        made = [self._fate(said) for said in promises if said["task"] in self._briefs]
        return sorted(made, key=lambda one: ("bad", "warn", "good").index(one.look))

    def _fate(self, said: Mapping[str, Any]) -> Fate:
        owed = self._briefs[said["task"]].promise
        due = datetime.fromtimestamp(owed[1], UTC) if owed else None
        before, after = said["before"], said["after"]
        return Fate(said["order"], self._called(said["task"]), due, late(before), late(after), fate(before, after))

    def _called(self, task: str) -> str:
        brief = self._briefs[task]
        return f"{brief.order or ''} {brief.recipient}".strip() or "an order"

    @cached_property
    def _tasks(self) -> dict[str, list[str]]:
        """The tasks at each visit. Of what stays with a vehicle that stands still only the stop is known."""
        known = {visit: list(meaning["tasks"]) for visit, meaning in self.row.meanings.items()}
        for visit in (left["visit"] for left in self.row.left):
            kind, ident = visit.split(":", 1)
            if visit not in known:
                works = [] if kind == "t" else dispatch.stop(UUID(ident)).works.all()
                known[visit] = [ident] if kind == "t" else [str(work.task_id) for work in works]
        return known

    @cached_property
    def _briefs(self) -> dict[str, Any]:
        tasks = {task for found in self._tasks.values() for task in found}
        return orders.briefs(tasks | {said["task"] for said in self.row.promises})


def _visits(visits: Iterable[str]) -> set[str]:
    """Without the halts at which goods are taken over."""
    return {visit for visit in visits if not visit.startswith("m:")}
