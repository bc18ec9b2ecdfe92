"""Days on which nothing is delivered."""

from __future__ import annotations

from homestretch.kernel.refusal import Refusal
from homestretch.places.values import BlackoutData

MAX_REASON = 200
MAX_DAYS = 366


def check_blackout(data: BlackoutData) -> None:
    """Refuses `blackout.ends_before_start`, `blackout.too_long`, `blackout.reason_invalid`,
    `blackout.depot_and_zone`."""
    days = (data.last - data.first).days + 1
    if days < 1:
        raise Refusal(
            "blackout.ends_before_start", "its last day is before its first", remedy="swap the two", field="last"
        )
    if days > MAX_DAYS:
        raise Refusal(
            "blackout.too_long", f"it lasts {days} days", remedy=f"at most {MAX_DAYS} days at a time", field="last"
        )
    if not 0 < len(data.reason.strip()) <= MAX_REASON:
        raise Refusal(
            "blackout.reason_invalid",
            "it gives no reason, or a long one",
            remedy=f"say in 1 to {MAX_REASON} characters why: those who ask are told",
            field="reason",
        )
    if data.depot_id is not None and data.zone_id is not None:
        raise Refusal(
            "blackout.depot_and_zone",
            "it names a depot and a zone",
            remedy="name one of them; none: the whole organization",
            field="zone_id",
        )
