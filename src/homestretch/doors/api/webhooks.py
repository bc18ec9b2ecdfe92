"""Webhooks: which programs listen, what each was told, and telling it again."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status
from pydantic import AwareDatetime

from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.web.entry import READ, WRITE
from homestretch.web.etags import check_version
from homestretch.web.once import once_of
from homestretch.web.pages import Page, PageQuery, page
from homestretch.web.schemas import Word
from homestretch.webhooks import actions, queries

router = Router(tags=["webhooks"])


class EndpointIn(Schema):
    """A program that wants to be told."""

    url: str = Field(max_length=500, examples=["https://example.com/homestretch"])
    types: list[Word] = Field(
        default=[], max_length=200, description="Types of events, or `stop.*`; none: all.", examples=[["stop.*"]]
    )


class EndpointPatch(Schema):
    """What is to change; what is left out stays."""

    url: str | None = Field(None, max_length=500)
    types: list[Word] | None = Field(None, max_length=200)
    state: str | None = Field(None, max_length=8, description="on or off.")


class EndpointOut(Schema):
    """An endpoint. Its secret is shown only when it is made or rotated."""

    id: UUID
    url: str = Field(max_length=500)
    types: list[str] = Field(max_length=200)
    state: str = Field(max_length=8, description="on, off, or dead: it failed for days and was switched off.")
    failing_since: datetime | None
    created_at: datetime
    version: int
    secret: str | None = Field(None, max_length=80)


class DeliveryOut(Schema):
    """One event for one endpoint."""

    id: UUID
    event_id: UUID
    replay: int = Field(description="0: as it happened; else the number of the replay.")
    state: str = Field(max_length=10, description="waiting, sending, delivered or failed.")
    tries: int
    due_at: datetime
    status: int | None
    answer: str = Field(max_length=500)
    took_ms: int | None
    ended_at: datetime | None


class ReplayIn(Schema):
    """The span of recording whose events are told again: [since, until)."""

    since: AwareDatetime = Field(examples=["2026-11-23T06:00:00Z"])
    until: AwareDatetime = Field(examples=["2026-11-23T18:00:00Z"])


class ReplayOut(Schema):
    """How many events will be told again."""

    events: int


def endpoint_out(row: Any, secret: str | None = None) -> dict[str, Any]:
    """An endpoint as it is shown."""
    names = ("id", "url", "types", "state", "failing_since", "created_at", "version")
    return {**{name: getattr(row, name) for name in names}, "secret": secret}


def delivery_out(row: Any) -> dict[str, Any]:
    """A delivery as it is shown."""
    names = ("id", "event_id", "replay", "state", "tries", "due_at", "status", "answer", "took_ms", "ended_at")
    return {name: getattr(row, name) for name in names}


@router.post("", auth=WRITE("webhooks"), response={201: EndpointOut})
def create_endpoint(request: HttpRequest, data: EndpointIn) -> Status[dict[str, Any]]:
    """Let a program listen. The answer holds its secret, this once: a repetition of the request shows null."""
    once = once_of(request, "create_endpoint", lambda made: endpoint_out(made[0]))  # what is kept holds no secret
    made = actions.create_endpoint(data.url, data.types, by=request.auth, at=now(), once=once)
    return Status(201, endpoint_out(*made))


@router.get("", auth=READ("webhooks"), response=Page[EndpointOut])
def list_endpoints(request: HttpRequest, part: Query[PageQuery]) -> dict[str, Any]:
    """All endpoints."""
    with scope(request.auth):
        return page(queries.endpoints(), part.cursor, part.limit, show=endpoint_out)


@router.get("/{endpoint_id}", auth=READ("webhooks"), response=EndpointOut)
def get_endpoint(request: HttpRequest, endpoint_id: UUID) -> dict[str, Any]:
    """One endpoint."""
    with scope(request.auth):
        return endpoint_out(queries.endpoint(endpoint_id))


@router.patch("/{endpoint_id}", auth=WRITE("webhooks"), response=EndpointOut)
def change_endpoint(request: HttpRequest, endpoint_id: UUID, data: EndpointPatch) -> dict[str, Any]:
    """Change its address or types, or switch it on or off."""
    with scope(request.auth):
        version = queries.endpoint(endpoint_id).version
        check_version(request, version)
        changes = data.dict(exclude_unset=True, exclude_none=True)
        row = actions.change_endpoint(endpoint_id, changes, version=version, by=request.auth, at=now())
        return endpoint_out(row)


@router.post("/{endpoint_id}/secret", auth=WRITE("webhooks"), response=EndpointOut)
def rotate_endpoint_secret(request: HttpRequest, endpoint_id: UUID) -> dict[str, Any]:
    """Replace the secret; the answer holds the new one, this once: a repetition of the request shows null."""
    once = once_of(request, "rotate_endpoint_secret", lambda made: endpoint_out(made[0]), status=200)
    return endpoint_out(*actions.rotate_secret(endpoint_id, by=request.auth, at=now(), once=once))


@router.get("/{endpoint_id}/deliveries", auth=READ("webhooks"), response=Page[DeliveryOut])
def list_deliveries(
    request: HttpRequest,
    endpoint_id: UUID,
    part: Query[PageQuery],
    state: Literal["waiting", "sending", "delivered", "failed"] | None = None,
) -> dict[str, Any]:
    """What an endpoint was told, newest first."""
    with scope(request.auth):
        rows = queries.deliveries(endpoint_id, state)
        return page(rows, part.cursor, part.limit, key=("id",), descending=True, show=delivery_out)


@router.post("/{endpoint_id}/replay", auth=WRITE("webhooks"), response=ReplayOut)
def replay_endpoint(request: HttpRequest, endpoint_id: UUID, data: ReplayIn) -> dict[str, Any]:
    """Tell an endpoint a span of events once more."""
    once = once_of(request, "replay_endpoint", lambda count: {"events": count}, status=200)
    count = actions.replay(endpoint_id, data.since, data.until, by=request.auth, at=now(), once=once)
    return {"events": count}
