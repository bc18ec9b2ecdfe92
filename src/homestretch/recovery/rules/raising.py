"""What is off plan, how bad it is, and what ends it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from homestretch.kernel.actor import Kind
from homestretch.kernel.units import iso
from homestretch.recovery.values import Cause
from homestretch.tracking.rules.forecast import GRAVER_S

KINDS = (
    *("attempt_failed", "promise_at_risk", "vehicle_silent", "unassigned", "reported_late", "report_refused"),
    *("recipient_problem", "not_picked_up", "change_unread"),
)
SEVERITIES = ("low", "medium", "high")
STATES = ("open", "resolved")
LATE_MEDIUM_S, LATE_HIGH_S = GRAVER_S
URGENT = 5  # priority of an order from which leaving it out is grave
WAITING = ("ready", "failed")  # an order that waits for a decision after its attempt
# Why what is still owed left its route without an attempt, whoever decided it: it wants a place, or a word.
LEFT_OPEN = ("out_of_time", "rejected", "recalled", "removed")
OWNED = ("unassigned", "not_picked_up")  # kinds that are somebody's from the first moment
OUTCOMES = ("completed", "partial", "failed")
# What ends an order's exceptions, and of which kinds.
ENDED_BY: dict[str, tuple[str, ...]] = {
    "order.scheduled": ("attempt_failed", "unassigned"),
    "order.awaiting_pickup": ("attempt_failed", "promise_at_risk", "unassigned"),
    "order.completed": ("attempt_failed", "promise_at_risk", "unassigned"),
    "order.partially_completed": ("attempt_failed", "promise_at_risk", "unassigned"),
    "order.held": ("attempt_failed", "unassigned"),
    "order.cancelled": ("attempt_failed", "promise_at_risk", "unassigned", "not_picked_up"),
    "order.returned": ("attempt_failed", "promise_at_risk", "unassigned"),
    "order.failed": ("promise_at_risk", "unassigned"),
}


def failed_attempt(order_id: UUID, order_state: str, reason: str, route_id: UUID, stop_id: UUID) -> Cause:
    """An attempt failed: grave when it was the last one."""
    severity = "high" if order_state == "failed" else "medium"
    return Cause("attempt_failed", f"attempt_failed:{order_id}", severity, reason, order_id, route_id, stop_id)


def promise_at_risk(promise_id: UUID, order_id: UUID, late_s: int) -> Cause:
    """The forecast has a promise broken: the later, the graver (15 minutes, one hour)."""
    severity = "high" if late_s >= LATE_HIGH_S else "medium" if late_s >= LATE_MEDIUM_S else "low"
    details = {"promise_id": str(promise_id), "late_s": late_s}
    return Cause("promise_at_risk", promise_key(promise_id), severity, "late", order_id=order_id, details=details)


def promise_key(promise_id: object) -> str:
    """The cause's name."""
    return f"promise_at_risk:{promise_id}"


def silent_vehicle(vehicle_id: UUID, route_id: UUID, last_at: str | None) -> Cause:
    """A vehicle on the road says nothing: nobody knows whether its day goes on."""
    details = {"vehicle_id": str(vehicle_id), "last_at": last_at}
    return Cause("vehicle_silent", silent_key(route_id), "high", "silent", route_id=route_id, details=details)


def silent_key(route_id: object) -> str:
    """The cause's name."""
    return f"vehicle_silent:{route_id}"


def unread_change(route_id: UUID, since: datetime) -> Cause:
    """Stops of a route were changed, and its driver has not said to have read it."""
    details = {"since": iso(since)}
    return Cause("change_unread", unread_key(route_id), "medium", "unread", route_id=route_id, details=details)


def unread_key(route_id: object) -> str:
    """The cause's name."""
    return f"change_unread:{route_id}"


def unassigned(order_id: UUID, priority: int, reason: str, details: dict[str, object]) -> Cause:
    """An order is on no route: grave when it is urgent."""
    severity = "high" if priority >= URGENT else "medium"
    return Cause("unassigned", f"unassigned:{order_id}", severity, reason, order_id=order_id, details=details)


def member_of(actor: str) -> UUID | None:
    """The member of staff that a fact's actor is, if it is one."""
    kind, _, ident = actor.partition(":")
    return UUID(ident) if kind == Kind.PERSON else None


def reported_late(stop_id: UUID, route_id: UUID, order_id: UUID | None, stop_state: str, outcome: str) -> Cause | None:
    """A phone says that a stop ended otherwise than it stands. Grave when goods may have changed hands; None when the
    report agrees, or was about no outcome."""
    if outcome not in OUTCOMES or outcome == stop_state:
        return None
    severity = "medium" if outcome == "failed" else "high"
    details = {"stands": stop_state, "reported": outcome}
    return Cause("reported_late", f"reported_late:{stop_id}", severity, outcome, order_id, route_id, stop_id, details)


def refused_report(intent_id: UUID, details: dict[str, object]) -> Cause:
    """A driver did something at a stop that was another's by then: only a person can tell what became of the goods."""
    return Cause("report_refused", f"report_refused:{intent_id}", "high", str(details["outcome"]), details=details)


def not_picked_up(promise_id: UUID, order_id: UUID, depot_id: UUID) -> Cause:
    """Nobody came to the depot in the window that was promised: somebody must ask whether they still will."""
    details = {"promise_id": str(promise_id), "depot_id": str(depot_id)}
    return Cause("not_picked_up", missed_key(promise_id), "medium", "", order_id=order_id, details=details)


def missed_key(promise_id: object) -> str:
    """The cause's name: it ends with the promise."""
    return f"not_picked_up:{promise_id}"


def recipients_problem(order_id: UUID, what: str) -> Cause:
    """A recipient says that something is wrong: only a person can settle it. Grave where the goods are said missing."""
    severity = "high" if what in ("not_received", "wrong_goods") else "medium"
    return Cause("recipient_problem", f"recipient_problem:{order_id}", severity, what, order_id=order_id)


def graver(one: str, other: str) -> str:
    """The worse of two severities."""
    return max(one, other, key=SEVERITIES.index)
