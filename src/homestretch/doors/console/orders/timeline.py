"""What happened to an order, in words: facts of its own, of its stops, promises, messages, proofs, exceptions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from homestretch.accounts import queries as accounts
from homestretch.doors.console.words import EXCEPTIONS, PROMISED_BY, actor, plain
from homestretch.events.log import history

FIELDS = {
    "tasks": "what is to be done",
    "day": "the day",
    "pin": "the PIN",
    "depot_id": "the depot",
    "metadata": "its metadata",
    "recipient": "the recipient",
}
CAME_BY = {
    "import": "Taken in, by an import",
    "key": "Taken in, by the API",
    "person": "Taken in, written by hand",
    "system": "Taken in",
}
SHORT = 300  # seconds of lateness that nobody calls late
Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Moment:
    """A line: `look` is good, warn, bad or nothing."""

    at: datetime
    words: str
    who: str
    look: str = ""


def timeline_of(order: Any, stops: Iterable[Any], related: Mapping[str, Iterable[Any]], zone: ZoneInfo) -> list[Moment]:
    """All moments of an order, oldest first. `related`: ids by subject (message, exception, survey)."""
    subjects = [("order", order.id), *(("stop", stop.id) for stop in stops)]
    subjects += [("promise", promise.id) for task in order.tasks.all() for promise in task.promises.all()]
    subjects += [(subject, ident) for subject, idents in related.items() for ident in idents]
    events = [event for subject, ident in subjects for event in history(subject, ident)]
    colleagues = accounts.names_of({event.actor for event in events})
    in_turn = sorted(events, key=lambda event: (event.at, event.recorded_at, event.id))
    found = [_moment(event, zone, colleagues) for event in in_turn]
    return [moment for moment in found if moment is not None]


def _moment(event: Any, zone: ZoneInfo, colleagues: Mapping[str, str]) -> Moment | None:
    said = WORDS.get(event.type)
    if said is None:
        return None
    words, look = said
    text = words if isinstance(words, str) else words(event.data, zone)
    return Moment(event.at, text, colleagues.get(event.actor) or actor(event.actor), look) if text else None


def _clock(instant: Any, zone: ZoneInfo) -> str:
    return f"{datetime.fromisoformat(str(instant)).astimezone(zone):%H:%M}"


def _minutes(seconds: Any) -> str:
    return f"{round(int(seconds or 0) / 60)} min"


def _changed(data: Data, _: ZoneInfo) -> str:
    return f"Changed: {', '.join(FIELDS.get(name, name) for name in data['fields'])}"


def _promised(data: Data, zone: ZoneInfo) -> str:
    by = PROMISED_BY.get(data["source"], data["source"])
    return f"Promised {_clock(data['start'], zone)}–{_clock(data['end'], zone)}, {by}"


def _broken(data: Data, _: ZoneInfo) -> str:
    late = int(data.get("late_s") or 0)
    return f"The promise was broken{f', {_minutes(late)} late' if late > SHORT else ''}"


def _shifted(data: Data, zone: ZoneInfo) -> str:
    late = int(data.get("late_s") or 0)
    behind = f", {_minutes(late)} after the promised time" if late > SHORT else ""
    return f"Expected at {_clock(data['expected'], zone)} now{behind}"


def _arrived(data: Data, _: ZoneInfo) -> str:
    return "The vehicle stands at the place" if data.get("seen_by") == "geofence" else "Arrived"


def _reason(head: str, name: str = "reason") -> Callable[[Data, ZoneInfo], str]:
    def said(data: Data, _: ZoneInfo) -> str:
        reason = plain(data.get(name) or "").lower()
        return f"{head}: {reason}" if reason else head

    return said


def _message(head: str) -> Callable[[Data, ZoneInfo], str]:
    def said(data: Data, _: ZoneInfo) -> str:
        channel = {"sms": "SMS", "email": "e-mail"}.get(data.get("channel", ""), data.get("channel", ""))
        return head.format(kind=plain(data.get("kind", "")).lower(), channel=channel)

    return said


WORDS: Mapping[str, tuple[str | Callable[[Data, ZoneInfo], str], str]] = {
    "order.created": (lambda data, _: CAME_BY.get(data["source"], "Taken in"), ""),
    "order.updated": (_changed, ""),
    "order.staged": ("Waits until its place is located", "warn"),
    "order.ready": ("Ready to be planned", ""),
    "order.held": (lambda data, _: f"Put on hold: {data['reason']}" if data["reason"] else "Put on hold", "warn"),
    "order.awaiting_pickup": ("The recipient picks it up: it waits at the depot", ""),
    "order.pickup_dropped": ("To be brought after all", ""),
    "order.picked_up": (
        lambda data, _: f"Picked up at the depot{', against the PIN' if data['by_pin'] else ''}",
        "good",
    ),
    "order.scheduled": ("Put on a route", ""),
    "order.started": ("The route set out with it", ""),
    "order.cancelled": (_reason("Cancelled"), "bad"),
    "order.completed": ("Completed", "good"),
    "order.partially_completed": ("Completed in part", "warn"),
    "order.failed": (_reason("Failed, no attempt is left"), "bad"),
    "order.returned": ("The goods are back", ""),
    "stop.en_route": ("The driver set out to the stop", ""),
    "stop.approaching": ("The vehicle is near", ""),
    "stop.arrived": (_arrived, ""),
    "stop.departed": ("Left the stop", ""),
    "stop.completed": (_reason("Delivered, left with", "left_with"), "good"),
    "stop.partial": (_reason("Done in part"), "warn"),
    "stop.failed": (_reason("The attempt failed"), "bad"),
    "stop.skipped": ("Put off until later on the route", "warn"),
    "stop.cancelled": (_reason("Taken off the route"), "warn"),
    "stop.rescheduled": ("Another time was agreed", ""),
    "stop.reported_late": (_reason("The phone reported later, from offline", "outcome"), "warn"),
    "eta.shifted": (_shifted, ""),
    "promise.made": (_promised, ""),
    "promise.told": (_message("The promised time was told by {channel}"), ""),
    "promise.at_risk": ("The promise is at risk", "warn"),
    "promise.superseded": ("Another time took the promise's place", ""),
    "promise.kept": ("The promise was kept", "good"),
    "promise.broken": (_broken, "bad"),
    "message.queued": (_message("Message “{kind}” is to leave by {channel}"), ""),
    "message.sent": (_message("Message “{kind}” left by {channel}"), ""),
    "message.delivered": ("A message arrived", ""),
    "message.failed": (_reason("A message did not arrive", "why"), "warn"),
    "exception.raised": (
        lambda data, _: f"Exception: {EXCEPTIONS.get(data['kind'], plain(data['kind'])).lower()}",
        "warn",
    ),
    "exception.resolved": (lambda data, _: f"Exception settled: {data['resolution']}", ""),
    "proof.captured": (_reason("Proof was kept", "kind"), ""),
    "survey.requested": ("Asked for a rating", ""),
    "survey.submitted": (lambda data, _: f"Rated {data['score']} of 5", ""),
}
