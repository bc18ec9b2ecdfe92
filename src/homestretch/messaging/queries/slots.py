"""What a recipient may choose from now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from homestretch.accounts import queries as accounts
from homestretch.dispatch import queries as dispatch
from homestretch.fleet import queries as fleet
from homestretch.fleet.values import Worked
from homestretch.kernel.geo import Point
from homestretch.kernel.windows import Window, local_day
from homestretch.messaging.rules import slots as rules
from homestretch.orders import queries as orders
from homestretch.orders.rules.blackouts import concerns
from homestretch.places import queries as places


@dataclass(frozen=True, slots=True)
class Choice:
    """Whether a recipient may choose, or `why` not; with the slots where they may. `first`: nothing is promised yet."""

    why: str
    first: bool
    slots: tuple[rules.Slot, ...] = ()


def choice_of(order_id: UUID, at: datetime) -> Choice:
    """What is offered for an order as of `at`. Refuses `order.not_found`."""
    order, organization = orders.get_order(order_id), accounts.organization()
    policy = policy_of(organization)
    tasks = [task for task in order.tasks.all() if task.state == "open"]
    promise = orders.current_promise(tasks[0].id) if tasks else None
    window = Window(promise.start, promise.end) if promise else None
    why = rules.why_fixed(order.state, len(tasks), window, policy, at)
    if why or (window is None and not (organization.booking or order.attempts)):
        return Choice(why or "slot.not_offered", window is None)
    found = rules.open_slots(policy, _slots(order, tasks[0], policy, at), at)
    return Choice("", window is None, tuple(slot for slot in found if slot.window != window))


def policy_of(organization: Any) -> rules.Policy:
    """What an organization offers."""
    cutoff = timedelta(seconds=organization.choice_cutoff_s)
    return rules.Policy(organization.choice_days, cutoff, organization.choice_windows, ZoneInfo(organization.zone))


def _slots(order: Any, task: Any, policy: rules.Policy, at: datetime) -> list[rules.Slot]:
    days = rules.days_ahead(policy, at)
    depots = [order.depot_id] if order.depot_id else []
    worked = fleet.worked_on(days, depots)
    served = _served(order, task, worked)
    span = Window(local_day(days[0], policy.zone).start, local_day(days[-1], policy.zone).end)
    pace = dispatch.pace(days[0], depots) or rules.STOP_S
    return rules.slots_of(policy, served, orders.promised_within(span), orders.unpromised_on(days), pace)


def _served(order: Any, task: Any, worked: dict[date, list[Worked]]) -> dict[date, Sequence[Worked]]:
    """The days on which nothing says that nothing is delivered there."""
    black = places.blackouts_on(list(worked))
    zones = {row.zone_id for rows in black.values() for row in rows if row.zone_id}
    place = task.place
    (held,) = places.inside([Point(place.lat, place.lon)], zones) if zones and place.lat is not None else [frozenset()]
    return {
        day: spans
        for day, spans in worked.items()
        if not any(concerns(row.depot_id, row.zone_id, order.depot_id, held) for row in black.get(day, ()))
    }
