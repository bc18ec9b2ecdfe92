"""Places by API: found again, looked at, mended."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from homestretch.doors.api.ordering import Given
from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.kernel.geo import Point, read_point
from homestretch.kernel.refusal import Refusal
from homestretch.places import actions, queries
from homestretch.places.values import Correction, PlaceData
from homestretch.web.entry import READ, WRITE
from homestretch.web.etags import check_version
from homestretch.web.once import once_of
from homestretch.web.pages import Page, PageQuery, page
from homestretch.web.schemas import Word

router = Router(tags=["places"])


class PlaceQuery(Schema):
    """Which places."""

    state: list[Word] = Field(
        default_factory=list, max_length=4, description="located, queued, needs_review, not_located."
    )


class PlaceIn(Given):
    """An address, coordinates, or both."""

    address: str = Field("", max_length=2000, examples=["Mill Lane 3, 1234 Town"])
    lat: float | None = Field(None, description="WGS84 degrees.", examples=[49.6117])
    lon: float | None = Field(None, description="WGS84 degrees.", examples=[6.13])
    label: str = Field("", max_length=2000)
    access_notes: str = Field("", max_length=4000, examples=["Second yard, bell 7"])
    access_s: int = Field(0, description="Seconds from the curb to the door.")


class PlaceChangeIn(Given):
    """What is to be mended; what is left out stays."""

    address: str | None = Field(None, max_length=2000, description="Without a pin it is looked up again.")
    lat: float | None = Field(None, description="With lon: where the pin belongs.")
    lon: float | None = None
    label: str | None = Field(None, max_length=2000)
    access_notes: str | None = Field(None, max_length=4000)
    access_s: int | None = None


class CandidateOut(Schema):
    """What the geocoder offers."""

    label: str
    lat: float
    lon: float
    confidence: float


class PlaceDetailOut(Schema):
    """A place."""

    id: UUID
    address: str
    label: str
    lat: float | None
    lon: float | None
    state: str = Field(description="located, queued, needs_review or not_located.")
    source: str = Field(description="given, geocoder or person.")
    confidence: float | None
    candidates: list[CandidateOut]
    access_notes: str
    access_s: int
    version: int
    created_at: datetime


def _out(row: Any) -> PlaceDetailOut:
    return PlaceDetailOut(**{name: getattr(row, name) for name in PlaceDetailOut.model_fields})


def point_of(lat: float | None, lon: float | None) -> Point | None:
    """Both or none. Refuses `place.coordinates_invalid`, `place.coordinates_zero`."""
    if (lat is None) != (lon is None):
        missing = "lat" if lat is None else "lon"
        raise Refusal("place.coordinates_invalid", f"no {missing}", remedy="give both or none", field=missing)
    return None if lat is None or lon is None else read_point(lat, lon)


@router.get("", auth=READ("places"), response=Page[PlaceDetailOut])
def list_places(request: HttpRequest, wanted: Query[PlaceQuery], part: Query[PageQuery]) -> Any:
    """Places, oldest first; `state=needs_review&state=not_located` is the queue of those to fix."""
    with scope(request.auth):
        return page(queries.places(wanted.state), part.cursor, part.limit, show=_out)


@router.post("", auth=WRITE("places"), response={201: PlaceDetailOut})
def create_place(request: HttpRequest, data: PlaceIn) -> Any:
    """The place of an address, made if it is new."""
    once = once_of(request, "create_place", _out)
    point = point_of(data.lat, data.lon)
    wanted = PlaceData(data.address, point, data.label, data.access_notes, data.access_s)
    return Status(201, _out(actions.find_or_create(wanted, by=request.auth, at=now(), once=once)))


@router.get("/{place_id}", auth=READ("places"), response=PlaceDetailOut)
def get_place(request: HttpRequest, place_id: UUID) -> Any:
    """One place."""
    with scope(request.auth):
        return _out(queries.place(place_id))


@router.patch("/{place_id}", auth=WRITE("places"), response=PlaceDetailOut)
def correct_place(request: HttpRequest, place_id: UUID, data: PlaceChangeIn) -> Any:
    """Mend a place. Orders that waited for its pin become ready."""
    with scope(request.auth):
        seen = queries.place(place_id).version
        check_version(request, seen)
    change = Correction(point_of(data.lat, data.lon), data.address, data.label, data.access_notes, data.access_s)
    return _out(actions.correct(place_id, change, version=seen, by=request.auth, at=now()))
