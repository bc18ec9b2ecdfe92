"""The board of a day as JSON: schemas for who reads the document; what is sent is made in `gather`, all at once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema

Span = tuple[datetime, datetime]


class BoardSearch(Schema):
    """A plan's newest search."""

    state: str = Field(max_length=10, description="waiting, running, done or failed.")
    base: int = Field(description="The revision that it searches on from; 0: the plan's first search.")
    seconds: int = Field(description="Seconds asked for.")
    progress: dict[str, Any] = Field(description="How far it is: seconds, iterations, cost, routes, unassigned.")
    failure: dict[str, Any] | None = Field(description="Code, cause and remedy, where it failed.")


class BoardPlan(Schema):
    """A plan of the day."""

    id: UUID
    state: str = Field(max_length=10, description="asked, solving, ready, released or superseded.")
    revision: int = Field(description="The revision that stands; 0: none yet.")
    cost: int = Field(description="Of that revision, minor units; 0 where none stands.")
    rung: str = Field(max_length=20, description="Where the travel times come from; great_circle: no road data.")
    quantile: int = Field(description="Percentage of days on which its times are to hold; 0: the usual times.")
    created_at: datetime
    search: BoardSearch | None
    undo: int = Field(description="The revision that `undo` would take back for you; 0: none.")
    redo: int = Field(description="The undo that `redo` would take back for you; 0: none.")


class BoardDepot(Schema):
    """Where routes start and end."""

    id: UUID
    name: str = Field(max_length=120)
    lat: float | None
    lon: float | None


class BoardDriver(Schema):
    """Who drives."""

    id: UUID
    name: str = Field(max_length=120)


class BoardVehicle(Schema):
    """With what."""

    id: UUID
    name: str = Field(max_length=120)
    profile: str = Field(max_length=20)
    capacity: dict[str, int]


class BoardShift(Schema):
    """A vehicle's working span on the day."""

    id: UUID
    driver: BoardDriver | None
    vehicle: BoardVehicle
    start: datetime
    end: datetime
    start_depot: UUID
    end_depot: UUID
    locked: str | None = Field(max_length=10, description="driver or route, where it is locked.")


class BoardDriven(Schema):
    """How far a route on the road is, in stops."""

    done: int
    failed: int
    total: int


class BoardRoute(Schema):
    """What a shift drives: of the plan (`route_id` null) or on the road."""

    shift_id: UUID
    route_id: UUID | None
    plan_id: UUID | None
    version: int | None = Field(description="Of a route on the road: name it in acts on the route.")
    state: str = Field(max_length=10, description="planned, or the state of the route on the road.")
    start: datetime
    end: datetime
    meters: int
    cost: int = Field(description="Minor units of the organization's currency.")
    late_s: int = Field(description="Seconds of lateness of all its stops together.")
    load: dict[str, int] = Field(description="On board at departure; empty where the route is on the road.")
    breaks: list[Span] = Field(max_length=20)
    driven: BoardDriven
    stops: list[UUID] = Field(max_length=2000, description="Ids of stops, in order.")


class BoardTask(Schema):
    """A task at a stop."""

    id: UUID
    kind: str = Field(max_length=8, description="deliver, collect or service.")
    order_id: UUID
    order: str | None = Field(max_length=120, description="The order's reference.")
    recipient: str = Field(max_length=200)
    loads: dict[str, int]
    pair: str = Field(max_length=40, description="Names the other end within the order; empty: none.")
    state: str = Field(max_length=10, description="open, completed, partial, failed or cancelled.")


class BoardEta(Schema):
    """When a stop on the road is expected."""

    p10: datetime
    p50: datetime
    p90: datetime
    made_at: datetime
    stale: bool


class BoardPlace(Schema):
    """What the stops of a route and those on none have in common. `id`: the visit's while planned, the stop's once on
    the road."""

    id: UUID
    visit: str | None = Field(max_length=80)
    place_id: UUID
    label: str = Field(max_length=200)
    address: str = Field(max_length=500)
    lat: float | None
    lon: float | None
    tasks: list[BoardTask] = Field(max_length=500)
    orders: list[str] = Field(max_length=500, description="References of its orders.")
    priority: int = Field(description="The highest of its orders, 0 to 9.")
    windows: list[Span] = Field(max_length=50)
    service_s: int
    promise: Span | None = Field(description="The window that was promised, of several the one that ends first.")


class BoardStop(BoardPlace):
    """A stop on a route."""

    stop_id: UUID | None
    shift_id: UUID
    arrive: datetime
    start: datetime = Field(description="Service begins.")
    leave: datetime
    late_s: int
    state: str = Field(max_length=10, description="planned, en_route, arrived, skipped or how it ended.")
    lock: str | None = Field(max_length=10, description="position, where it is locked.")
    eta: BoardEta | None
    done_at: datetime | None


class BoardReason(Schema):
    """Why a visit is on no route: one code, on how many shifts, and the words of the nearest."""

    code: str = Field(max_length=80)
    shifts: int
    text: str = Field(max_length=500)
    would_let_in: str = Field(max_length=500)


class BoardLeft(BoardPlace):
    """What is on no route. `visit` null: it came after the plan was asked for, and is no part of it."""

    reasons: list[BoardReason] = Field(max_length=5)


class BoardBreach(Schema):
    """A rule that the plan does not keep."""

    code: str = Field(max_length=80)
    shift: str = Field(max_length=80)
    visit: str = Field(max_length=80)
    amount: int
    text: str = Field(max_length=500)


class BoardWhere(Schema):
    """Where a route's vehicle was last heard."""

    route_id: UUID
    lat: float
    lon: float
    heading: int | None = Field(description="Degrees clockwise from north.")
    speed_mh: int | None = Field(description="Meters per hour.")
    at: datetime
    silent: bool


class BoardLock(Schema):
    """What is fixed by hand, and by whom."""

    kind: str = Field(max_length=10, description="driver, route or position.")
    shift_id: UUID | None
    visit: str | None = Field(max_length=80)
    by: str = Field(max_length=120, description="The name of who locked it.")
    mine: bool = Field(description="You locked it: your own edits pass.")
    at: datetime


class BoardPerson(Schema):
    """Somebody who has this board open."""

    tab: UUID
    name: str = Field(max_length=120)
    me: bool
    selected: list[UUID] = Field(max_length=200, description="What they hold selected.")
    seen_at: datetime


class BoardOut(Schema):
    """Everything that the board of a day draws. `cursor`: say it as `Last-Event-ID` to `/live/events`, and no change
    since is missed."""

    day: date
    zone: str = Field(max_length=60)
    now: datetime
    currency: str = Field(max_length=3)
    plan: BoardPlan | None
    plans: list[BoardPlan] = Field(max_length=1000, description="Of the day, newest first.")
    depots: list[BoardDepot] = Field(max_length=1000)
    shifts: list[BoardShift] = Field(max_length=2000)
    routes: list[BoardRoute] = Field(max_length=2000)
    stops: list[BoardStop] = Field(max_length=50_000)
    unassigned: list[BoardLeft] = Field(max_length=50_000)
    breaches: list[BoardBreach] = Field(max_length=20_000)
    vehicles: list[BoardWhere] = Field(max_length=2000)
    locks: list[BoardLock] = Field(max_length=20_000)
    people: list[BoardPerson] = Field(max_length=500)
    cursor: str = Field(max_length=60)


class BoardRoutesOut(Schema):
    """Some routes on the road, as `BoardOut` has them. `cursor`: as there."""

    now: datetime
    routes: list[BoardRoute] = Field(max_length=100)
    stops: list[BoardStop] = Field(max_length=50_000)
    vehicles: list[BoardWhere] = Field(max_length=100)
    cursor: str = Field(max_length=60)
