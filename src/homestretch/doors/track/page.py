"""An order in a recipient's words: strings for the template, which decides nothing but where they stand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.staticfiles import finders

from homestretch.doors.track.colors import accent_of
from homestretch.doors.track.texts import TEXTS
from homestretch.kernel.geo import Point
from homestretch.messaging.rules.shown import AHEAD
from homestretch.messaging.rules.speech import say_day, say_done, say_time, say_window
from homestretch.messaging.rules.surveys import PROBLEMS, tags_for
from homestretch.messaging.values import Expected, Shot, Shown, SlotShown, Step, Van
from homestretch.web.maps import MODES

FRESH_S = 30  # the page looks for news this often, where scripts run
OURS = "#0b6b53"
MAP_SCRIPT = "web/built/track-map.js"
DONE = {"completed": "completed", "partially_completed": "partial"}
BAD = frozenset({"missed", "failed", "returned", "cancelled"})


def page(shown: Shown) -> dict[str, Any]:
    """What the template shows."""
    words = TEXTS[shown.language]
    zone = ZoneInfo(shown.zone)
    return {
        "words": words,
        "language": shown.language,
        "direction": words["direction"],
        "organization": shown.organization,
        "logo": shown.logo,
        "accent": accent_of(shown.accent or OURS),
        "title": _said(words, "title", reference=shown.reference),
        "questions": shown.phone,
        **live(shown),
        **_driver(shown, words),
        **_slots(shown, words, zone),
        **_pickups(shown, words, zone),
        **_after(shown, words),
        "channels": [(name, words[name], on) for name, on in shown.channels.items()],
    }


def live(shown: Shown) -> dict[str, Any]:
    """The part that changes by itself."""
    words, zone = TEXTS[shown.language], ZoneInfo(shown.zone)
    return {
        "words": words,
        "status": _status(shown, words),
        "bad": shown.status in BAD,
        "when": _when_due(shown, words, zone),
        "expected": _expected(shown.expected, words, zone),
        "promised": _promised(shown, words, zone),
        "before": _before(shown.stops_before, words),
        "told": shown.promised is not None and any(shown.channels.values()),
        "van": _van(shown.van, words, zone),
        "on_map": _on_map(shown),
        "steps": _steps(shown.steps, words, zone, shown.language),
        "items": shown.items,
        "address": shown.address,
        "depot": shown.pickup.name if shown.pickup else "",
        "preparing": shown.status in ("received", "scheduled", "missed"),
        "fresh_ms": FRESH_S * 1000 if shown.status in AHEAD else 0,
    }


def _said(words: Any, which: str, **values: str) -> str:
    return str(words[which]).format(**values)


def _status(shown: Shown, words: Any) -> str:
    """Where the order is; of what is done, what was done."""
    if shown.status not in DONE:
        return str(words[shown.status])
    said = say_done("pickup" if shown.pickup else shown.kind, DONE[shown.status], shown.language)
    return said[:1].upper() + said[1:]


def _day(at: datetime, shown: Shown, words: Any, zone: ZoneInfo) -> str:
    """Today, Tomorrow, or the day."""
    day, today = at.astimezone(zone).date(), shown.as_of.astimezone(zone).date()
    known = {today: words["today"], today + timedelta(days=1): words["tomorrow"]}
    return str(known.get(day) or say_day(at, zone, shown.language))


def _when_due(shown: Shown, words: Any, zone: ZoneInfo) -> dict[str, str]:
    """The large line: the forecast's span while there is one, else what is promised."""
    if shown.expected is not None:
        low, high = _rounded(shown.expected)
        span = f"{say_time(low, zone)} – {say_time(high, zone)}"
        return {"label": words["expected"], "day": _day(low, shown, words, zone), "span": span}
    ended = next((step.at for step in shown.steps if step.name == "done" and step.done), None)
    if ended is not None:
        return {"label": words["step_done"], "day": _day(ended, shown, words, zone), "span": say_time(ended, zone)}
    if shown.promised is None or shown.status not in ("received", "awaiting_pickup", *AHEAD):
        return {}
    span = f"{say_time(shown.promised.start, zone)} – {say_time(shown.promised.end, zone)}"
    return {"label": words["promised"], "day": _day(shown.promised.start, shown, words, zone), "span": span}


def _rounded(expected: Expected) -> tuple[datetime, datetime]:
    """The span out to whole five minutes: a minute more would claim what nobody knows."""
    step = timedelta(minutes=5)
    low = expected.earliest - (expected.earliest - datetime.min.replace(tzinfo=expected.earliest.tzinfo)) % step
    over = (expected.latest - datetime.min.replace(tzinfo=expected.latest.tzinfo)) % step
    return low, expected.latest + (step - over if over else timedelta())


def _promised(shown: Shown, words: Any, zone: ZoneInfo) -> str:
    """The promise beside the forecast; alone it stands large already."""
    if shown.promised is None or shown.expected is None:
        return ""
    return say_window(shown.promised, zone, shown.language)


def _expected(expected: Expected | None, words: Any, zone: ZoneInfo) -> dict[str, str]:
    """What stands under the expected span: always its age (I9)."""
    if expected is None:
        return {}
    return {
        "likely": _said(words, "likely", likely=say_time(expected.likely, zone)),
        "as_of": _said(words, "as_of", at=say_time(expected.made_at, zone)),
        "stale": str(words["stale"]) if expected.stale else "",
    }


def _before(count: int | None, words: Any) -> str:
    if count is None:
        return ""
    name = f"before_{count}" if count < 3 else "before_many"
    return _said(words, name, count=str(count))


def _van(van: Van | None, words: Any, zone: ZoneInfo) -> str:
    if van is None:
        return ""
    distance = f"{round(van.distance_m, -2)} m" if van.distance_m < 1000 else f"{van.distance_m / 1000:.1f} km"
    return _said(words, "van", distance=distance, at=_said(words, "as_of", at=say_time(van.at, zone)))


def _on_map(shown: Shown) -> dict[str, Any]:
    """What the map is drawn from, where a map that was added covers both, and the script that draws it was built."""
    if shown.van is None or shown.place is None or not finders.find(MAP_SCRIPT):
        return {}
    points = [Point(shown.van.lat, shown.van.lon), Point(*shown.place)]
    served = settings.HOMESTRETCH_MAPS.over(points)
    if served is None:
        return {}
    styles = {mode: served.style_address(mode) for mode in MODES}
    return {
        **styles,
        "attribution": served.attribution if served.style else "",
        "van": f"{shown.van.lon:.6f},{shown.van.lat:.6f}",
        "door": f"{shown.place[1]:.6f},{shown.place[0]:.6f}",
    }


def _steps(steps: tuple[Step, ...], words: Any, zone: ZoneInfo, language: str) -> list[dict[str, Any]]:
    last = max((number for number, step in enumerate(steps) if step.done), default=-1)
    return [
        {
            "word": words[f"step_{step.name}"],
            "done": step.done,
            "current": number == last,
            "at": _when(step.at, zone, language) if step.at else "",
        }
        for number, step in enumerate(steps)
    ]


def _when(at: datetime, zone: ZoneInfo, language: str) -> str:
    return f"{say_day(at, zone, language)}, {say_time(at, zone)}"


def _driver(shown: Shown, words: Any) -> dict[str, Any]:
    """What helps the driver."""
    door = shown.door
    return {
        "instructions": shown.instructions,
        "may_instruct": shown.may_instruct,
        "door": door,
        "places": [(name, words[f"leave_{name}"], name == door.leave_with) for name in ("", *shown.may_leave_with)]
        if shown.may_leave_with
        else [],
    }


def _slots(shown: Shown, words: Any, zone: ZoneInfo) -> dict[str, Any]:
    """What may be chosen, day by day."""
    days = [
        (day, [(slot.start.isoformat(), span) for slot, span in slots])
        for day, slots in _by_day(shown.slots, shown, words, zone)
    ]
    title = words["choose_first" if shown.choose_first else "choose_again"]
    return {"may_choose": shown.may_choose, "choose_first": shown.choose_first, "choose": title, "days": days}


def _pickups(shown: Shown, words: Any, zone: ZoneInfo) -> dict[str, Any]:
    """Where and when the goods may be taken instead, day by day."""
    days = [
        (day, [(slot.end.isoformat(), span) for slot, span in slots])
        for day, slots in _by_day(shown.pickups, shown, words, zone)
    ]
    return {"may_pick_up": shown.may_pick_up, "pickup_days": days, "offered_at": shown.offered_at}


def _by_day(
    slots: Iterable[SlotShown], shown: Shown, words: Any, zone: ZoneInfo
) -> list[tuple[str, list[tuple[SlotShown, str]]]]:
    """Windows under the days that they are on, each with its span."""
    days = groupby(slots, key=lambda slot: slot.start.astimezone(zone).date())
    return [
        (
            _day(same[0].start, shown, words, zone),
            [(slot, f"{say_time(slot.start, zone)} – {say_time(slot.end, zone)}") for slot in same],
        )
        for same in (list(slots) for _, slots in days)
    ]


def _after(shown: Shown, words: Any) -> dict[str, Any]:
    """Proof, rating, problems."""
    return {
        "left_with": words.get(f"left_{shown.left_with}", "") if shown.left_with else "",
        "taken_by": [_said(words, "taken_by", name=one.text) for one in shown.proofs if one.kind == "name"],
        "shots": [(one.id, _alt(one, words)) for one in shown.proofs if one.image],
        "may_rate": shown.may_rate,
        "rated": _said(words, "rated", score=str(shown.score)) if shown.score else "",
        "may_say_more": shown.may_say_more,
        "tags": [(name, words[f"tag_{name}"]) for name in tags_for(shown.score or 3)],
        "stars": [(number, word) for number, word in enumerate(words["stars"], start=1)],
        "may_report": shown.may_report,
        "reported": words["reported"] if shown.reported else "",
        "problems": [(name, words[f"problem_{name}"]) for name in PROBLEMS],
    }


def _alt(shot: Shot, words: Any) -> str:
    return str(words["proof_signature" if shot.kind == "signature" else "proof_photo"])
