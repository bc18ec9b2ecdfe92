"""What the driver of a route is told."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from homestretch.dispatch import actions, queries
from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.web.entry import READ, WRITE
from homestretch.web.once import once_of

router = Router(tags=["routes"])


class DriverMessageIn(Schema):
    """Words for the driver, about one stop or about none."""

    text: str = Field(min_length=1, max_length=1000, examples=["The second gate is open today."])
    stop_id: UUID | None = None


class DriverMessageOut(Schema):
    """What was said."""

    id: UUID
    route_id: UUID
    stop_id: UUID | None
    text: str = Field(max_length=1000)
    at: datetime


class DriverMessagesOut(Schema):
    """By time."""

    items: list[DriverMessageOut] = Field(max_length=10_000)


@router.get("/{route_id}/messages", auth=READ("routes"), response=DriverMessagesOut)
def list_driver_messages(request: HttpRequest, route_id: UUID) -> Any:
    """What the driver of a route was told, oldest first."""
    with scope(request.auth):
        queries.route(route_id)
        return {"items": [DriverMessageOut.from_orm(row) for row in queries.driver_messages(route_id)]}


@router.post("/{route_id}/messages", auth=WRITE("routes"), response={201: DriverMessageOut})
def tell_driver(request: HttpRequest, route_id: UUID, data: DriverMessageIn) -> Any:
    """Write to the driver of a live route: the words come with the next route sheet, which the phone fetches anew.

    Refuses `route.over`.
    """
    once = once_of(request, "tell_driver", DriverMessageOut.from_orm)
    by = request.auth
    row = actions.tell_driver(route_id, data.text, stop_id=data.stop_id, by=by, at=now(), once=once)
    return Status(201, DriverMessageOut.from_orm(row))
