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
from homestretch.web.schemas import Seen, Word

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


class PinIn(Given):
    """A point."""

    lat: float = Field(description="WGS84 degrees.", examples=[49.6117])
    lon: float = Field(description="WGS84 degrees.", examples=[6.13])


class PlaceChangeIn(Given):
    """What is to be mended; what is left out stays."""

    address: str | None = Field(None, max_length=2000, description="Without a pin it is looked up again.")
    lat: float | None = Field(None, description="With lon: where the pin belongs.")
    lon: float | None = None
    label: str | None = Field(None, max_length=2000)
    access_notes: str | None = Field(None, max_length=4000)
    access_s: int | None = None
    entrance: PinIn | None = Field(None, description="The door, where it is not where one halts; null takes it away.")
    parking: PinIn | None = Field(None, description="Where to leave the vehicle; null takes it away.")
    parking_notes: str | None = Field(None, max_length=4000)
    side: str | None = Field(None, max_length=20, description="left, right of the street as one drives up; '' either.")
    gate_code: str | None = Field(
        None, max_length=200, description="Shown to the driver of an open stop, to nobody else; '' takes it away."
    )
    serve_anyway: bool | None = Field(None, description="Serve it also outside every service area.")


class ConfirmIn(Given):
    """What a pin is confirmed by."""

    confirmed_from: str = Field(
        "person",
        max_length=20,
        description="person: the pin as it stands; proofs: where phones stood.",
    )
    version: Seen = None


class CandidateOut(Schema):
    """What the geocoder offers."""

    label: str
    lat: float
    lon: float
    confidence: float


class PinOut(Schema):
    """A point."""

    lat: float
    lon: float


class SeenOut(PinOut):
    """Where phones stood together at completed stops."""

    count: int = Field(description="Stops that agree.")
    radius_m: int = Field(description="Within how many meters.")


class ServiceOut(Schema):
    """A halt that was measured."""

    stop_id: UUID
    seconds: int | None = Field(description="From arriving to leaving; null: no tap says when they arrived.")
    at: datetime


class MemoryOut(Schema):
    """What a place remembers of its halts."""

    services: list[ServiceOut] = Field(description="The newest, newest first.")
    median_service_s: int | None
    seen_at: SeenOut | None = Field(description="A pin by proofs; null while too few phones stood together.")


class PlaceDetailOut(Schema):
    """A place."""

    id: UUID
    address: str
    label: str
    lat: float | None
    lon: float | None
    state: str = Field(description="located, queued, needs_review or not_located.")
    source: str = Field(description="given, map, geocoder, person or proofs.")
    confidence: float | None
    review: str = Field(description="outside_service_area: it has its pin, and we do not serve there; else empty.")
    serve_anyway: bool = Field(description="Served also outside every service area.")
    candidates: list[CandidateOut]
    confirmed_at: datetime | None = Field(description="Since when the pin stands, whatever a geocoder says.")
    confirmed_by: str = Field(description="Who vouches for it, as the log names them.")
    confirmed_from: str = Field(description="person or proofs; empty: nobody confirmed it.")
    access_notes: str
    access_s: int
    entrance: PinOut | None
    entrance_source: str = Field(description="person, or proofs: phones stood there; empty: there is none.")
    entrance_visits: int = Field(description="Deliveries that an entrance of `proofs` was learned from.")
    parking: PinOut | None
    parking_notes: str
    side: str = Field(description="left, right, or empty for either.")
    has_gate_code: bool
    median_service_s: int | None = Field(description="Of the newest measured halts.")
    merged_into_id: UUID | None = Field(description="The place that it leads to, where it was merged.")
    version: int
    created_at: datetime


class DuplicateOut(Schema):
    """Two places that may be one."""

    survivor: PlaceDetailOut = Field(description="The one that would stay: confirmed, else located, else the older.")
    place: PlaceDetailOut = Field(description="The one that would be merged into it.")
    similarity: float = Field(description="Of the addresses, 0 to 1.")
    distance_m: int | None = Field(description="Between the pins; null: one has none.")


class DuplicatesOut(Schema):
    """Proposals, the surest first."""

    items: list[DuplicateOut]


class DuplicateQuery(Schema):
    """How many proposals."""

    limit: int = Field(50, ge=1, le=200)


class MergeIn(Given):
    """Which place stays."""

    into_place_id: UUID
    version: Seen = None


class UnmergeIn(Given):
    """The place as it was seen."""

    version: Seen = None


class ApartIn(Given):
    """The other one of the two."""

    other_place_id: UUID


DERIVED = ("entrance", "parking", "median_service_s")


def _out(row: Any) -> PlaceDetailOut:
    plain = {name: getattr(row, name) for name in PlaceDetailOut.model_fields if name not in DERIVED}
    return PlaceDetailOut(
        **plain,
        entrance=_pin_out(row.entrance_lat, row.entrance_lon),
        parking=_pin_out(row.parking_lat, row.parking_lon),
        median_service_s=queries.median_service_s(row),
    )


def _pin_out(lat: float | None, lon: float | None) -> PinOut | None:
    return None if lat is None or lon is None else PinOut(lat=lat, lon=lon)


def _correction(data: PlaceChangeIn) -> Correction:
    pins: dict[str, PinIn | None] = {"entrance": data.entrance, "parking": data.parking}
    points: dict[str, Any] = {name: point_of(pin.lat, pin.lon) for name, pin in pins.items() if pin}
    plain: dict[str, Any] = {name: getattr(data, name) for name in ("address", "label", "access_notes", "access_s")}
    more: dict[str, Any] = {
        name: getattr(data, name) for name in ("parking_notes", "side", "gate_code", "serve_anyway")
    }
    gone = frozenset(pins.keys() & data.model_fields_set - points.keys())
    return Correction(point_of(data.lat, data.lon), **plain, **points, **more, without=gone)


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
    return Status(201, _place(request, actions.find_or_create(wanted, by=request.auth, at=now(), once=once).id))


def _place(request: HttpRequest, place_id: UUID) -> PlaceDetailOut:
    with scope(request.auth):
        return _out(queries.place(place_id))


@router.get("/duplicates", auth=READ("places"), response=DuplicatesOut)
def list_duplicates(request: HttpRequest, wanted: Query[DuplicateQuery]) -> Any:
    """Places that may be one: addresses that are alike, and pins near each other or none. A person merges them."""
    with scope(request.auth):
        return DuplicatesOut(
            items=[
                DuplicateOut(
                    survivor=_out(stays), place=_out(goes), similarity=pair.similarity, distance_m=pair.distance_m
                )
                for pair, stays, goes in queries.duplicates(wanted.limit)
            ]
        )


@router.get("/{place_id}", auth=READ("places"), response=PlaceDetailOut)
def get_place(request: HttpRequest, place_id: UUID) -> Any:
    """One place."""
    return _place(request, place_id)


@router.patch("/{place_id}", auth=WRITE("places"), response=PlaceDetailOut)
def correct_place(request: HttpRequest, place_id: UUID, data: PlaceChangeIn) -> Any:
    """Mend a place. A pin that is set here is confirmed, and orders that waited for it become ready."""
    with scope(request.auth):
        seen = queries.place(place_id).version
        check_version(request, seen)
    actions.correct(place_id, _correction(data), version=seen, by=request.auth, at=now())
    return _place(request, place_id)


@router.get("/{place_id}/memory", auth=READ("places"), response=MemoryOut)
def get_place_memory(request: HttpRequest, place_id: UUID) -> Any:
    """What a place remembers of its halts: how long they took, and where phones stood."""
    with scope(request.auth):
        row, seen = queries.place(place_id), queries.seen_at(place_id)
        return MemoryOut(
            services=[ServiceOut(stop_id=s.stop_id, seconds=s.seconds, at=s.at) for s in queries.services(place_id)],
            median_service_s=queries.median_service_s(row),
            seen_at=_seen_out(seen) if seen else None,
        )


def _seen_out(seen: Any) -> SeenOut:
    return SeenOut(lat=seen.point.lat, lon=seen.point.lon, count=seen.count, radius_m=seen.radius_m)


@router.post("/{place_id}/confirm", auth=WRITE("places"), response={200: PlaceDetailOut})
def confirm_place(request: HttpRequest, place_id: UUID, data: ConfirmIn) -> Any:
    """Vouch for a place's pin: it then beats every geocoder, for ever."""
    once = once_of(request, "confirm_place", _out, status=200)
    asked = {"version": data.version, "by": request.auth, "at": now(), "once": once}
    actions.confirm(place_id, data.confirmed_from, **asked)
    return _place(request, place_id)


@router.post("/{place_id}/merge", auth=WRITE("places"), response={200: PlaceDetailOut})
def merge_place(request: HttpRequest, place_id: UUID, data: MergeIn) -> Any:
    """Say that a place is another one: its address and its id lead there in new orders and plans. What names it already
    stays as it is, a route under way too."""
    once = once_of(request, "merge_place", _out, status=200)
    asked = {"version": data.version, "by": request.auth, "at": now(), "once": once}
    actions.merge(place_id, data.into_place_id, **asked)
    return _place(request, place_id)


@router.post("/{place_id}/unmerge", auth=WRITE("places"), response={200: PlaceDetailOut})
def unmerge_place(request: HttpRequest, place_id: UUID, data: UnmergeIn) -> Any:
    """Undo a merge: the place stands by itself again, as it was, and the two are not proposed any more."""
    once = once_of(request, "unmerge_place", _out, status=200)
    actions.unmerge(place_id, version=data.version, by=request.auth, at=now(), once=once)
    return _place(request, place_id)


@router.post("/{place_id}/apart", auth=WRITE("places"), response={204: None})
def keep_places_apart(request: HttpRequest, place_id: UUID, data: ApartIn) -> Any:
    """Say that two places are two: they are not proposed any more."""
    once = once_of(request, "keep_places_apart", lambda _: None, status=204)
    actions.keep_apart(place_id, data.other_place_id, by=request.auth, at=now(), once=once)
    return Status(204, None)
