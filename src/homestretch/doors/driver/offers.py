"""What a driver is offered while under way, and the answers: intents of the same outbox, which recovery takes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema
from pydantic import AwareDatetime

from homestretch.dispatch.rules.intents import describe, identify
from homestretch.dispatch.values import IntentData, IntentOutcome
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal
from homestretch.orders import queries as orders
from homestretch.places import queries as places
from homestretch.recovery import actions, queries
from homestretch.recovery.rules.offering import ANSWERS

AGAIN_S = 10  # seconds between two looks of a phone that may be offered something


class OfferedPlaceOut(Schema):
    """Where there is something to do."""

    kind: str = Field(max_length=8, description="deliver, collect or service.")
    label: str = Field(max_length=200)
    address: str = Field(max_length=400)
    lat: float
    lon: float


class OfferedOut(Schema):
    """An order that can't wait: this driver may take it until the deadline."""

    offer_id: UUID
    deadline: AwareDatetime
    arrive: AwareDatetime = Field(description="When it would be reached.")
    position: int = Field(description="Stops that would come before it.")
    minutes: int = Field(description="That the route takes longer.")
    meters: int
    pieces: int
    later: int = Field(description="Recipients who would be reached later than they were told.")
    places: list[OfferedPlaceOut] = Field(max_length=2)


def answered(intents: Iterable[IntentData], by: Actor, at: datetime) -> list[IntentOutcome]:
    """Take the answers to offers; one that comes too late is refused, however old its tap is. Twice is once."""
    return [_answered(intent, by, at) for intent in intents]


def _answered(intent: IntentData, by: Actor, at: datetime) -> IntentOutcome:
    answer = actions.accept_offer if ANSWERS[intent.kind] else actions.decline_offer
    try:
        answer(identify(intent.body, "offer_id"), by=by, at=at)
    except Refusal as refusal:
        return IntentOutcome(intent.id, "refused", describe(refusal))
    return IntentOutcome(intent.id, "applied", None)


def offered(driver_id: UUID, at: datetime) -> list[dict[str, Any]]:
    """What a driver may answer now. Inside a scope."""
    return [_shown(row) for row in queries.offered_to(driver_id, at)]


def again_s(offers: list[dict[str, Any]]) -> int | None:
    """When a phone is to look again; None: as it likes. Inside a scope."""
    prices, _ = queries.policy()
    return AGAIN_S if offers or prices.offer_priority else None


def _shown(row: Any) -> dict[str, Any]:
    views = sorted(orders.task_views(map(UUID, row.tasks)), key=lambda view: view.kind != "collect")
    pins = places.pins({str(view.place_id) for view in views})
    return {
        "offer_id": row.id,
        "deadline": row.deadline,
        "arrive": row.arrive,
        "position": row.position,
        "minutes": round(row.seconds / 60),
        "meters": row.meters,
        "pieces": max((view.loads.get("pieces", 1) for view in views), default=1),
        "later": len({touch["order"] for touch in row.promises}),
        "places": [{"kind": view.kind, "lat": view.lat, "lon": view.lon, **_named(pins, view)} for view in views],
    }


def _named(pins: Any, view: Any) -> dict[str, str]:
    pin = pins[str(view.place_id)]
    return {"label": pin.label, "address": pin.address}
