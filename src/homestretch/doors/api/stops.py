"""Stops and their proof; a dispatcher may tell an outcome for a driver who called."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema

from homestretch.dispatch import actions, queries
from homestretch.dispatch.jobs import picture_of
from homestretch.dispatch.rules.automata import OUTCOMES
from homestretch.dispatch.values import StopOutcome, TaskOutcome, Terms
from homestretch.doors.api.shown import ProofOut, StopOut, StopsOut, proof_out, stop_out
from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.web.entry import READ, WRITE
from homestretch.web.once import once_of
from homestretch.web.pictures import picture
from homestretch.web.schemas import Seen

router = Router(tags=["stops"])
proofs = Router(tags=["stops"])


class TaskOutcomeIn(Schema):
    """How one task went, where it differs from the stop."""

    task_id: UUID
    state: str = Field(max_length=10, description=f"One of {', '.join(OUTCOMES)}.")
    reason: str = Field("", max_length=30)


class OutcomeIn(Schema):
    """How a stop went."""

    state: str = Field(pattern=f"^({'|'.join(OUTCOMES)})$", max_length=10, examples=["failed"])
    reason: str = Field("", max_length=30, description="Of /routes/reasons; needed when it failed.")
    left_with: str = Field("", max_length=20, description="Of /routes/reasons.")
    note: str = Field("", max_length=2000)
    tasks: list[TaskOutcomeIn] = Field(default=[], max_length=200, description="Of a partial stop: what differs.")


@router.get("", auth=READ("routes", merchant=True), response=StopsOut)
def list_order_stops(request: HttpRequest, order_id: UUID) -> dict[str, Any]:
    """Every stop on which a task of the order stands or stood, oldest first."""
    with scope(request.auth):
        return {"items": [stop_out(stop) for stop in queries.stops_for_order(order_id)]}


@router.get("/{stop_id}", auth=READ("routes", merchant=True), response=StopOut)
def get_stop(request: HttpRequest, stop_id: UUID) -> dict[str, Any]:
    """One stop; a merchant sees the own tasks at it."""
    with scope(request.auth):
        return stop_out(queries.stop(stop_id))


@router.post("/{stop_id}/outcome", auth=WRITE("routes"), response=StopOut)
def record_stop_outcome(request: HttpRequest, stop_id: UUID, data: OutcomeIn) -> dict[str, Any]:
    """Tell how a stop went, for the driver. No PIN is asked: whoever tells it answers for it."""
    by = request.auth
    verb = {"completed": actions.complete_stop, "partial": actions.partial_stop, "failed": actions.fail_stop}[
        data.state
    ]
    tasks = tuple(TaskOutcome(task.task_id, task.state, task.reason) for task in data.tasks)
    outcome = StopOutcome(data.reason, data.left_with, data.note, tasks=tasks)
    once = once_of(request, "record_stop_outcome", lambda stop: stop_out(queries.stop(stop.id)), status=200)
    stop = verb(stop_id, outcome, by=by, at=now(), once=once)
    with scope(by):
        return stop_out(queries.stop(stop.id))


class MoveStopIn(Schema):
    """Where an open stop goes."""

    route_id: UUID = Field(description="The live route that it joins; its own: another place of it.")
    position: int | None = Field(
        None, ge=0, le=5000, description="Among the other open stops, from 0; null: where it fits best."
    )
    version: Seen = None
    to_version: Seen = None
    accept_breaches: bool = Field(False, description="Move it although that breaks a rule, or goods must be met.")


@router.post("/{stop_id}/move", auth=WRITE("routes"), response=StopOut)
def move_route_stop(request: HttpRequest, stop_id: UUID, data: MoveStopIn) -> dict[str, Any]:
    """Put an open stop at another place of its route, or on another live one; planned times follow on both. `version`
    is that of the route it leaves, `to_version` of the one it joins."""
    by, terms = request.auth, Terms(data.accept_breaches, data.version, data.to_version)
    once = once_of(request, "move_route_stop", lambda stop: stop_out(queries.stop(stop.id)), status=200)
    stop = actions.move_stop(stop_id, data.route_id, data.position, terms=terms, by=by, at=now(), once=once)
    with scope(by):
        return stop_out(queries.stop(stop.id))


@router.post("/{stop_id}/skip", auth=WRITE("routes"), response=StopOut)
def skip_route_stop(request: HttpRequest, stop_id: UUID) -> dict[str, Any]:
    """Put a stop off for the driver: it stays open, and comes after the others."""
    by = request.auth
    once = once_of(request, "skip_route_stop", lambda stop: stop_out(queries.stop(stop.id)), status=200)
    stop = actions.skip_stop(stop_id, by=by, at=now(), once=once)
    with scope(by):
        return stop_out(queries.stop(stop.id))


@proofs.get("/{proof_id}", auth=READ("routes", merchant=True), response=ProofOut)
def get_proof(request: HttpRequest, proof_id: UUID) -> dict[str, Any]:
    """One proof."""
    with scope(request.auth):
        return proof_out(queries.proof(proof_id))


@proofs.get("/{proof_id}/image", auth=READ("routes", merchant=True))
def get_proof_image(request: HttpRequest, proof_id: UUID) -> HttpResponse:
    """The picture, drawn anew from what the phone sent: JPEG or PNG."""
    return picture(*picture_of(proof_id, by=request.auth))
