"""An order in a recipient's words: strings for the template, which decides nothing but where they stand."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from homestretch.doors.track.texts import TEXTS
from homestretch.messaging.rules.shown import AHEAD
from homestretch.messaging.rules.speech import say_day, say_time, say_window
from homestretch.messaging.values import Expected, Shown, Step, Van

FRESH_S = 30  # the page looks for news this often, where scripts run


def page(shown: Shown) -> dict[str, Any]:
    """What the template shows."""
    words = TEXTS[shown.language]
    zone = ZoneInfo(shown.zone)
    return {
        "words": words,
        "language": shown.language,
        "organization": shown.organization,
        "title": _said(words, "title", reference=shown.reference),
        "status": words[shown.status],
        "bad": shown.status in {"missed", "failed", "returned", "cancelled"},
        "address": shown.address,
        "promised": say_window(shown.promised, zone, shown.language) if shown.promised else "",
        "expected": _expected(shown.expected, words, zone),
        "van": _van(shown.van, words, zone),
        "steps": [_step(step, words, zone, shown.language) for step in shown.steps],
        "instructions": shown.instructions,
        "may_instruct": shown.may_instruct,
        "may_rate": shown.may_rate,
        "rated": _said(words, "rated", score=str(shown.score)) if shown.score else "",
        "stars": [(number, word) for number, word in enumerate(words["stars"], start=1)],
        "channels": [(name, words[name], on) for name, on in shown.channels.items()],
        "questions": _said(words, "questions", phone=shown.phone) if shown.phone else "",
        "fresh_ms": FRESH_S * 1000 if shown.status in AHEAD else 0,
    }


def _said(words: Any, name: str, **values: str) -> str:
    return str(words[name]).format(**values)


def _expected(expected: Expected | None, words: Any, zone: ZoneInfo) -> dict[str, str]:
    """The expected time, always with its age (I9)."""
    if expected is None:
        return {}
    times = {
        "likely": say_time(expected.likely, zone),
        "earliest": say_time(expected.earliest, zone),
        "latest": say_time(expected.latest, zone),
    }
    return {
        "text": _said(words, "between", **times),
        "as_of": _said(words, "as_of", at=say_time(expected.made_at, zone)),
        "stale": str(words["stale"]) if expected.stale else "",
    }


def _van(van: Van | None, words: Any, zone: ZoneInfo) -> str:
    if van is None:
        return ""
    distance = f"{round(van.distance_m, -2)} m" if van.distance_m < 1000 else f"{van.distance_m / 1000:.1f} km"
    return _said(words, "van", distance=distance, at=_said(words, "as_of", at=say_time(van.at, zone)))


def _step(step: Step, words: Any, zone: ZoneInfo, language: str) -> dict[str, Any]:
    return {"word": words[step.name], "done": step.done, "at": _when(step.at, zone, language) if step.at else ""}


def _when(at: datetime, zone: ZoneInfo, language: str) -> str:
    return f"{say_day(at, zone, language)}, {say_time(at, zone)}"
