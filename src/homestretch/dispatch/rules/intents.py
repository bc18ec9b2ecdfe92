"""What a phone may say: the kinds of intent, what each must carry, and in which order they are taken."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from homestretch.kernel.refusal import Refusal

MAX_AHEAD = timedelta(hours=24)
MAX_BODY = 8_000  # characters of JSON
MAX_TEXT = 2_000
MAX_INTENTS = 500
PIN_TRIES = 5

# kind -> ids that its body must carry
KINDS: Mapping[str, tuple[str, ...]] = {
    "accept_route": ("route_id",),
    "read_route": ("route_id",),
    "reject_route": ("route_id",),
    "start_loading": ("route_id",),
    "start_route": ("route_id",),
    "finish_route": ("route_id",),
    "break_start": ("route_id",),
    "break_end": ("route_id",),
    "scan": ("route_id",),
    "set_out": ("stop_id",),
    "arrive": ("stop_id",),
    "complete": ("stop_id",),
    "partial": ("stop_id",),
    "fail": ("stop_id",),
    "skip": ("stop_id",),
    "depart": ("stop_id",),
    "note": ("stop_id",),
    "proof": ("stop_id",),
}
# A tap at a stop, and the state that it asks for.
ASKS = {
    "set_out": "en_route",
    "arrive": "arrived",
    "complete": "completed",
    "partial": "partial",
    "fail": "failed",
    "skip": "skipped",
}
# Refusals that only say: too late. The intent is kept as late, and as a fact where it is about a stop.
LATE = (
    "stop.not_open",
    "stop.bad_transition",
    "stop.superseded",
    "stop.departed_already",
    "route.bad_transition",
    "route.over",
)
# kind of scan -> (state of the package, word in the log)
SCANS = {
    "load": ("on_board", "loaded"),
    "collect": ("on_board", "collected"),
    "deliver": ("delivered", "delivered"),
    "return": ("returned", "returned"),
    "hand_over": ("handed_over", "handed_over"),
    "missing": ("missing", "missing"),
}
STAYS = ("stop_id", "route_id", "proof", "sha256", "reason", "left_with")
WORDED = ("name", "note")  # proofs whose text is a person's
PROOFS = ("photo", "signature", "name", "scan", "pin", "note")
WITH_BLOB = ("photo", "signature")


def in_order(intents: Iterable[Any]) -> list[Any]:
    """As the phone's own counter has it; its clock, then the id, where two are equal."""
    return sorted(intents, key=lambda intent: (intent.counter, intent.at, intent.id))


def check_intent(kind: str, body: Mapping[str, Any], at: datetime, received_at: datetime) -> None:
    """Refuses `intent.kind_unknown`, `intent.too_large`, `intent.clock_ahead`, `intent.malformed`."""
    if kind not in KINDS:
        raise Refusal("intent.kind_unknown", "there is no such kind of intent", remedy=f"one of {', '.join(KINDS)}")
    if len(json.dumps(body)) > MAX_BODY:
        raise Refusal("intent.too_large", "the intent is too large", remedy=f"at most {MAX_BODY} characters of JSON")
    if at - received_at > MAX_AHEAD:
        raise Refusal(
            "intent.clock_ahead",
            "the phone's clock is more than 24 hours ahead",
            remedy="set the phone's clock",
            field="at",
        )
    for name in KINDS[kind]:
        identify(body, name)


def identify(body: Mapping[str, Any], name: str) -> UUID:
    """The id under `name`. Refuses `intent.malformed`."""
    try:
        return UUID(body[name])
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise _malformed(name, "an id") from error


def text(body: Mapping[str, Any], name: str, limit: int = MAX_TEXT) -> str:
    """The text under `name`, '' if it is not there. Refuses `intent.malformed`."""
    value = body.get(name, "")
    if not isinstance(value, str) or len(value) > limit or "\x00" in value:
        raise _malformed(name, f"a text of at most {limit} characters")
    return value.strip()


def version(body: Mapping[str, Any]) -> int | None:
    """The version of the route that the phone showed, or None. Refuses `intent.malformed`."""
    value = body.get("version")
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31):
        raise _malformed("version", "a version of the route")
    return value


def degrees(body: Mapping[str, Any], name: str, limit: int) -> float | None:
    """A coordinate, or None. Refuses `intent.malformed`."""
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not -limit <= value <= limit:
        raise _malformed(name, f"degrees, -{limit} to {limit}")
    return float(value)


def task_outcomes(body: Mapping[str, Any]) -> list[tuple[UUID, str, str]]:
    """(task, state, reason) of each named task. Refuses `intent.malformed`."""
    rows = body.get("tasks", [])
    if not isinstance(rows, list) or len(rows) > 200 or not all(isinstance(row, dict) for row in rows):
        raise _malformed("tasks", "a list of at most 200 objects")
    return [(identify(row, "task_id"), text(row, "state", 10), text(row, "reason", 30)) for row in rows]


def choose(body: Mapping[str, Any], name: str, allowed: Sequence[str]) -> str:
    """One word of a list. Refuses `intent.malformed`."""
    value = body.get(name)
    if not isinstance(value, str) or value not in allowed:
        raise _malformed(name, f"one of {', '.join(allowed)}")
    return value


def _malformed(name: str, wanted: str) -> Refusal:
    return Refusal("intent.malformed", f"{name} is not as it must be", remedy=f"give {name}: {wanted}", field=name)


def without_words(body: Mapping[str, Any]) -> dict[str, Any]:
    """What stays of a body when the person at whose door it was tapped is erased."""
    return {name: body[name] for name in STAYS if name in body}


def is_late(refusal: Refusal) -> bool:
    """Whether a refusal only says that it went another way before this intent came."""
    return refusal.code in LATE


def describe(refusal: Refusal) -> dict[str, Any]:
    """A refusal as it is kept with the intent and told to the phone."""
    return {"code": refusal.code, "cause": refusal.cause, "remedy": refusal.remedy, "field": refusal.field}
