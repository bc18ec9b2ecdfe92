"""Plans: ask for one, watch it being solved, look at it, move a visit, drop it. `editing` has all other changes."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from homestretch.doors.api.travel import FellOut
from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.plans import actions, queries
from homestretch.web.entry import READ, WRITE
from homestretch.web.once import once_of
from homestretch.web.pages import Page, PageQuery, page
from homestretch.web.schemas import Word

router = Router(tags=["plans"])


class PlanIn(Schema):
    """The wish for a plan."""

    day: date = Field(description="Planning day.", examples=["2026-11-23"])
    depot_ids: list[UUID] = Field(default=[], max_length=100, description="Depots to plan for; none named: all.")
    seconds: int = Field(20, ge=1, le=600, description="CPU seconds that the search may take.")
    seed: int = Field(1, ge=0, lt=2**31, description="Seed of the search.")
    split_zone: int = Field(
        0, ge=0, lt=2**31, description="What each further shift in a zone costs, minor units; 0: zones do not matter."
    )
    quantile: int = Field(
        0, ge=0, le=95, description="Percentage of days on which its times are to hold, 50 to 95; 0: the usual times."
    )


class SearchOut(Schema):
    """The newest search for a plan."""

    state: str = Field(max_length=10, description="waiting, running, done or failed.")
    seconds: int = Field(description="Seconds asked for.")
    progress: dict[str, Any] = Field(description="How far it is: seconds, iterations, cost, routes, unassigned.")
    failure: dict[str, Any] | None = Field(description="Code, cause and remedy, where it failed.")


class PlanOut(Schema):
    """A plan."""

    id: UUID
    day: date
    state: str = Field(max_length=10, description="asked, solving, ready, released, superseded or dropped.")
    purpose: str = Field(max_length=10)
    revision: int = Field(description="The revision that stands; 0: none yet.")
    created_at: datetime
    search: SearchOut | None = None


class PlannedStopOut(Schema):
    """A halt as planned."""

    visit: str = Field(max_length=80)
    place_id: UUID
    task_ids: list[UUID] = Field(max_length=500)
    arrive: datetime
    start: datetime
    leave: datetime
    service_s: int
    late_s: int


class PlannedRouteOut(Schema):
    """What one shift would drive."""

    shift_id: UUID
    start: datetime
    end: datetime
    meters: int
    cost: int = Field(description="Minor units of the organization's currency.")
    stops: list[PlannedStopOut] = Field(max_length=2000)


class LeftOut(Schema):
    """A visit on no route, and why."""

    visit: str = Field(max_length=80)
    task_ids: list[UUID] = Field(max_length=500)
    reasons: list[dict[str, Any]] = Field(max_length=1000)


class OffRoadOut(Schema):
    """A visit that no road leads to."""

    visit: str = Field(max_length=80)
    code: str = Field(max_length=80, description="place.far_from_road, place.off_map.")


class SourceOut(Schema):
    """Where a profile's travel times come from."""

    rung: str = Field(max_length=20, description="roads, the name of a service, or great_circle: no road data.")
    source: str = Field(max_length=200, description="Which map, service or model.")
    as_of: datetime | None = Field(description="How old its knowledge is.")
    fell: list[FellOut] = Field(max_length=10, description="What could not answer before it.")
    off_road: list[OffRoadOut] = Field(max_length=20_000)


class MarginOut(Schema):
    """What times are stretched by to hold on more days than the usual ones do."""

    quantile: int = Field(description="Percentage of days on which they hold, as far as the pace of a day goes.")
    ways: int = Field(description="Thousandths of what ways take by themselves.", examples=[1285])
    services: int = Field(description="Thousandths of what services take by themselves.")


class RevisionOut(Schema):
    """One state of a plan with its derived times."""

    plan_id: UUID
    day: date
    number: int
    parent: int
    why: str = Field(max_length=10)
    cost: int
    rung: str = Field(max_length=20, description="Where the travel times come from; great_circle: no road data.")
    travel: dict[str, SourceOut] = Field(description="Where each profile's travel times come from.")
    margin: MarginOut | None = Field(description="What its times are stretched by; null: they are the usual ones.")
    routes: list[PlannedRouteOut] = Field(max_length=1000)
    unassigned: list[LeftOut] = Field(max_length=20_000)
    breaches: list[dict[str, Any]] = Field(max_length=20_000)


class EditIn(Schema):
    """The revision that was seen."""

    revision: int = Field(ge=1, description="The revision that stands, as you know it.")


class MoveIn(EditIn):
    """A visit to be put somewhere else."""

    visit: str = Field(max_length=80)
    shift_id: UUID | None = Field(None, description="Onto this shift's route; null: off every route.")
    position: int = Field(0, ge=0, le=5000, description="0 is first.")


class InsertionsOut(Schema):
    """Where a visit would fit best."""

    options: list[dict[str, Any]] = Field(max_length=10)


class RelaxationOut(Schema):
    """What would let a visit in: the least of one rule that has to be given up."""

    code: str = Field(max_length=80, description="window_later, overtime, load:weight, skill, van, without, ...")
    shift: UUID = Field(description="The shift that would serve it; of `van` one more like this.")
    visit: str = Field(max_length=80, description="Whose window, or who is left out; empty where no visit is meant.")
    amount: int = Field(description="By how much: seconds, meters, stops, or the load's own unit; 0 where none is.")
    position: int = Field(description="Its place on the route then, 0 is first.")
    cost: int = Field(description="What the plan would cost more, in minor units.")
    text: str = Field(max_length=500)
    required: bool = Field(description="Another visit is left out for it that has no price.")


class ElsewhereOut(Schema):
    """Where else a visit could go without breaking a rule."""

    shift: UUID
    position: int = Field(description="Counted without the visit itself, 0 is first.")
    cost: int = Field(description="What the plan would cost more, in minor units; negative: less.")


class WhyOut(Schema):
    """Why a visit is where it is, or nowhere."""

    visit: str = Field(max_length=80)
    reasons: list[dict[str, Any]] = Field(max_length=1000, description="Of a visit on no route, by shift.")
    relaxations: list[RelaxationOut] = Field(max_length=10, description="What would let it in, the cheapest first.")
    elsewhere: ElsewhereOut | None = Field(description="Of a visit on a route: its best other place, null: none.")


class StopOddsOut(Schema):
    """How likely a stop is on time."""

    visit: str = Field(max_length=80)
    on_time: float = Field(description="0 to 1: that service begins by what a release would promise.")


class EarlierOut(Schema):
    """What an earlier start of a route would bring."""

    minutes: int
    gain: float = Field(description="How many stops more are then expected to be on time.")


class RouteOddsOut(Schema):
    """How sure a route is."""

    shift: UUID
    kept: float = Field(description="How many of its stops are expected to be on time.")
    overtime: float = Field(description="0 to 1: that it ends after its shift.")
    stops: list[StopOddsOut] = Field(max_length=2000)
    earlier: list[EarlierOut] = Field(max_length=10, description="As far as shift, goods and breaks allow.")


class WeakOut(Schema):
    """A stop that is not sure, and what before it hurts it most."""

    shift: UUID
    visit: str = Field(max_length=80)
    on_time: float
    part: Literal["way", "service", ""] = Field(description="The way to, or the service at, `of`; empty: none alone.")
    of: str = Field(max_length=80)
    gain: float = Field(description="What it gains where that takes just what is planned.")


class MovedOut(Schema):
    """A visit that would help the others of its route by leaving it."""

    shift: UUID
    visit: str = Field(max_length=80)
    gain: float = Field(description="How many of the others more are then expected to be on time.")


class OddsOut(Schema):
    """How sure a revision is, were it released: driven many times over, as much slower and faster as days are."""

    plan_id: UUID
    number: int
    model: int = Field(description="Version of the model of times; 0: the built-in one, for nothing was learned yet.")
    samples: int
    stops: int
    kept: float = Field(description="How many of the stops are expected to be on time.")
    routes: list[RouteOddsOut] = Field(max_length=1000)
    weakest: list[WeakOut] = Field(max_length=10, description="The least likely first.")
    out: list[MovedOut] = Field(max_length=10, description="The most helpful first.")


def plan_out(row: Any) -> dict[str, Any]:
    """A plan as it is shown."""
    search = queries.optimization(row.id)
    return {
        "id": row.id,
        "day": row.day,
        "state": row.state,
        "purpose": row.purpose,
        "revision": row.head,
        "created_at": row.created_at,
        "search": {key: getattr(search, key) for key in ("state", "seconds", "progress", "failure")}
        if search
        else None,
    }


def revision_out(plan_id: UUID, number: int | None = None) -> dict[str, Any]:
    """A revision as it is shown."""
    return asdict(queries.revision(plan_id, number))


@router.post("", auth=WRITE("plans"), response={201: PlanOut})
def ask_plan(request: HttpRequest, data: PlanIn) -> Status[dict[str, Any]]:
    """Ask for a plan of a day; it is solved in the background (`plan.solved` tells when)."""
    options = data.dict(include={"seconds", "seed", "split_zone", "quantile"})
    row = actions.ask(
        data.day,
        data.depot_ids,
        options=options,
        by=request.auth,
        at=now(),
        once=once_of(request, "ask_plan", plan_out),
    )
    with scope(request.auth):
        return Status(201, plan_out(row))


@router.get("", auth=READ("plans"), response=Page[PlanOut])
def list_plans(request: HttpRequest, part: Query[PageQuery], day: date | None = None) -> dict[str, Any]:
    """Plans, newest first."""
    with scope(request.auth):
        return page(queries.plans(day), part.cursor, part.limit, descending=True, show=plan_out)


@router.get("/{plan_id}", auth=READ("plans"), response=PlanOut)
def get_plan(request: HttpRequest, plan_id: UUID) -> dict[str, Any]:
    """One plan and how its search goes."""
    with scope(request.auth):
        return plan_out(queries.plan(plan_id))


@router.get("/{plan_id}/revision", auth=READ("plans"), response=RevisionOut)
def get_revision(request: HttpRequest, plan_id: UUID, number: int | None = None) -> dict[str, Any]:
    """A revision with its times, by default the one that stands."""
    with scope(request.auth):
        return revision_out(plan_id, number)


@router.get("/{plan_id}/insertions", auth=READ("plans"), response=InsertionsOut)
def list_insertions(request: HttpRequest, plan_id: UUID, visit: Word) -> dict[str, Any]:
    """The best places for a visit that is on no route, and what each costs."""
    with scope(request.auth):
        return {"options": queries.insertions(plan_id, visit)}


@router.get("/{plan_id}/why", auth=READ("plans"), response=WhyOut)
def get_why(request: HttpRequest, plan_id: UUID, visit: Word) -> dict[str, Any]:
    """Why a visit is on no route and what would let it in, or what its best other place would cost."""
    with scope(request.auth):
        return queries.why(plan_id, visit)


@router.get("/{plan_id}/odds", auth=READ("plans"), response=OddsOut)
def get_odds(request: HttpRequest, plan_id: UUID, number: int | None = None) -> dict[str, Any]:
    """How likely each stop of a revision is on time, the weakest stops with what hurts them, and what would help."""
    with scope(request.auth):
        view = asdict(queries.odds(plan_id, number))
        return {**view, **view.pop("odds")}


@router.post("/{plan_id}/cancel", auth=WRITE("plans"), response=PlanOut)
def cancel_plan(request: HttpRequest, plan_id: UUID) -> dict[str, Any]:
    """End the search now; the best plan so far stands."""
    once = once_of(request, "cancel_plan", plan_out, status=200)
    row = actions.cancel(plan_id, by=request.auth, at=now(), once=once)
    with scope(request.auth):
        return plan_out(row)


@router.post("/{plan_id}/move", auth=WRITE("plans"), response=RevisionOut)
def move_visit(request: HttpRequest, plan_id: UUID, data: MoveIn) -> dict[str, Any]:
    """Put a visit elsewhere, or off every route. The answer shows what that breaks, if anything."""
    to = (data.shift_id, data.position) if data.shift_id else None
    once = once_of(request, "move_visit", lambda row: revision_out(plan_id, row.number), status=200)
    row = actions.move(plan_id, data.revision, data.visit, to, by=request.auth, at=now(), once=once)
    with scope(request.auth):
        return revision_out(plan_id, row.number)


@router.post("/{plan_id}/drop", auth=WRITE("plans"), response=PlanOut)
def drop_plan(request: HttpRequest, plan_id: UUID) -> dict[str, Any]:
    """Throw a draft away."""
    once = once_of(request, "drop_plan", plan_out, status=200)
    row = actions.drop(plan_id, by=request.auth, at=now(), once=once)
    with scope(request.auth):
        return plan_out(row)
