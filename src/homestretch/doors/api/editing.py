"""A plan changed by hand, by several at once: look first, keep, take back, lock, search on, compare."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from homestretch.doors.api.board.shown import BoardBreach, BoardLock, BoardReason, Span
from homestretch.doors.api.plans import EditIn, PlanOut, plan_out
from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.plans import actions, queries
from homestretch.plans.rules.edits import read_edit
from homestretch.web.entry import READ, WRITE
from homestretch.web.once import once_of

router = Router(tags=["plans"])
VISIT = Field(None, max_length=80)
Name = Annotated[str, Field(max_length=80)]


class OpIn(Schema):
    """One change. Each `op` reads what it needs: `move`: visit, shift_id (null: off every route), position (null: where
    it costs least); `place`: places, all taken off first; `reorder`: shift_id, visits; `swap`: visit, other; `lock` and
    `unlock`: what, with shift_id (driver, route) or visit (position)."""

    op: Literal["move", "place", "reorder", "swap", "lock", "unlock"]
    visit: str | None = VISIT
    other: str | None = VISIT
    shift_id: UUID | None = None
    position: int | None = Field(None, ge=0, le=5000, description="0 is first, counted without the visit itself.")
    visits: list[Name] = Field(default=[], max_length=2000, description="All of the route's, in their new order.")
    places: list[tuple[Name, UUID | None, int]] = Field(
        default=[], max_length=500, description="[visit, shift or null, position], put in one after the other."
    )
    what: Literal["driver", "route", "position"] | None = None


class EditsIn(Schema):
    """Changes that belong together, made on a revision that was seen."""

    revision: int = Field(ge=1, lt=2**31, description="The revision that the changes were made on.", examples=[1])
    edits: list[OpIn] = Field(min_length=1, max_length=500, examples=[[{"op": "move", "visit": "0", "shift_id": None}]])
    note: str = Field("", max_length=200, description="Why, for who reads the history.")

    def read(self) -> list[dict[str, Any]]:
        """As the rules take them. Refuses `plan.edit_incomplete`."""
        return [read_edit(one.dict()) for one in self.edits]


class OptimizeIn(EditIn):
    """The wish to search on from the revision that stands."""

    seconds: int = Field(20, ge=1, le=600, description="CPU seconds that the search may take.")
    scope: list[UUID] | None = Field(
        None, max_length=1000, description="Shifts whose routes may change, with what is on no route; null: all."
    )
    seed: int = Field(1, ge=0, lt=2**31, description="Seed of the search.")


class UndoIn(EditIn):
    """A step to take back."""

    of: int = Field(0, ge=0, lt=2**31, description="That revision, whoever made it; 0: your own newest step.")


class SumsOut(Schema):
    """A route in numbers."""

    stops: int
    meters: int
    seconds: int = Field(description="From departure to finish.")
    late_s: int
    cost: int
    breaches: int


class TimedOut(Schema):
    """A stop in time."""

    visit: str = Field(max_length=80)
    arrive: datetime
    start: datetime
    leave: datetime
    late_s: int


class ChangedRouteOut(Schema):
    """A route that differs, before and after, with the times that it then has."""

    shift_id: UUID
    before: SumsOut | None
    after: SumsOut | None
    breaches: list[BoardBreach] = Field(max_length=2000)
    start: datetime | None
    end: datetime | None
    load: dict[str, int]
    breaks: list[Span] = Field(max_length=20)
    stops: list[TimedOut] = Field(max_length=2000)


class NowLeftOut(Schema):
    """A visit that is now on no route."""

    visit: str = Field(max_length=80)
    reasons: list[BoardReason] = Field(max_length=5)


class RevisionStepOut(Schema):
    """A revision: who did what."""

    revision: int
    why: str = Field(max_length=10, description="solved, edited, undone or redone.")
    of: int = Field(description="Of an undo what it took back, of a redo the undo.")
    by: str = Field(max_length=120)
    at: datetime
    note: str = Field(max_length=200)


class CostsOut(Schema):
    """What the plan costs, minor units; prizes of what is left out included."""

    before: int
    after: int


class ChangesOut(Schema):
    """What differs between two revisions: lay it on what you show, and you show the second."""

    plan_id: UUID
    since: int = Field(description="The first revision.")
    revision: int = Field(description="The second; of a preview the one that it would be laid on.")
    cost: CostsOut
    breaches: int = Field(description="How many rules the whole plan then breaks.")
    routes: list[ChangedRouteOut] = Field(max_length=2000)
    assigned: list[str] = Field(max_length=20_000, description="Visits that were on no route, and are.")
    unassigned: list[NowLeftOut] = Field(max_length=20_000)
    locks: list[BoardLock] = Field(max_length=20_000)
    steps: list[RevisionStepOut] = Field(max_length=200, description="The revisions in between, oldest first.")
    edits: list[dict[str, Any]] = Field(max_length=500, description="Of the last step, positions as they came to be.")
    undo: int = Field(description="The revision that `undo` would take back for you; 0: none.")
    redo: int


class HunkPlaceOut(Schema):
    """A place on a route."""

    shift_id: UUID
    position: int


class HunkOut(Schema):
    """Visits that went the same way together."""

    kind: Literal["moved", "reordered", "added", "left_out"]
    visits: list[str] = Field(max_length=2000)
    before: HunkPlaceOut | None = Field(alias="from")
    after: HunkPlaceOut | None = Field(alias="to")


class ComparedOut(ChangesOut):
    """Two revisions, hunk by hunk."""

    hunks: list[HunkOut] = Field(max_length=20_000)


@router.post("/{plan_id}/preview", auth=READ("plans"), response=ChangesOut, openapi_extra={"x-no-key": True})
def preview_edits(request: HttpRequest, plan_id: UUID, data: EditsIn) -> dict[str, Any]:
    """What changes would come to: per route before and after, times, breaches. Nothing is kept."""
    with scope(request.auth):
        return queries.preview(plan_id, data.revision, data.read(), by=request.auth, at=now())


@router.post("/{plan_id}/edits", auth=WRITE("plans"), response=ChangesOut)
def edit_plan(request: HttpRequest, plan_id: UUID, data: EditsIn) -> dict[str, Any]:
    """Keep changes as one revision and one step of undo. Made on an older revision they are laid on the one that
    stands, where nobody else has touched what they name. The answer is all that differs from the revision you saw."""
    by = request.auth

    def answer(_: Any = None) -> dict[str, Any]:
        return queries.changes(plan_id, data.revision, by=by)

    once = once_of(request, "edit_plan", answer, status=200)
    actions.edit(plan_id, data.revision, data.read(), note=data.note, by=by, at=now(), once=once)
    with scope(by):
        return answer()


@router.get("/{plan_id}/changes", auth=READ("plans"), response=ChangesOut)
def list_changes(request: HttpRequest, plan_id: UUID, since: int) -> dict[str, Any]:
    """What differs between a revision and the one that stands."""
    with scope(request.auth):
        return queries.changes(plan_id, since, by=request.auth)


@router.get("/{plan_id}/compare", auth=READ("plans"), response=ComparedOut, by_alias=True)
def compare_revisions(
    request: HttpRequest,
    plan_id: UUID,
    first: Annotated[int, Query(alias="from", ge=1, lt=2**31)],
    second: Annotated[int, Query(alias="to", ge=1, lt=2**31)],
) -> dict[str, Any]:
    """Two revisions, hunk by hunk and route by route."""
    with scope(request.auth):
        return queries.compare(plan_id, first, second, by=request.auth)


@router.get("/{plan_id}/best", auth=READ("plans"), response=ChangesOut)
def get_best(request: HttpRequest, plan_id: UUID) -> dict[str, Any]:
    """While a search runs on from the revision that stands: what its best so far changes. New once a second at most."""
    with scope(request.auth):
        return queries.best(plan_id, by=request.auth)


@router.post("/{plan_id}/optimize", auth=WRITE("plans"), response=PlanOut)
def optimize_plan(request: HttpRequest, plan_id: UUID, data: OptimizeIn) -> dict[str, Any]:
    """Search on from the revision that stands, under its locks; others may go on editing meanwhile."""
    by = request.auth
    options = {"seconds": data.seconds, "seed": data.seed, "scope": data.scope or []}
    once = once_of(request, "optimize_plan", plan_out, status=200)
    row = actions.optimize(plan_id, data.revision, options=options, by=by, at=now(), once=once)
    with scope(by):
        return plan_out(row)


@router.post("/{plan_id}/undo", auth=WRITE("plans"), response=ChangesOut)
def undo_plan(request: HttpRequest, plan_id: UUID, data: UndoIn) -> dict[str, Any]:
    """Take back your own newest step, or a revision that you name; what others did since stays."""
    by = request.auth
    once = once_of(request, "undo_plan", lambda _: queries.changes(plan_id, data.revision, by=by), status=200)
    actions.undo(plan_id, data.revision, of=data.of, by=by, at=now(), once=once)
    with scope(by):
        return queries.changes(plan_id, data.revision, by=by)


@router.post("/{plan_id}/redo", auth=WRITE("plans"), response=ChangesOut)
def redo_plan(request: HttpRequest, plan_id: UUID, data: EditIn) -> dict[str, Any]:
    """Do again what your own newest undo took back."""
    by = request.auth
    once = once_of(request, "redo_plan", lambda _: queries.changes(plan_id, data.revision, by=by), status=200)
    actions.redo(plan_id, data.revision, by=by, at=now(), once=once)
    with scope(by):
        return queries.changes(plan_id, data.revision, by=by)
