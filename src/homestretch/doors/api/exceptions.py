"""What is off plan, who looks after it, how it ended."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.recovery import actions, queries
from homestretch.recovery.rules import KINDS, SEVERITIES, STATES
from homestretch.recovery.values import Wanted
from homestretch.web.entry import READ, WRITE
from homestretch.web.etags import check_version
from homestretch.web.once import once_of
from homestretch.web.pages import Page, PageQuery, page
from homestretch.web.schemas import Seen

router = Router(tags=["exceptions"])


class ExceptionOut(Schema):
    """Something off plan that wants a person."""

    id: UUID
    kind: str = Field(max_length=24, description=f"One of {', '.join(KINDS)}.")
    severity: str = Field(max_length=8, description=f"One of {', '.join(SEVERITIES)}.")
    reason: str = Field(max_length=60)
    order_id: UUID | None
    route_id: UUID | None
    stop_id: UUID | None
    details: dict[str, Any]
    state: str = Field(max_length=10, description=f"One of {', '.join(STATES)}.")
    assigned_to: UUID | None = Field(description="The member who looks after it.")
    raised_at: datetime
    resolved_at: datetime | None
    resolution: str = Field(max_length=200, description="What ended it: a fact's name, or somebody's words.")
    version: int


class ExceptionQuery(PageQuery):
    """Which exceptions."""

    state: str | None = Field("open", max_length=10, description="open, resolved; empty: both.")
    kind: str | None = Field(None, max_length=24)
    severity: str | None = Field(None, max_length=8)
    assigned_to: UUID | None = None
    order_id: UUID | None = None
    route_id: UUID | None = None


class AssignIn(Schema):
    """Who looks after it."""

    assigned_to: UUID = Field(description="A member's id.")


class ResolveIn(Schema):
    """How it was settled."""

    resolution: str = Field(min_length=1, max_length=200, examples=["called; deliver tomorrow before noon"])
    version: Seen = None


_FIELDS = (
    *("id", "kind", "severity", "reason", "order_id", "route_id", "stop_id", "details", "state"),
    *("raised_at", "resolved_at", "resolution", "version"),
)


def exception_out(row: Any) -> dict[str, Any]:
    """An exception as it is shown."""
    return {name: getattr(row, name) for name in _FIELDS} | {"assigned_to": row.assigned_to_id}


@router.get("", auth=READ("exceptions"), response=Page[ExceptionOut])
def list_exceptions(request: HttpRequest, part: Query[ExceptionQuery]) -> dict[str, Any]:
    """Exceptions, newest first; by default those that are open."""
    wanted = Wanted(part.state or None, part.kind, part.severity, part.assigned_to, part.order_id, part.route_id)
    with scope(request.auth):
        rows = queries.exceptions(wanted)
        key = ("raised_at", "id")
        return page(rows, part.cursor, part.limit, key=key, descending=True, show=exception_out)


@router.get("/{exception_id}", auth=READ("exceptions"), response=ExceptionOut)
def get_exception(request: HttpRequest, exception_id: UUID) -> dict[str, Any]:
    """One exception."""
    with scope(request.auth):
        return exception_out(queries.exception(exception_id))


@router.patch("/{exception_id}", auth=WRITE("exceptions"), response=ExceptionOut)
def assign_exception(request: HttpRequest, exception_id: UUID, data: AssignIn) -> dict[str, Any]:
    """Give an exception to a member. `If-Match` is its version."""
    by = request.auth
    with scope(by):
        seen = queries.exception(exception_id).version
        check_version(request, seen)
    return exception_out(actions.assign(exception_id, data.assigned_to, version=seen, by=by, at=now()))


@router.post("/{exception_id}/resolve", auth=WRITE("exceptions"), response=ExceptionOut)
def resolve_exception(request: HttpRequest, exception_id: UUID, data: ResolveIn) -> dict[str, Any]:
    """Settle an exception by hand, and say how."""
    by = request.auth
    once = once_of(request, "resolve_exception", exception_out, status=200)
    done = actions.resolve(exception_id, data.resolution, version=data.version, by=by, at=now(), once=once)
    return exception_out(done)
