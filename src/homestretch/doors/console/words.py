"""What codes are called on the console's pages."""

from __future__ import annotations

from collections.abc import Mapping

from homestretch.kernel.refusal import Refusal

ORDER_STATES: Mapping[str, tuple[str, str]] = {  # what it is called, and the kind of its chip
    "draft": ("Draft", "is-quiet"),
    "staged": ("Waits for a place", "is-warn"),
    "ready": ("To plan", ""),
    "held": ("On hold", "is-warn"),
    "awaiting_pickup": ("Waits for pickup", "is-warn"),
    "scheduled": ("On a route", ""),
    "in_progress": ("Under way", ""),
    "completed": ("Completed", "is-good"),
    "partially_completed": ("In part", "is-warn"),
    "failed": ("Failed", "is-bad"),
    "returned": ("Returned", "is-quiet"),
    "cancelled": ("Cancelled", "is-quiet"),
}
TASK_STATES: Mapping[str, tuple[str, str]] = {
    "open": ("To do", ""),
    "completed": ("Done", "is-good"),
    "partial": ("In part", "is-warn"),
    "failed": ("Failed", "is-bad"),
    "cancelled": ("Cancelled", "is-quiet"),
}
PLACE_STATES: Mapping[str, tuple[str, str]] = {
    "located": ("Located", "is-good"),
    "queued": ("Being looked up", "is-quiet"),
    "needs_review": ("Needs a look", "is-warn"),
    "not_located": ("Not found", "is-bad"),
}
IMPORT_STATES: Mapping[str, tuple[str, str]] = {
    "received": ("To be mapped", "is-warn"),
    "checking": ("Being checked", ""),
    "checked": ("Checked", ""),
    "running": ("Being taken in", ""),
    "completed": ("Taken in", "is-good"),
    "failed": ("Broke off", "is-bad"),
    "undoing": ("Being undone", ""),
    "undone": ("Undone", "is-quiet"),
}
EXCEPTIONS: Mapping[str, str] = {
    "attempt_failed": "Attempt failed",
    "promise_at_risk": "Promise at risk",
    "vehicle_silent": "Vehicle silent",
    "change_unread": "Changed route not read by the driver",
    "unassigned": "On no route",
    "reported_late": "Reported late",
    "report_refused": "Report refused",
    "recipient_problem": "Problem reported",
    "not_picked_up": "Not picked up",
}
CHANNELS: Mapping[str, str] = {"sms": "SMS", "email": "e-mail"}
KINDS: Mapping[str, str] = {"deliver": "Deliver", "collect": "Collect", "service": "Service"}
PROMISED_BY: Mapping[str, str] = {
    "release": "by the plan",
    "booking": "when it was booked",
    "recipient": "chosen by the recipient",
    "operator": "by us",
    "pickup": "chosen by the recipient, to pick it up",
}
ACTORS: Mapping[str, str] = {
    "person": "a colleague",
    "driver": "the driver",
    "key": "a program",
    "link": "the recipient",
    "device": "a tracker",
    "system": "Homestretch",
}


def actor(written: str) -> str:
    """Who did it, of an actor as the log writes them."""
    return ACTORS.get(written.split(":", 1)[0], written)


def said(refusal: Refusal) -> str:
    """A refusal in a line: what is so, what helps, and its code."""
    remedy = f": {refusal.remedy}" if refusal.remedy else ""
    return f"{refusal.cause[:1].upper()}{refusal.cause[1:]}{remedy}. ({refusal.code})"


def plain(code: str) -> str:
    """A code as a sentence begins: `recipient_absent` is `Recipient absent`."""
    return code.replace("_", " ").replace(":", ": ").capitalize()
