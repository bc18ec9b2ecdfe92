"""A conversation as the desk shows it: whose, about what, by which channels it can go on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from homestretch.dispatch import queries as dispatch
from homestretch.dispatch.rules.automata import LIVE_ROUTE
from homestretch.messaging import queries
from homestretch.messaging.queries import Line
from homestretch.orders import queries as orders

CHANNELS = {"sms": "SMS", "email": "E-mail", "page": "Tracking page"}
KINDS = {
    "scheduled": "When it comes",
    "changed": "Comes later",
    "cancelled": "Called off",
    "on_the_way": "On the way",
    "approaching": "Nearly there",
    "delivered": "How it went",
    "failed": "What went wrong",
    "survey": "Question how it went",
    "invited": "Question for a time",
    "link": "Tracking link",
    "help": "Answer to HELP",
    "stop": "STOP",
    "start": "START",
    "problem": "Problem",
}
STATES = {  # what it is called, and the kind of its chip
    "planned": ("Waits to leave", "is-quiet"),
    "sending": ("Being sent", "is-quiet"),
    "sent": ("Sent", ""),
    "delivered": ("Delivered", "is-good"),
    "deferred": ("Will be tried again", "is-warn"),
    "unknown": ("Perhaps sent", "is-warn"),
    "refused": ("Refused", "is-bad"),
    "failed": ("Not delivered", "is-bad"),
    "dropped": ("Not sent", "is-quiet"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A line with its words: `state` and `look` of what we said, `why` in a few words where it did not go out."""

    line: Line
    channel: str
    kind: str
    state: str = ""
    look: str = ""
    why: str = ""

    @property
    def by_program(self) -> bool:
        """Whether nobody wrote it: its words are of interest only if somebody asks."""
        return self.line.side == "out" and self.line.kind != "personal"


@dataclass(frozen=True, slots=True)
class Conversation:
    """One order's. `ways` are the channels by which its recipient may be written to; `route` is the live one that the
    order stands on, with `stop_id`, if any: its driver can be told something."""

    order: Any
    recipient: Any
    lines: tuple[Said, ...]
    waits: bool
    ways: tuple[tuple[str, str, str], ...]
    route: Any = None
    stop_id: UUID | None = None
    told: tuple[Any, ...] = ()


def conversation_of(order_id: UUID) -> Conversation:
    """All that was said about an order. Refuses `order.not_found`."""
    order = orders.get_order(order_id)
    recipient, lines = order.recipient, queries.thread(order_id)
    route, stop_id = _under_way(order_id)
    return Conversation(
        order=order,
        recipient=recipient,
        lines=tuple(_said(line) for line in lines),
        waits=any(line.waits for line in lines),
        ways=_ways(recipient),
        route=route,
        stop_id=stop_id,
        told=tuple(dispatch.driver_messages(route.id)) if route else (),
    )


def _said(line: Line) -> Said:
    state, look = STATES.get(line.state, ("", ""))
    return Said(
        line, CHANNELS[line.channel], KINDS.get(line.kind, ""), state, look, line.why.replace("_", " ").capitalize()
    )


def _ways(recipient: Any) -> tuple[tuple[str, str, str], ...]:
    """(channel, its name, the address) of each by which somebody can be reached and has not said STOP."""
    reach = {"sms": recipient.phone, "email": recipient.email}
    return tuple(
        (name, CHANNELS[name], address)
        for name, address in reach.items()
        if address and not orders.is_silent(recipient, name)
    )


def _under_way(order_id: UUID) -> tuple[Any, UUID | None]:
    for stop in reversed(dispatch.stops_for_order(order_id)):
        if stop.route.state in LIVE_ROUTE and any(work.live and work.order_id == order_id for work in stop.works.all()):
            return dispatch.route(stop.route_id), stop.id
    return None, None
