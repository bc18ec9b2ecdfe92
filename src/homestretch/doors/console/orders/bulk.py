"""Acts on many orders, as a form asks for them and as a page tells of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from django.http import HttpRequest

from homestretch.doors.console.forms import text
from homestretch.events.clock import now
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal
from homestretch.orders import actions
from homestretch.orders.rules.bulk import move, prioritize, read_move
from homestretch.orders.values import Act


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one order; no refusal: it was done."""

    order_id: UUID
    refusal: Refusal | None


def read(request: HttpRequest) -> Act:
    """The act that a form asks for. Refuses `bulk.act_unknown` and what its fields refuse."""
    name = request.POST.get("act", "")
    if name not in _READ:
        raise Refusal("bulk.act_unknown", "no such act", remedy="choose one of the list", field="act")
    return _READ[name](request)


def run(act: Act, order_ids: Sequence[UUID], by: Actor) -> list[Outcome]:
    """Do it to each order in turn, while somebody waits."""
    outcomes = []
    for order_id in order_ids:
        try:
            actions.act_on(order_id, act, by=by, at=now())
        except Refusal as refusal:
            outcomes.append(Outcome(order_id, refusal))
        else:
            outcomes.append(Outcome(order_id, None))
    return outcomes


_READ: Mapping[str, Callable[[HttpRequest], Act]] = {
    "move": lambda request: move(read_day(request), read_clock(request)),
    "priority": lambda request: prioritize(request.POST.get("priority", "")),
    "release": lambda _: Act("release"),
    "hold": lambda request: Act("hold", {"reason": text(request, "held_for")}),
    "free": lambda _: Act("free"),
    "cancel": lambda request: Act("cancel", {"reason": text(request, "reason")}),
}


def done(act: Act) -> str:
    """What orders are when it is done to them."""
    if act.name == "move":
        return f"moved to {read_move(act)[0]:%-d %B}"
    if act.name == "priority":
        return f"given priority {act.args['priority']}"
    return {"release": "released for planning", "hold": "put on hold", "free": "freed", "cancel": "cancelled"}[act.name]


def read_day(request: HttpRequest) -> date:
    """The form's day. Refuses `day.malformed`."""
    try:
        return date.fromisoformat(request.POST.get("day", ""))
    except ValueError as error:
        raise Refusal("day.malformed", "a day is missing", remedy="choose a day", field="day") from error


def read_clock(request: HttpRequest) -> tuple[time, time] | None:
    """The form's local times from and to; None where neither is given. Refuses `window.half`."""
    given = [request.POST.get(name, "") for name in ("from", "to")]
    if not any(given):
        return None
    try:
        return time.fromisoformat(given[0]), time.fromisoformat(given[1])
    except ValueError as error:
        raise Refusal("window.half", "a window wants both its ends", remedy="give from and to", field="from") from error
