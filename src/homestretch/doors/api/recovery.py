"""Proposals: what could be done about a day that went off plan; and the policy that prices change."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.recovery import actions, queries
from homestretch.recovery.rules.proposing import BOUNDS, CAUSES, PROPOSAL, SCOPES
from homestretch.recovery.values import Wish
from homestretch.web.entry import READ, WRITE
from homestretch.web.etags import check_version
from homestretch.web.once import once_of
from homestretch.web.pages import Page, PageQuery, page
from homestretch.web.schemas import Seen

router = Router(tags=["recovery"])


class ProposalIn(Schema):
    """What went off plan, and how far a change may go."""

    kind: str = Field(max_length=20, description=f"One of {', '.join(CAUSES)}.", examples=["vehicle_down"])
    route_id: UUID | None = Field(None, description="Of vehicle_down, late and given_back: the route in trouble.")
    order_id: UUID | None = Field(None, description="Of insert: the order that wants a place.")
    stop_id: UUID | None = Field(None, description="Of retry: the stop that failed.")
    scope: str | None = Field(
        None,
        max_length=10,
        description=f"One of {', '.join(SCOPES)}: what may change. insert: others keep their order; route: this route "
        "alone; routes: those named, else the nearest; all: every route of the day. Null: as the kind suggests.",
    )
    route_ids: list[UUID] = Field(default=[], max_length=100, description="The routes that may change.")
    exception_id: UUID | None = Field(None, description="The exception that accepting settles.")


class ProposalPromiseOut(Schema):
    """A promise that fares otherwise."""

    task: UUID
    order: UUID
    before: int | None = Field(description="Seconds late as the day runs now; null: nobody comes.")
    after: int | None = Field(description="Seconds late then; null: nobody comes.")


class ProposalHunkOut(Schema):
    """A part of a proposal."""

    number: int
    kind: str = Field(max_length=10, description="insert, move or reorder.")
    words: str = Field(max_length=300)
    from_route_id: UUID | None
    to_route_id: UUID
    visits: list[str] = Field(max_length=4000, description="`s:` a stop, `t:` a task, `m:` goods taken over for one.")
    needs: list[int] = Field(max_length=4000, description="Hunks without which it does not fit.")
    minutes: dict[str, int] = Field(description="Minutes by which each route ends later, with what it needs.")
    promises: list[ProposalPromiseOut] = Field(max_length=4000)
    boxes: int = Field(description="Pieces that change vehicles on the road.")
    state: str = Field(max_length=10)


class UnplacedOut(Schema):
    """What finds no place today."""

    visit: str = Field(max_length=80)
    reason: str = Field(max_length=60)


class ProposalFiguresOut(Schema):
    """Doing nothing against accepting all of it; costs in minor units, of the rest of the day."""

    cost_before: int
    cost_after: int
    moved: int
    boxes: int
    left: int
    broken_before: int
    broken_after: int


class ProposalOut(Schema):
    """A change to running routes that waits for a yes."""

    id: UUID
    kind: str = Field(max_length=20)
    scope: str = Field(max_length=10)
    state: str = Field(max_length=10, description=f"One of {', '.join(PROPOSAL)}.")
    route_id: UUID | None
    order_id: UUID | None
    exception_id: UUID | None
    figures: ProposalFiguresOut | None = Field(description="Null until it is made.")
    hunks: list[ProposalHunkOut] = Field(max_length=2000)
    promises: list[ProposalPromiseOut] = Field(max_length=4000)
    minutes: dict[str, int] = Field(description="Minutes by which each route ends later with all of it.")
    left: list[UnplacedOut] = Field(max_length=4000)
    failure: dict[str, Any] | None = Field(description="Code, cause and remedy of one that was dropped.")
    asked_at: datetime
    made_at: datetime | None
    decided_at: datetime | None
    version: int


class ProposalQuery(PageQuery):
    """Which proposals."""

    state: str | None = Field(None, max_length=10)
    route_id: UUID | None = Field(None, description="Made from this route, among others.")
    exception_id: UUID | None = None


class AcceptIn(Schema):
    """What is accepted."""

    hunks: list[int] | None = Field(None, max_length=2000, description="Their numbers; null: all of them.")
    version: Seen = None


class DeclineIn(Schema):
    """Why not."""

    reason: str = Field("", max_length=200)
    version: Seen = None


class PolicyOut(Schema):
    """What changing a running day is worth: prices in minor units."""

    per_moved: int = Field(description="A stop that comes behind another one than before.")
    per_changed: int = Field(description="A stop that changes its driver.")
    per_drift_minute: int = Field(description="A minute that a stop is served earlier or later than expected.")
    per_late_minute: int = Field(description="A minute after the promise.")
    per_box: int = Field(description="A piece that changes vehicles on the road.")
    per_left: int = Field(description="A stop that is not served today.")
    overtime_per_hour: int
    overtime_s: int = Field(description="At most, past a shift's end.")
    most_moved: int = Field(description="Stops that one proposal may move.")
    seconds: int = Field(description="CPU seconds of search.")
    suggest_late_s: int = Field(
        description="Seconds late, forecast for a promise, from which something is proposed unasked; 0: nothing is."
    )
    most_alone: int = Field(description="Stops that an unasked proposal may move without a yes; 0: it waits for one.")
    offer_priority: int = Field(description="Priority from which an order for today is offered by itself; 0: none is.")
    offer_s: int = Field(description="Seconds that a driver has to answer an offer.")
    offer_drivers: int = Field(description="Drivers who are asked for an order, at most.")
    unread_s: int = Field(
        description="Seconds that a changed route may wait for its driver to read it before that is an exception."
    )
    version: int


class PolicyIn(Schema):
    """What is to be changed of it; null stays."""

    per_moved: int | None = Field(None, ge=0, le=1_000_000)
    per_changed: int | None = Field(None, ge=0, le=1_000_000)
    per_drift_minute: int | None = Field(None, ge=0, le=1_000_000)
    per_late_minute: int | None = Field(None, ge=0, le=1_000_000)
    per_box: int | None = Field(None, ge=0, le=1_000_000)
    per_left: int | None = Field(None, ge=0, le=1_000_000)
    overtime_per_hour: int | None = Field(None, ge=0, le=1_000_000)
    overtime_s: int | None = Field(None, ge=0, le=BOUNDS["overtime_s"][1])
    most_moved: int | None = Field(None, ge=1, le=BOUNDS["most_moved"][1])
    seconds: int | None = Field(None, ge=1, le=BOUNDS["seconds"][1])
    suggest_late_s: int | None = Field(None, ge=0, le=BOUNDS["suggest_late_s"][1])
    most_alone: int | None = Field(None, ge=0, le=BOUNDS["most_alone"][1])
    offer_priority: int | None = Field(None, ge=0, le=BOUNDS["offer_priority"][1])
    offer_s: int | None = Field(None, ge=BOUNDS["offer_s"][0], le=BOUNDS["offer_s"][1])
    offer_drivers: int | None = Field(None, ge=BOUNDS["offer_drivers"][0], le=BOUNDS["offer_drivers"][1])
    unread_s: int | None = Field(None, ge=0, le=BOUNDS["unread_s"][1])


_FIELDS = (
    *("id", "kind", "scope", "state", "route_id", "order_id", "exception_id", "promises", "minutes", "left"),
    *("failure", "asked_at", "made_at", "decided_at", "version"),
)
_HUNK = (
    *("number", "kind", "words", "from_route_id", "to_route_id", "visits", "needs", "minutes", "promises", "boxes"),
    "state",
)


def proposal_out(row: Any) -> dict[str, Any]:
    """A proposal as it is shown."""
    hunks = sorted(row.hunks.all(), key=lambda hunk: hunk.number)
    return {name: getattr(row, name) for name in _FIELDS} | {
        "figures": row.figures or None,
        "hunks": [{name: getattr(hunk, name) for name in _HUNK} for hunk in hunks],
    }


@router.post("/proposals", auth=WRITE("routes"), response={201: ProposalOut})
def ask_proposal(request: HttpRequest, data: ProposalIn) -> Status[dict[str, Any]]:
    """Ask what could be done about a vehicle that broke down, a route that is late, an order that wants a place today,
    or a stop that failed. The answer is looked for in the background: `proposal.made`, or read it again."""
    by = request.auth
    wish = Wish(**{**data.dict(), "route_ids": tuple(data.route_ids)})
    once = once_of(request, "ask_proposal", proposal_out, status=201)
    return Status(201, _read_anew(actions.ask(wish, by=by, at=now(), once=once), by))


def _read_anew(row: Any, by: Any) -> dict[str, Any]:
    """As `proposal_out`, read anew in a scope."""
    with scope(by):
        return proposal_out(queries.proposal(row.id))


@router.get("/proposals", auth=READ("routes"), response=Page[ProposalOut])
def list_proposals(request: HttpRequest, part: Query[ProposalQuery]) -> dict[str, Any]:
    """Proposals, newest first."""
    with scope(request.auth):
        rows = queries.proposals(part.state or None, part.route_id, part.exception_id)
        return page(rows, part.cursor, part.limit, key=("asked_at", "id"), descending=True, show=proposal_out)


@router.get("/proposals/{proposal_id}", auth=READ("routes"), response=ProposalOut)
def get_proposal(request: HttpRequest, proposal_id: UUID) -> dict[str, Any]:
    """One proposal."""
    with scope(request.auth):
        return proposal_out(queries.proposal(proposal_id))


@router.post("/proposals/{proposal_id}/accept", auth=WRITE("routes"), response=ProposalOut)
def accept_proposal(request: HttpRequest, proposal_id: UUID, data: AcceptIn) -> dict[str, Any]:
    """Carry a proposal out: whole, or some of its hunks, by which the others are declined. All routes change together,
    or none; drivers see it at once."""
    by = request.auth
    once = once_of(request, "accept_proposal", proposal_out, status=200)
    row = actions.accept(proposal_id, data.hunks, version=data.version, by=by, at=now(), once=once)
    return _read_anew(row, by)


@router.post("/proposals/{proposal_id}/decline", auth=WRITE("routes"), response=ProposalOut)
def decline_proposal(request: HttpRequest, proposal_id: UUID, data: DeclineIn) -> dict[str, Any]:
    """Say no to a proposal."""
    by = request.auth
    once = once_of(request, "decline_proposal", proposal_out, status=200)
    row = actions.decline(proposal_id, data.reason, version=data.version, by=by, at=now(), once=once)
    return _read_anew(row, by)


@router.get("/policy", auth=READ("organization"), response=PolicyOut)
def get_policy(request: HttpRequest) -> dict[str, Any]:
    """What changing a running day is worth."""
    with scope(request.auth):
        return _policy()


@router.patch("/policy", auth=WRITE("organization"), response=PolicyOut)
def change_policy(request: HttpRequest, data: PolicyIn) -> dict[str, Any]:
    """Change some of it. `If-Match` is its version."""
    by = request.auth
    with scope(by):
        _, seen = queries.policy()
        check_version(request, seen)
    given = {name: value for name, value in data.dict().items() if value is not None}
    actions.set_policy(given, version=seen, by=by, at=now())
    with scope(by):
        return _policy()


def _policy() -> dict[str, Any]:
    prices, version = queries.policy()
    return {**asdict(prices), "version": version}
