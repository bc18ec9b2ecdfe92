"""Days on which nothing is delivered, by API."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from homestretch.doors.api.ordering import Given
from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.fleet import queries as fleet
from homestretch.places import actions, queries
from homestretch.places.values import BlackoutData
from homestretch.web.entry import READ, WRITE
from homestretch.web.etags import check_version
from homestretch.web.once import once_of
from homestretch.web.pages import Page, PageQuery, page

router = Router(tags=["zones"])


class BlackoutQuery(Schema):
    """Which of them."""

    since: date | None = Field(None, description="Without those that are over before this day.")


class BlackoutIn(Given):
    """Days on which nothing is delivered: from a depot, in a zone, or (neither named) at all."""

    first: date = Field(examples=["2026-12-25"])
    last: date = Field(description="That day too.", examples=["2026-12-26"])
    reason: str = Field(max_length=1000, description="Those who ask are told.", examples=["Christmas"])
    depot_id: UUID | None = None
    zone_id: UUID | None = None

    def data(self) -> BlackoutData:
        """As the action takes it."""
        return BlackoutData(self.first, self.last, self.reason, self.depot_id, self.zone_id)


class BlackoutOut(Schema):
    """Days on which nothing is delivered."""

    id: UUID
    first: date
    last: date
    reason: str
    depot_id: UUID | None
    zone_id: UUID | None
    version: int
    created_at: datetime


def _out(row: Any) -> BlackoutOut:
    return BlackoutOut(**{name: getattr(row, name) for name in BlackoutOut.model_fields})


def _seen(request: HttpRequest, blackout_id: UUID) -> int:
    """The version that stands, after the request named it."""
    with scope(request.auth):
        version: int = queries.blackout(blackout_id).version
        check_version(request, version)
    return version


def _check_depot(request: HttpRequest, depot_id: UUID | None) -> None:
    """Refuses `depot.not_found`."""
    if depot_id is not None:
        with scope(request.auth):
            fleet.depot(depot_id)


@router.get("", auth=READ("places"), response=Page[BlackoutOut])
def list_blackouts(request: HttpRequest, wanted: Query[BlackoutQuery], part: Query[PageQuery]) -> Any:
    """Days on which nothing is delivered, by their first."""
    with scope(request.auth):
        rows = queries.blackouts(since=wanted.since)
        return page(rows, part.cursor, part.limit, key=("first", "id"), show=_out)


@router.post("", auth=WRITE("places"), response={201: BlackoutOut})
def create_blackout(request: HttpRequest, data: BlackoutIn) -> Any:
    """Say on which days nothing is delivered. Plans of these days leave out what it concerns, and say why."""
    _check_depot(request, data.depot_id)
    once = once_of(request, "create_blackout", _out)
    return Status(201, _out(actions.save_blackout(data.data(), by=request.auth, at=now(), once=once)))


@router.get("/{blackout_id}", auth=READ("places"), response=BlackoutOut)
def get_blackout(request: HttpRequest, blackout_id: UUID) -> Any:
    """One span of days."""
    with scope(request.auth):
        return _out(queries.blackout(blackout_id))


@router.put("/{blackout_id}", auth=WRITE("places"), response=BlackoutOut)
def replace_blackout(request: HttpRequest, blackout_id: UUID, data: BlackoutIn) -> Any:
    """The days as they should be. Plans that are made stay as they are."""
    version = _seen(request, blackout_id)
    _check_depot(request, data.depot_id)
    row = actions.save_blackout(data.data(), ident=blackout_id, version=version, by=request.auth, at=now())
    return _out(row)


@router.delete("/{blackout_id}", auth=WRITE("places"), response={204: None})
def remove_blackout(request: HttpRequest, blackout_id: UUID) -> Any:
    """Make the days ordinary again."""
    version = _seen(request, blackout_id)
    actions.remove_blackout(blackout_id, version=version, by=request.auth, at=now())
    return Status(204, None)
