"""What is proposed unasked, when something went off plan, and what of it needs no yes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from homestretch.recovery.rules.proposing import Prices
from homestretch.recovery.values import Cause, Wish

QUIET = timedelta(minutes=15)  # nothing is asked for the same cause again
RETRIED = ("recipient_absent", "business_closed", "no_access", "out_of_time")  # what may be otherwise later today
MOST_PLACED = 5  # orders that come in at once; more are a plan's work


def wish_for(cause: Cause, exception_id: UUID, route_id: UUID | None, prices: Prices) -> Wish | None:
    """What is asked when an exception is raised, by the policy; None: nothing. `route_id`: where the order stands."""
    if not prices.suggest_late_s:
        return None
    if cause.kind == "promise_at_risk" and cause.details["late_s"] >= prices.suggest_late_s and route_id is not None:
        return Wish("late", route_id=route_id, scope="routes", exception_id=exception_id)
    broken = cause.kind == "attempt_failed" and cause.reason == "vehicle_breakdown"
    if cause.kind == "vehicle_silent" or broken:
        return Wish("vehicle_down", route_id=cause.route_id, exception_id=exception_id)
    if cause.kind == "attempt_failed" and cause.reason in RETRIED and cause.severity != "high":
        return Wish("retry", stop_id=cause.stop_id, exception_id=exception_id)
    return None


def may_alone(kind: str, figures: Mapping[str, int], most: int) -> bool:
    """Whether an unasked proposal needs no yes: it moves few stops, leaves none, breaks no promise more.

    Never for a vehicle that is thought to be broken down: that takes all its work away, and it may only be silent.
    """
    few = most > 0 and figures["moved"] <= most
    return (
        few and kind != "vehicle_down" and not figures["left"] and figures["broken_after"] <= figures["broken_before"]
    )
