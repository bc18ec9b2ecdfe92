"""Routes on the road: released from a plan, watched, changed while they run, taken back."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from homestretch.dispatch import actions, queries
from homestretch.dispatch.rules.packages import holds
from homestretch.dispatch.rules.reasons import LEFT_WITH, REASONS
from homestretch.dispatch.values import Terms
from homestretch.doors.api.shown import STATE, RouteOut, StopsOut, route_out, stop_out
from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.web.entry import READ, WRITE
from homestretch.web.etags import check_version
from homestretch.web.once import once_of
from homestretch.web.pages import Page, PageQuery, page
from homestretch.web.schemas import Seen

router = Router(tags=["routes"])


class ReleaseIn(Schema):
    """The revision that goes on the road."""

    plan_id: UUID
    revision: int = Field(ge=1, lt=2**31, description="The revision that stands, as you know it.", examples=[3])


class RoutesOut(Schema):
    """The routes that were made."""

    items: list[RouteOut] = Field(max_length=1000)


class ChangeIn(Schema):
    """On which terms a running route is changed."""

    version: Seen = None
    accept_breaches: bool = Field(False, description="Change it although that breaks a window, a load or the shift.")

    def terms(self) -> Terms:
        """As the action takes them."""
        return Terms(self.accept_breaches, self.version)


class ReassignIn(ChangeIn):
    """Another driver."""

    driver_id: UUID


class ResequenceIn(ChangeIn):
    """All open stops, in their new order."""

    stop_ids: list[UUID] = Field(min_length=1, max_length=2000)


class AddTaskIn(ChangeIn):
    """A ready task."""

    task_id: UUID
    position: int | None = Field(None, ge=0, le=5000, description="Among the open stops, from 0; null: where it fits.")


class ReasonOut(Schema):
    """Why an attempt can fail."""

    reason: str = Field(max_length=30)
    code: str | None = Field(max_length=4, description="X12 1651 status reason (EDI 214), where there is one.")


class ReasonsOut(Schema):
    """The words that outcomes are told in."""

    reasons: list[ReasonOut] = Field(max_length=100)
    left_with: list[str] = Field(max_length=100)


class PackagesOut(Schema):
    """What came on board of a route's packages, and what became of it."""

    loaded: int
    collected: int
    received: int
    delivered: int
    returned: int
    handed_over: int
    missing: int
    on_board: int
    balanced: bool = Field(description="Whether all that came on board is accounted for.")


class RouteQuery(PageQuery):
    """Which routes."""

    day: date | None = Field(None, description="The planning day.")
    state: str | None = Field(None, max_length=10, description=STATE)
    driver_id: UUID | None = None
    plan_id: UUID | None = None


@router.get("", auth=READ("routes"), response=Page[RouteOut])
def list_routes(request: HttpRequest, part: Query[RouteQuery]) -> dict[str, Any]:
    """Routes by planned start."""
    with scope(request.auth):
        rows = queries.routes(day=part.day, state=part.state, driver_id=part.driver_id, plan_id=part.plan_id)
        return page(rows, part.cursor, part.limit, key=("planned_start", "id"), show=route_out)


@router.post("/release", auth=WRITE("routes"), response={201: RoutesOut})
def release_plan(request: HttpRequest, data: ReleaseIn) -> Any:
    """Put a plan on the road: a route per shift that has stops; orders are scheduled, promises made. All or nothing."""

    def answer(routes: list[Any]) -> dict[str, Any]:
        return {"items": [route_out(queries.route(route.id)) for route in routes]}

    by = request.auth
    once = once_of(request, "release_plan", answer)
    made = actions.release(data.plan_id, data.revision, by=by, at=now(), once=once)
    with scope(by):
        return Status(201, answer(made))


@router.get("/reasons", auth=READ("routes", merchant=True, driver=True), response=ReasonsOut)
def list_reasons(request: HttpRequest) -> dict[str, Any]:
    """Why an attempt can fail, and with whom goods may be left."""
    reasons = [{"reason": reason, "code": code} for reason, code in REASONS.items()]
    return {"reasons": reasons, "left_with": list(LEFT_WITH)}


@router.get("/{route_id}", auth=READ("routes"), response=RouteOut)
def get_route(request: HttpRequest, route_id: UUID) -> dict[str, Any]:
    """One route."""
    with scope(request.auth):
        return route_out(queries.route(route_id))


@router.get("/{route_id}/stops", auth=READ("routes"), response=StopsOut)
def list_route_stops(request: HttpRequest, route_id: UUID) -> dict[str, Any]:
    """All stops of a route, by position."""
    with scope(request.auth):
        route = queries.route(route_id)
        return {"items": [stop_out(stop) for stop in queries.stops_of(route.id)]}


@router.get("/{route_id}/packages", auth=READ("routes"), response=PackagesOut)
def get_package_balance(request: HttpRequest, route_id: UUID) -> dict[str, Any]:
    """The balance of a route's packages."""
    with scope(request.auth):
        counts = queries.package_balance(queries.route(route_id).id)
        return {**counts, "balanced": holds(counts)}


@router.post("/{route_id}/recall", auth=WRITE("routes"), response=RouteOut)
def recall_route(request: HttpRequest, route_id: UUID) -> dict[str, Any]:
    """Take a route back before it starts; what stood on it can be planned again."""
    by = request.auth
    return _shown(by, actions.recall(route_id, by=by, at=now(), once=_once(request, "recall_route")))


@router.post("/{route_id}/finish", auth=WRITE("routes"), response=RouteOut)
def finish_route(request: HttpRequest, route_id: UUID) -> dict[str, Any]:
    """End a route for a driver whose phone is silent; what is open is cancelled and can be planned again."""
    by, once = request.auth, _once(request, "finish_route")
    return _shown(by, actions.finish_route(route_id, by=by, at=now(), once=once))


@router.post("/{route_id}/return", auth=WRITE("routes"), response=RouteOut)
def return_route(request: HttpRequest, route_id: UUID, data: ChangeIn) -> dict[str, Any]:
    """Call a route home: what waits leaves it and can be planned again; the driver ends what is begun first."""
    by, once = request.auth, _once(request, "return_route")
    return _shown(by, actions.return_to_depot(route_id, terms=data.terms(), by=by, at=now(), once=once))


@router.post("/{route_id}/reassign", auth=WRITE("routes"), response=RouteOut)
def reassign_route(request: HttpRequest, route_id: UUID, data: ReassignIn) -> dict[str, Any]:
    """Give a live route to another driver."""
    by, once = request.auth, _once(request, "reassign_route")
    return _shown(by, actions.reassign(route_id, data.driver_id, terms=data.terms(), by=by, at=now(), once=once))


@router.post("/{route_id}/resequence", auth=WRITE("routes"), response=RouteOut)
def resequence_route(request: HttpRequest, route_id: UUID, data: ResequenceIn) -> dict[str, Any]:
    """Put the open stops of a live route in another order; planned times follow."""
    by, once = request.auth, _once(request, "resequence_route")
    return _shown(by, actions.resequence(route_id, data.stop_ids, terms=data.terms(), by=by, at=now(), once=once))


@router.post("/{route_id}/tasks", auth=WRITE("routes"), response=RouteOut)
def add_route_task(request: HttpRequest, route_id: UUID, data: AddTaskIn) -> dict[str, Any]:
    """Put a ready task on a live route; planned times follow."""
    by, once = request.auth, _once(request, "add_route_task")
    changed = actions.add_task(route_id, data.task_id, data.position, terms=data.terms(), by=by, at=now(), once=once)
    return _shown(by, changed)


@router.delete("/{route_id}/tasks/{task_id}", auth=WRITE("routes"), response=RouteOut)
def remove_route_task(request: HttpRequest, route_id: UUID, task_id: UUID) -> dict[str, Any]:
    """Take a task off a live route; its order can be planned again. `If-Match` is the route's version."""
    by = request.auth
    with scope(by):
        seen = queries.route(route_id).version
        check_version(request, seen)
    return _shown(by, actions.remove_task(route_id, task_id, terms=Terms(version=seen), by=by, at=now()))


def _once(request: HttpRequest, operation: str) -> Any:
    return once_of(request, operation, lambda route: route_out(queries.route(route.id)), status=200)


def _shown(by: Any, route: Any) -> dict[str, Any]:
    with scope(by):
        return route_out(queries.route(route.id))
