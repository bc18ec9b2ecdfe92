"""The board of a day: its plan and what runs, in one answer."""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema, Status

from homestretch.doors.api.board.gather import Asked, board_of, routes_of, tag_of
from homestretch.doors.api.board.live import live_places
from homestretch.doors.api.board.shown import BoardOut, BoardPerson, BoardRoutesOut
from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.plans import actions, queries
from homestretch.web.entry import READ
from homestretch.web.wire import dumps

router = Router(tags=["board"])
MOST_ROUTES = 100


@router.get("", auth=READ("plans"), response={200: BoardOut, 304: None})
def get_board(request: HttpRequest, day: date, plan_id: UUID | None = None) -> HttpResponse:
    """A day's plan and what runs of it: shifts, routes with their times, stops, what is on no route, vehicles, locks,
    who else looks. `plan_id`: another plan of the day than the newest that counts. The answer has an `ETag`; asked
    again with `If-None-Match` it is 304, and cheap, as long as nothing has changed."""
    by = request.auth
    with scope(by):
        asked = Asked(day, plan_id, by, now())
        tag = f'W/"{tag_of(asked)}"'
        if tag in request.headers.get("If-None-Match", ""):
            return _tagged(HttpResponse(status=304), tag)
        board = board_of(asked)
    return _tagged(_large(request, dumps(board)), tag)


@router.get("/routes", auth=READ("plans"), response=BoardRoutesOut)
def get_board_routes(
    request: HttpRequest, day: date, route_id: Annotated[list[UUID], Query(max_length=MOST_ROUTES)]
) -> HttpResponse:
    """Some routes of a day that are on the road, with their stops and vehicles, as `GET /board` has them: what became
    of those that an event names."""
    by = request.auth
    with scope(by):
        routes = routes_of(Asked(day, None, by, now()), route_id)
    return _large(request, dumps(routes))


def _tagged(answer: HttpResponse, tag: str) -> HttpResponse:
    answer["ETag"], answer["Cache-Control"] = tag, "private, no-cache"
    return answer


def _large(request: HttpRequest, text: str) -> HttpResponse:
    """JSON, packed where who asks takes that: fast rather than small, a sixth of ten megabytes all the same."""
    answer = HttpResponse(content_type="application/json")
    body = text.encode()
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        body, answer["Content-Encoding"] = gzip.compress(body, 1), "gzip"
    answer["Vary"] = "Accept-Encoding"
    answer.content = body
    return answer


class TouchedOut(Schema):
    """A stop that would be reached after its window, or after the window that was promised."""

    stop_id: UUID
    orders: list[str] = Field(max_length=500)
    late_s: int = Field(description="Past its window.")
    promise_late_s: int = Field(description="Past the window that was promised; 0: that is kept.")


class LivePlaceOut(Schema):
    """A place for one more task on a route on the road."""

    route_id: UUID
    version: int
    driver: str = Field(max_length=120)
    vehicle: str = Field(max_length=120)
    position: int = Field(description="Among the open stops, from 0: say it to `POST /routes/{id}/tasks`.")
    arrive: datetime
    cost: int = Field(description="Minor units that it adds.")
    minutes: int = Field(description="Minutes that it adds to the route.")
    meters: int
    touched: list[TouchedOut] = Field(max_length=500, description="Whom it makes late, the new one included.")


class LivePlacesOut(Schema):
    """The best places, those that make nobody late first."""

    items: list[LivePlaceOut] = Field(max_length=3)


@router.get("/places", auth=READ("routes"), response=LivePlacesOut)
def list_live_places(request: HttpRequest, task_id: UUID) -> dict[str, Any]:
    """The three best places for one more task among the routes on the road, what each adds, and whose promise it
    touches. Nothing is changed."""
    with scope(request.auth):
        return {"items": live_places(task_id, now())}


class PresenceIn(Schema):
    """A tab that shows the board of a day."""

    tab: UUID = Field(description="Minted by the tab when it opens.")
    day: date
    selected: list[UUID] = Field(default=[], max_length=200, description="Ids of stops and shifts.")


class PresenceOut(Schema):
    """Who has the board of the day open, you included."""

    people: list[BoardPerson] = Field(max_length=500)


@router.put("/presence", auth=READ("plans"), response=PresenceOut)
def say_present(request: HttpRequest, data: PresenceIn) -> dict[str, Any]:
    """This tab shows the board: say it every 10 seconds and when the selection changes, or it is taken for closed."""
    by, real = request.auth, datetime.now(UTC)
    with scope(by):
        name = queries.name_of(by)
    actions.say_present(data.day, data.tab, data.selected, name=name, by=by, at=real)
    with scope(by):
        return {"people": queries.people_at(data.day, by)}


@router.delete("/presence/{tab}", auth=READ("plans"), response={204: None})
def say_gone(request: HttpRequest, tab: UUID) -> Status[None]:
    """This tab is closed."""
    actions.say_gone(tab, by=request.auth)
    return Status(204, None)
