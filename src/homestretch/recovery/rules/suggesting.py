"""What is proposed unasked, when something went off plan, and what of it needs no yes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from homestretch.recovery.rules.proposing import Prices
from homestretch.recovery.values import Cause, Wish

QUIET = timedelta(minutes=15)  # nothing is asked for the same cause again
RETRIED = ("recipient_absent", "business_closed", "no_access", "out_of_time")  # what may be otherwise later today
STANDS_STILL = ("vehicle_breakdown", "accident", "driver_unavailable")  # of a stop that failed: so will the others
MOST_PLACED = 5  # orders that come in at once; more are a plan's work


@dataclass(frozen=True, slots=True)
class About:
    """What an exception is about; `route_id` is where its order stands, if it names no route itself."""

    exception_id: UUID
    route_id: UUID | None = None
    stop_id: UUID | None = None
    order_id: UUID | None = None


def wish_about(kind: str, reason: str, severity: str, about: About) -> Wish | None:
    """What can be asked about an exception; None: no change of routes would settle it, as after
    the last attempt."""
    broken = kind == "attempt_failed" and reason in STANDS_STILL
    if about.route_id is not None and (kind == "vehicle_silent" or broken):
        return Wish("vehicle_down", route_id=about.route_id, exception_id=about.exception_id)
    if about.route_id is not None and kind == "promise_at_risk":
        return Wish("late", route_id=about.route_id, scope="routes", exception_id=about.exception_id)
    if about.stop_id is not None and kind == "attempt_failed" and severity != "high":
        return Wish("retry", stop_id=about.stop_id, exception_id=about.exception_id)
    if about.order_id is not None and kind == "unassigned":
        return Wish("insert", order_id=about.order_id, exception_id=about.exception_id)
    return None


def wish_for(cause: Cause, exception_id: UUID, route_id: UUID | None, prices: Prices) -> Wish | None:
    """What is asked unasked when an exception is raised, by the policy; None: nothing. `route_id`: where the order
    stands."""
    about = About(exception_id, cause.route_id or route_id, cause.stop_id, cause.order_id)
    wish = wish_about(cause.kind, cause.reason, cause.severity, about)
    if wish is None or not prices.suggest_late_s:
        return None
    if wish.kind == "late" and cause.details["late_s"] < prices.suggest_late_s:
        return None
    if wish.kind == "retry" and cause.reason not in RETRIED:
        return None
    return None if wish.kind == "insert" else wish  # an order that comes in is asked for when it is ready


def placing(order_id: UUID) -> Wish:
    """What is asked when an order becomes ready while routes run: others may make room for it, at the price of that."""
    return Wish("insert", order_id=order_id, scope="routes")


def may_alone(kind: str, figures: Mapping[str, int], most: int) -> bool:
    """Whether an unasked proposal needs no yes: it moves few stops, leaves none, breaks no promise more.

    Never for a vehicle that is thought to be broken down: that takes all its work away, and it may only be silent.
    """
    few = most > 0 and figures["moved"] <= most
    return (
        few and kind != "vehicle_down" and not figures["left"] and figures["broken_after"] <= figures["broken_before"]
    )
