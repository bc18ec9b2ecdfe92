"""Travel by API: the way between points, what is closed, the weather, and the speeds of roads."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from homestretch.doors.api.ordering import Given
from homestretch.doors.api.zoning import Geometry
from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.kernel.geo import read_point
from homestretch.kernel.refusal import Refusal
from homestretch.kernel.windows import Window
from homestretch.travel import actions, ladder, queries
from homestretch.travel.values import ClosureData, Drive
from homestretch.web.entry import READ, WRITE
from homestretch.web.etags import check_version
from homestretch.web.once import once_of
from homestretch.web.pages import Page, PageQuery, page
from homestretch.web.schemas import Word

router = Router(tags=["travel"])
CSV_BODY = {
    "requestBody": {
        "required": True,
        "description": "way,direction,day,from,to,speed_kmh; one line a road and span of hours.",
        "content": {"text/csv": {"schema": {"type": "string"}}},
    }
}


class PointIn(Given):
    """A coordinate in WGS84 degrees."""

    lat: float = Field(ge=-90, le=90, examples=[49.6117])
    lon: float = Field(ge=-180, le=180, examples=[6.13])


class PathIn(Given):
    """The points to drive through, in their order."""

    points: list[PointIn] = Field(min_length=2, max_length=300)
    depart: datetime | None = Field(None, description="When the first drive begins; none: now.")
    profile: Word = Field("van", description="van, truck, bike or foot.")


class FellOut(Schema):
    """A source of travel times that could not answer."""

    rung: str = Field(max_length=20)
    code: str = Field(max_length=80)
    cause: str = Field(max_length=500)


class LegOut(Schema):
    """One drive."""

    seconds: int
    meters: int
    points: list[PointIn] = Field(description="The line that it follows; two points where no road is known.")


class PathOut(Schema):
    """Drives from each point to the next, each leaving when the one before has arrived."""

    rung: str = Field(description="Where it comes from; great_circle: estimated without road data.")
    source: str = Field(description="Which map, service or model.")
    as_of: datetime | None = Field(description="How old its knowledge is.")
    legs: list[LegOut]
    fell: list[FellOut] = Field(description="What could not answer before it.")


class ClosureIn(Given):
    """A street, or an area; one of the two."""

    name: str = Field("", max_length=120, examples=["Market day"])
    street: str = Field("", max_length=200, description="A street's name, as the map writes it.")
    lat: float | None = Field(None, description="With lon: near which of several streets of that name.")
    lon: float | None = None
    area: Geometry | None = Field(None, max_length=10, description="GeoJSON Polygon or MultiPolygon: all that passes.")
    profiles: list[Word] = Field(default_factory=list, max_length=8, description="For which profiles; none: for all.")
    reason: str = Field("", max_length=500)
    starts_at: datetime | None = Field(None, description="None: now.")
    ends_at: datetime | None = Field(None, description="None: until somebody opens it.")


class ClosureOut(Schema):
    """A closed street or area."""

    id: UUID
    name: str
    street: str
    lat: float | None
    lon: float | None
    area: dict[str, Any] | None
    profiles: list[str]
    reason: str
    starts_at: datetime
    ends_at: datetime | None
    created_at: datetime


class ClosureQuery(Schema):
    """Which closures."""

    over: bool = Field(False, description="Also those that are over.")


class WeatherIn(Given):
    """The weather of a span."""

    kind: Literal["clear", "rain", "snow", "storm"]
    starts_at: datetime
    ends_at: datetime


class WeatherOut(Schema):
    """The weather that is reckoned with in a span; of two that overlap the newer one holds."""

    id: UUID
    kind: str
    starts_at: datetime
    ends_at: datetime
    source: str


class SpeedsOut(Schema):
    """What one source says of the speeds of roads."""

    source: str = Field(description="own (measured by own vehicles), csv, traffic: the most trusted first.")
    version: int
    rows: int
    as_of: datetime
    ends_at: datetime | None = Field(description="Of live traffic: how long it holds.")


class SpeedsList(Schema):
    """All sources that say something."""

    items: list[SpeedsOut]


def path_out(drive: Drive) -> dict[str, Any]:
    """A drive as it is shown."""
    return {
        "rung": drive.rung,
        "source": drive.source,
        "as_of": drive.as_of,
        "legs": [
            {
                "seconds": leg.seconds,
                "meters": leg.meters,
                "points": [{"lat": round(point.lat, 6), "lon": round(point.lon, 6)} for point in leg.points],
            }
            for leg in drive.legs
        ],
        "fell": [{"rung": fell.rung, "code": fell.code, "cause": fell.cause} for fell in drive.fell],
    }


def closure_out(row: Any) -> dict[str, Any]:
    """A closure as it is shown."""
    return {name: getattr(row, name) for name in ClosureOut.model_fields}


@router.post("/path", auth=READ("routes", driver=True), response=PathOut, openapi_extra={"x-no-key": True})
def find_path(request: HttpRequest, data: PathIn) -> dict[str, Any]:
    """The way through points, by the roads of the installed map, at the speeds of the hour. Writes nothing."""
    points = [read_point(point.lat, point.lon, field="points") for point in data.points]
    depart = data.depart or now()
    with scope(request.auth):
        known = queries.known(data.profile, Window(depart, depart + timedelta(days=1)))
    return path_out(ladder.path(tuple(points), depart, known, outside=True))


@router.get("/closures", auth=READ("plans"), response=Page[ClosureOut])
def list_closures(request: HttpRequest, part: Query[PageQuery], wanted: Query[ClosureQuery]) -> Any:
    """Closures, newest first."""
    with scope(request.auth):
        rows = queries.closures(at=None if wanted.over else now())
        return page(rows, part.cursor, part.limit, descending=True, show=closure_out)


@router.post("/closures", auth=WRITE("plans"), response={201: ClosureOut})
def create_closure(request: HttpRequest, data: ClosureIn) -> Any:
    """Close a street or an area for a span: plans and forecasts from now on go round it."""
    if (data.lat is None) != (data.lon is None):
        raise Refusal("place.coordinates_invalid", "lat or lon is missing", remedy="give both or none", field="lat")
    near = None if data.lat is None or data.lon is None else read_point(data.lat, data.lon)
    at = now()
    told = ClosureData(
        data.name, data.street, near, data.area, data.starts_at or at, data.ends_at, tuple(data.profiles), data.reason
    )
    row = actions.close_road(told, by=request.auth, at=at, once=once_of(request, "create_closure", closure_out))
    return Status(201, closure_out(row))


@router.get("/closures/{closure_id}", auth=READ("plans"), response=ClosureOut)
def get_closure(request: HttpRequest, closure_id: UUID) -> Any:
    """One closure."""
    with scope(request.auth):
        return closure_out(queries.closure(closure_id))


@router.post("/closures/{closure_id}/end", auth=WRITE("plans"), response=ClosureOut)
def end_closure(request: HttpRequest, closure_id: UUID) -> Any:
    """Open the street or area again, from now on."""
    once = once_of(request, "end_closure", closure_out, status=200)
    return closure_out(actions.open_road(closure_id, by=request.auth, at=now(), once=once))


@router.get("/weather", auth=READ("plans"), response=Page[WeatherOut])
def list_weather(request: HttpRequest, part: Query[PageQuery]) -> Any:
    """The weather of spans that are not over, newest first."""
    with scope(request.auth):
        rows = queries.weather_spans(now())
        return page(rows, part.cursor, part.limit, descending=True, show=weather_out)


def weather_out(row: Any) -> dict[str, Any]:
    """A span of weather as it is shown."""
    return {name: getattr(row, name) for name in WeatherOut.model_fields}


@router.post("/weather", auth=WRITE("plans"), response={201: WeatherOut})
def create_weather(request: HttpRequest, data: WeatherIn) -> Any:
    """Say what the weather is to be reckoned with in a span."""
    once = once_of(request, "create_weather", weather_out)
    row = actions.set_weather(
        data.kind, data.starts_at, data.ends_at, source=str(request.auth), by=request.auth, at=now(), once=once
    )
    return Status(201, weather_out(row))


@router.get("/speeds", auth=READ("plans"), response=SpeedsList)
def list_speeds(request: HttpRequest) -> Any:
    """Which sources say something of the speeds of roads."""
    with scope(request.auth):
        return {"items": [speeds_out(row) for row in queries.speed_sets()]}


def speeds_out(row: Any) -> dict[str, Any]:
    """A source of speeds as it is shown."""
    return {name: getattr(row, name) for name in SpeedsOut.model_fields}


@router.put("/speeds/csv", auth=WRITE("plans"), response=SpeedsOut, openapi_extra=CSV_BODY)
def replace_speeds(request: HttpRequest) -> Any:
    """Replace the speeds of roads by those of a CSV file, whole or not at all. If-Match is 0 for the first one."""
    with scope(request.auth):
        seen = queries.speeds_version("csv")
        check_version(request, seen)
    try:
        text = request.body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal("speeds.unreadable", "it is not UTF-8", remedy="save the file as UTF-8", field="file") from error
    return speeds_out(actions.import_speeds(text, version=seen, by=request.auth, at=now()))
