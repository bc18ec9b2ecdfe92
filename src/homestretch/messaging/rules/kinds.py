"""Which fact causes which message, how long each can wait, and what must be true while it is sent. One table.

A new message is a line in `KINDS`, a line in `CAUSES` and a text per channel and language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

CHANNELS = ("sms", "email")
ON_ROUTE = frozenset({"scheduled", "in_progress"})


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of message.

    `patience` counts from the fact's `at` plus `delay`: older, it is kept and not sent. `orders` and `stops` are the
    states in which its premise holds; None: any (but no order that was cancelled). `open_work`: the order must still
    stand on the stop. `link`: its words must hold the tracking link. `consent`: only to those who consented.
    """

    patience: timedelta
    delay: timedelta = timedelta()
    orders: frozenset[str] | None = None
    stops: frozenset[str] | None = None
    open_work: bool = False
    link: bool = False
    consent: bool = True


KINDS: Mapping[str, Kind] = {
    "scheduled": Kind(
        timedelta(hours=36), orders=ON_ROUTE, stops=frozenset({"planned", "skipped"}), open_work=True, link=True
    ),
    "changed": Kind(
        timedelta(hours=14),
        orders=ON_ROUTE,
        stops=frozenset({"planned", "skipped", "en_route"}),
        open_work=True,
        link=True,
    ),
    "on_the_way": Kind(
        timedelta(minutes=45), orders=ON_ROUTE, stops=frozenset({"en_route"}), open_work=True, link=True
    ),
    "approaching": Kind(
        timedelta(minutes=15), orders=ON_ROUTE, stops=frozenset({"planned", "en_route"}), open_work=True
    ),
    "delivered": Kind(timedelta(hours=24), stops=frozenset({"completed", "partial"})),
    "failed": Kind(
        timedelta(hours=24),
        orders=ON_ROUTE | {"staged", "ready", "held", "failed", "partially_completed", "returned"},
        stops=frozenset({"failed", "partial"}),
    ),
    "pickup": Kind(timedelta(hours=36), orders=frozenset({"awaiting_pickup"}), link=True),
    "cancelled": Kind(timedelta(hours=24), orders=frozenset({"cancelled"})),
    "survey": Kind(timedelta(hours=48), timedelta(minutes=30), orders=frozenset({"completed"}), link=True),
    "invited": Kind(timedelta(hours=48), orders=frozenset({"staged", "ready"}), link=True),
    "link": Kind(timedelta(hours=14), link=True, consent=False),  # a person sends it: whether it may be was looked at
    "personal": Kind(timedelta(hours=14), consent=False),  # by a person: whether it may be written was looked at then
    "help": Kind(timedelta(hours=12), consent=False),  # an answer: the person wrote to us
}
WORDED = tuple(name for name in KINDS if name != "personal")  # by templates
SAID_BY_US = tuple(name for name in WORDED if name not in ("help", "link"))  # when a fact gives cause

# Fact -> kind, where it does not depend on how each order's work went.
CAUSES: Mapping[str, str] = {
    "order.scheduled": "scheduled",
    "order.awaiting_pickup": "pickup",
    "order.completed": "survey",
    "order.cancelled": "cancelled",
    "proposal.accepted": "changed",
    "stop.en_route": "on_the_way",
    "stop.approaching": "approaching",
}
TELLS_ANEW = ("changed", "pickup")  # a window in the place of another: once by each channel
# Facts that end a stop: each order hears how its own work went.
ENDS = ("stop.completed", "stop.partial", "stop.failed")
OUTCOMES: Mapping[str, str] = {"completed": "delivered", "partial": "delivered", "failed": "failed"}


@dataclass(frozen=True, slots=True)
class Facts:
    """How things stand when a message is about to be sent. `stop` is '' for a message about none."""

    order: str
    stop: str = ""
    work_open: bool = False
    rated: bool = False
    promised: bool = False
    told: bool = False  # the promise that stands, by this channel


def why_untrue(kind: str, facts: Facts) -> str:
    """Why the message must not be sent now; '' when its premise holds (I5)."""
    rule = KINDS[kind]
    if facts.order == "cancelled" and "cancelled" not in (rule.orders or ()):
        return "order_cancelled"
    if rule.orders is not None and facts.order not in rule.orders:
        return "premise_gone"
    if rule.stops is not None and facts.stop not in rule.stops:
        return "premise_gone"
    if rule.open_work and not facts.work_open:
        return "premise_gone"
    if kind in TELLS_ANEW and facts.told:
        return "told_already"
    if kind == "invited" and facts.promised:
        return "premise_gone"
    if kind == "survey" and facts.rated:
        return "rated_already"
    return ""
