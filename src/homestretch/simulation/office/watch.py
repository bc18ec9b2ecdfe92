"""The dispatcher's day: urgent orders, places to fix, exceptions, second attempts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from homestretch.kernel.units import read_instant
from homestretch.simulation.client import Refused
from homestretch.simulation.disruptions import USUALLY_URGENT
from homestretch.simulation.office.desk import Desk
from homestretch.simulation.office.orders import fix_places, of_day, tell

ROUND = timedelta(minutes=15)
URGENT_OVER = timedelta(hours=4)  # of more urgent orders than usual, the last comes so long after the first
HOME_BEFORE = timedelta(minutes=45)  # the end of the dispatcher's own day
RUNNING = ("released", "accepted", "loading", "started")
SETTLED_BY_HAND = ("stop_failed", "vehicle_silent", "order_unassigned")


@dataclass(slots=True)
class Dispatcher:
    """Looks round every quarter of an hour, from `start` to `end`."""

    desk: Desk
    start: datetime
    end: datetime
    urgent_at: datetime
    retry_from: datetime
    member_id: str | None = None
    seen: set[str] = field(default_factory=set)

    def rounds(self) -> Iterator[datetime]:
        """The story of the shift."""
        at = self.start
        told = 0
        while at <= self.end:
            yield at
            fix_places(self.desk, at)
            told = self._urgent(told, at)
            if at >= self.retry_from:
                self._again(at)
            self._exceptions(at)
            at += ROUND

    def _urgent(self, told: int, at: datetime) -> int:
        """Orders that came in the middle of the day, put onto a running route; returns how many were told by now."""
        urgent = self.desk.demand.urgent
        gap = URGENT_OVER / len(urgent) if len(urgent) > USUALLY_URGENT else timedelta()
        come = sum(self.urgent_at + gap * number <= at for number in range(len(urgent)))
        for order in tell(self.desk, urgent[told:come]):
            self._put(order, at, "day")
        return come

    def _again(self, at: datetime) -> None:
        """What was left or failed goes along with an evening van that has the time, whatever its window was."""
        for order in of_day(self.desk, state="ready"):
            self._put(order, at, "evening")

    def _put(self, order: dict[str, Any], at: datetime, when: str) -> None:
        routes = [route for route in self._routes() if route["state"] in RUNNING and self._has_time(route)]
        routes.sort(key=lambda route: (route["planned_end"], route["id"]))
        tasks = [task for task in order["tasks"] if task["state"] == "open"]
        for route in routes:
            if all(self._add(route["id"], task["id"]) for task in tasks):
                self.desk.note(at, f"puts {order['external_id']} onto a route of the {when}")
                return

    def _has_time(self, route: dict[str, Any]) -> bool:
        return read_instant(route["planned_end"]) < self.end - HOME_BEFORE

    def _routes(self) -> list[dict[str, Any]]:
        return self.desk.all("/routes", day=self.desk.scenario.day.isoformat())

    def _add(self, route_id: str, task_id: str) -> bool:
        try:
            self.desk.post(f"/routes/{route_id}/tasks", {"task_id": task_id, "accept_breaches": True})
        except Refused as refused:
            if refused.status in (404, 409, 412, 422):
                return False
            raise
        return True

    def _exceptions(self, at: datetime) -> None:
        """Take each new one on, and settle by hand what no fact will settle."""
        for row in self.desk.all("/exceptions", state="open"):
            if row["id"] not in self.seen:
                self.seen.add(row["id"])
                self.desk.note(at, f"sees {row['kind']}")
                self._assign(row)
            elif row["kind"] in SETTLED_BY_HAND:
                body = {"resolution": "called the people concerned"}
                self.desk.post(f"/exceptions/{row['id']}/resolve", body, key=self.desk.key("resolve", row["id"]))

    def _assign(self, row: dict[str, Any]) -> None:
        if self.member_id is None:
            return
        try:
            self.desk.change(
                "PATCH", f"/exceptions/{row['id']}", {"assigned_to": self.member_id}, version=row["version"]
            )
        except Refused as refused:
            if refused.status not in (404, 409, 412, 422):
                raise
