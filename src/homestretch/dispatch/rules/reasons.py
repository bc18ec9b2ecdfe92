"""Why a stop failed, where its goods were left, why it was taken off: the lists that docs and phones read."""

from __future__ import annotations

from homestretch.kernel.refusal import Refusal

# A failed attempt, with the X12 1651 status reason (EDI 214) where there is one.
REASONS: dict[str, str | None] = {
    "recipient_absent": "AQ",
    "address_not_found": "A5",
    "address_wrong": "A2",
    "refused": "BS",
    "damaged": None,
    "business_closed": "B1",
    "no_access": "B8",
    "out_of_time": "BH",
    "recipient_rescheduled": "AD",
    "item_missing": None,
    "payment_not_received": "B4",
    "proof_missing": None,
    "previous_stop": "AL",
    "vehicle_breakdown": "AI",
    "accident": "AF",
    "weather": "AO",
    "road_closed": "BE",
    "driver_unavailable": "D2",
    "dispatch_error": "D1",
    "missorted": "AA",
    "other": "BG",
}
LEFT_WITH = ("recipient", "household_member", "neighbor", "safe_place", "mailbox", "pickup_point", "other")
# A stop that was taken off its route without an attempt.
CANCELLATIONS = ("out_of_time", "rejected", "recalled", "removed", "order_cancelled")


def read_reason(reason: str) -> str:
    """A reason of the list. Refuses `stop.reason_missing`, `stop.reason_unknown`."""
    if not reason:
        raise Refusal(
            "stop.reason_missing", "an attempt that failed needs a reason", remedy=_one_of(REASONS), field="reason"
        )
    if reason not in REASONS:
        raise Refusal("stop.reason_unknown", f"{reason[:30]!r} is no reason", remedy=_one_of(REASONS), field="reason")
    return reason


def read_left_with(left_with: str) -> str:
    """With whom the goods were left; '' = not said. Refuses `stop.left_with_unknown`."""
    if left_with and left_with not in LEFT_WITH:
        raise Refusal(
            "stop.left_with_unknown", f"{left_with[:30]!r} is none", remedy=_one_of(LEFT_WITH), field="left_with"
        )
    return left_with


def _one_of(names: dict[str, str | None] | tuple[str, ...]) -> str:
    return f"one of {', '.join(names)}"
