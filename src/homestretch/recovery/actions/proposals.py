"""Proposals: asked for, made by a job, then accepted (whole or in parts), declined, or expired."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from homestretch.dispatch import queries as dispatch
from homestretch.dispatch.rules.automata import LIVE_ROUTE
from homestretch.events.action import action
from homestretch.events.later import later
from homestretch.events.log import record
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal, check_version, not_found
from homestretch.orders import queries as orders
from homestretch.recovery import gather
from homestretch.recovery.actions import exceptions
from homestretch.recovery.actions.amending import carry_out
from homestretch.recovery.events import ProposalAccepted, ProposalDeclined, ProposalMade
from homestretch.recovery.models import Hunk, Proposal
from homestretch.recovery.queries import exception as exception_row
from homestretch.recovery.rules import proposing, suggesting
from homestretch.recovery.rules.answer import Answer, Told
from homestretch.recovery.rules.hunks import closed
from homestretch.recovery.rules.question import Rest
from homestretch.recovery.values import Wish


@action
def ask(wish: Wish, *, by: Actor, at: datetime) -> Proposal:
    """Ask what could be done about a cause on the running day; a job looks for it, and its answer waits for a yes.

    While one is asked or made for the cause it is that one, unless it has waited too long. Refuses
    `proposal.kind_unknown`, `proposal.scope_unknown`, `proposal.scope_unfit`, `proposal.scope_too_large`,
    `proposal.subject_missing`, `proposal.nothing_to_place`, `route.not_found`, `route.over`, `order.not_found`,
    `stop.not_found`, `exception.not_found`.
    """
    scope = proposing.read_scope(wish.kind, wish.scope, wish.route_ids)
    about = _about(wish)
    for route_id in wish.route_ids:
        dispatch.route(route_id)
    _make_way(about["key"], by=by, at=at)
    row = Proposal(
        kind=wish.kind,
        scope=scope,
        state="asked",
        wanted_routes=[str(route_id) for route_id in wish.route_ids],
        exception=exception_row(wish.exception_id) if wish.exception_id else None,
        actor=str(by),
        asked_at=at,
        **about,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # the index has the last word, also between two of us
        return Proposal.objects.get(key=row.key, state__in=("asked", "made"))
    later("recovery.propose", by.organization_id, proposal_id=row.id)
    return row


def _make_way(key: str, *, by: Actor, at: datetime) -> None:
    """What can no longer be accepted does not stand in the way of another for the cause."""
    for row in Proposal.objects.select_for_update(of=("self",)).filter(key=key, state="made"):
        if not proposing.is_young(row.made_at, at):
            _expire(row, by=by, at=at)


@action
def suggest(wish: Wish, *, by: Actor, at: datetime) -> Proposal | None:
    """Ask for a proposal unasked: not for a cause again within `suggesting.QUIET`, nor where nothing can be done."""
    since = at - suggesting.QUIET
    try:
        with transaction.atomic():
            if Proposal.objects.filter(key=_about(wish)["key"], asked_at__gt=since).exists():
                return None
            return ask(wish, by=by, at=at)
    except Refusal:  # it went on meanwhile: the route is over, the order is on another
        return None


def _about(wish: Wish) -> dict[str, Any]:
    """What a proposal is about, as its columns."""
    if wish.kind in proposing.ABOUT_A_ROUTE:
        route = dispatch.route(wish.route_id or proposing.no_subject("route_id"))
        proposing.check_live(route.state)
        return {"route_id": route.id, "key": proposing.key_of(wish.kind, route.id)}
    route_id: UUID | None
    if wish.kind == "insert":
        order = orders.get_order(wish.order_id or proposing.no_subject("order_id"))
        route_id, order_ids, key = None, [order.id], order.id
    elif wish.kind == "given_back":
        route_id = key = dispatch.route(wish.route_id or proposing.no_subject("route_id")).id
        order_ids = [work.order_id for stop in dispatch.stops_of(route_id) for work in stop.works.all()]
    else:
        stop = dispatch.stop(wish.stop_id or proposing.no_subject("stop_id"))
        order_ids = [work.order_id for work in stop.works.all() if work.outcome in ("failed", "partial")]
        route_id, key = stop.route_id, stop.id
    tasks = [task_id for order_id in dict.fromkeys(order_ids) for task_id in orders.placeable(order_id)]
    proposing.check_tasks(tasks)
    return {
        "route_id": route_id,
        "order_id": None if wish.kind == "given_back" else order_ids[0],
        "tasks": [str(task_id) for task_id in tasks],
        "key": proposing.key_of(wish.kind, key),
    }


@action
def begin(proposal_id: UUID, fence: UUID, *, by: Actor, at: datetime) -> Rest | None:
    """Take a proposal for the job that holds `fence`, and read the day as it stands. None: nothing is left to do."""
    row = _locked(proposal_id)
    if row.state != "asked":
        return None
    rest = gather.rest_of(row, at)
    row.fence, row.versions = fence, {str(line.route_id): line.version for line in rest.lines}
    row.save(update_fields=["fence", "versions"])
    return rest


@action
def finish(proposal_id: UUID, fence: UUID, answer: Answer, *, by: Actor, at: datetime) -> Proposal | None:
    """Keep what was found. None where another worker has taken the proposal over. One that changes nothing is dropped
    (`proposal.nothing_better`), and so is one that moves more than the policy lets (`proposal.too_many_moved`)."""
    row = _locked(proposal_id)
    if row.state != "asked" or row.fence != fence:
        return None
    proposing.check_worth(len(answer.parts), answer.figures["moved"], gather.prices().most_moved)
    row.state, row.made_at = "made", at
    row.before, row.after, row.meanings = answer.before, answer.after, answer.meanings
    row.left, row.figures, row.promises = answer.left, answer.figures, answer.promises
    row.minutes = answer.minutes
    row.version += 1
    row.save()
    Hunk.objects.bulk_create([_hunk(row, told) for told in answer.parts])
    moved, left = answer.figures["moved"], answer.figures["left"]
    record(ProposalMade(row.id, row.kind, len(answer.parts), moved, left), by=by, at=at)
    later("recovery.overtake", by.organization_id, at=at + proposing.GOOD_FOR, key=str(row.id), proposal_id=row.id)
    return row


def _hunk(row: Proposal, told: Told) -> Hunk:
    part = told.part
    return Hunk(
        proposal=row,
        number=part.number,
        kind="reorder" if part.reorder else "move" if part.source else "insert",
        words=told.words,
        from_route_id=UUID(part.source) if part.source else None,
        to_route_id=UUID(part.to),
        visits=list(part.visits),
        needs=list(part.needs),
        minutes=told.minutes,
        promises=told.promises,
        boxes=told.boxes,
    )


@action
def fail(proposal_id: UUID, fence: UUID | None, refusal: Refusal, *, by: Actor, at: datetime) -> None:
    """Nothing came of a proposal: it is dropped, and says why."""
    row = _locked(proposal_id)
    if row.state != "asked" or (fence is not None and row.fence not in (None, fence)):
        return
    row.state, row.decided_at = "dropped", at
    row.failure = {"code": refusal.code, "cause": refusal.cause, "remedy": refusal.remedy}
    row.version += 1
    row.save()


@action
def accept(
    proposal_id: UUID,
    hunks: Collection[int] | None = None,
    *,
    version: int | None = None,
    by: Actor,
    at: datetime,
) -> Proposal:
    """Carry a proposal out: whole, or these of its hunks; the others are declined by that.

    The routes are amended in this transaction, under their locks: nothing happens if one has changed since. What finds
    no place stays where it is, with an exception. Refuses `proposal.not_found`, `proposal.not_ready`,
    `proposal.settled`, `proposal.stale`, `proposal.overtaken`, `hunk.none_chosen`, `hunk.not_found`,
    `hunk.needs_others`.
    """
    row = _locked(proposal_id)
    proposing.must_be(row.state, "accepted")
    check_version("proposal", version, row.version)
    proposing.check_young(row.made_at, at)
    parts = list(row.hunks.order_by("number"))
    chosen = {part.number for part in parts} if hunks is None else set(hunks)
    proposing.check_chosen(chosen, [part.number for part in parts], closed(chosen, gather.parts(parts)))
    if row.exception is not None:
        exceptions.settle([row.exception.key], "proposal.accepted", by=by, at=at)
    done = carry_out(row, [part for part in parts if part.number in chosen], by=by, at=at)
    for part in parts:
        part.state = "accepted" if part.number in chosen else "declined"
        part.save(update_fields=["state"])
    _decide(row, "accepted", by=by, at=at)
    fact = ProposalAccepted(row.id, row.kind, tuple(sorted(chosen)), done.route_ids, done.postponed)
    record(fact, by=by, at=at)
    return row


@action
def decline(proposal_id: UUID, reason: str = "", *, version: int | None = None, by: Actor, at: datetime) -> Proposal:
    """Say no to a proposal. Refuses `proposal.not_found`, `proposal.not_ready`, `proposal.settled` and
    `proposal.stale`."""
    row = _locked(proposal_id)
    proposing.must_be(row.state, "declined")
    check_version("proposal", version, row.version)
    row.hunks.update(state="declined")
    _decide(row, "declined", by=by, at=at)
    record(ProposalDeclined(row.id, reason.strip()[:200]), by=by, at=at)
    return row


@action
def expire(route_id: UUID, *, by: Actor, at: datetime) -> int:
    """A route was changed: what was made from it as it stood before waits no longer. Returns how many."""
    rows = Proposal.objects.select_for_update(of=("self",)).filter(state="made", versions__has_key=str(route_id))
    stands = dispatch.route(route_id)
    gone = [
        row
        for row in rows.order_by("id")
        if row.versions[str(route_id)] != stands.version or stands.state not in LIVE_ROUTE
    ]
    for row in gone:
        _expire(row, by=by, at=at)
    return len(gone)


@action
def overtake(proposal_id: UUID, *, by: Actor, at: datetime) -> None:
    """Nobody said yes in time: by now another day is running than the one that it was made for."""
    row = _locked(proposal_id)
    if row.state == "made" and not proposing.is_young(row.made_at, at):
        _expire(row, by=by, at=at)


def _expire(row: Proposal, *, by: Actor, at: datetime) -> None:
    row.hunks.update(state="expired")
    _decide(row, "expired", by=by, at=at)


def _decide(row: Proposal, state: str, *, by: Actor, at: datetime) -> None:
    row.state, row.decided_by, row.decided_at = state, str(by), at
    row.version += 1
    row.save()


def _locked(proposal_id: UUID) -> Proposal:
    row = Proposal.objects.select_for_update(of=("self",)).filter(id=proposal_id).first()
    if row is None:
        raise not_found("proposal", proposal_id)
    return row
