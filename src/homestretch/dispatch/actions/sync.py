"""The phone's outbox: intents in any order, of any age, or twice; each is applied, late or refused, and kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from homestretch.dispatch import events as facts
from homestretch.dispatch.actions import proofs, reading, routes, scans, stops
from homestretch.dispatch.actions.steps import is_forgotten, locked_stop
from homestretch.dispatch.models import Intent, Route
from homestretch.dispatch.rules import intents as rules
from homestretch.dispatch.rules.automata import NOT_STARTED, OUTCOMES
from homestretch.dispatch.values import IntentData, IntentOutcome, ProofData, StopOutcome, TaskOutcome
from homestretch.events.action import action
from homestretch.events.log import record
from homestretch.kernel.actor import Actor
from homestretch.kernel.ids import derived_id
from homestretch.kernel.refusal import Refusal

Body = dict[str, Any]


@action
def apply_intents(intents: Sequence[IntentData], *, by: Actor, at: datetime) -> list[IntentOutcome]:
    """Apply what a driver tapped, by the phone's counter; one outcome per intent, in the order given.

    Each intent has its own savepoint: a refused one is kept with its refusal and takes nothing else with it. An intent
    that is known (by the phone's id) is not applied again: its first outcome is returned. One that comes after its
    stop has ended otherwise is kept as the fact `stop.reported_late` with the phone's time, and changes nothing.
    Refuses `sync.not_a_driver`.
    """
    if by.driver_id is None:
        raise Refusal("sync.not_a_driver", "only a driver's phone has an outbox", remedy="pair the phone with a driver")
    _lock_outbox(by.driver_id)
    known = {row.phone_id: row for row in Intent.objects.filter(phone_id__in=[intent.id for intent in intents])}
    for intent in rules.in_order(intents):
        if intent.id not in known:
            known[intent.id] = _take(intent, by=by, received_at=at)
    return [_outcome(known[intent.id]) for intent in intents]


def _lock_outbox(driver_id: UUID) -> None:
    """One call at a time per driver: the second of two equal ones then finds the first one's intents."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [derived_id("outbox", driver_id).int & (1 << 63) - 1])


def _take(intent: IntentData, *, by: Actor, received_at: datetime) -> Intent:
    row = Intent(
        id=derived_id("intent", by.organization_id, by.driver_id, intent.id),
        driver_id=by.driver_id,
        device_id=by.device_id,
        stop_id=_named_stop(intent),
        phone_id=intent.id,
        kind=intent.kind[:24],
        counter=intent.counter,
        at=intent.at,
        received_at=received_at,
        body=intent.body,
        outcome="applied",
    )
    try:
        with transaction.atomic():
            rules.check_intent(intent.kind, intent.body, intent.at, received_at)
            _apply(intent, row.id, by=by)
    except Refusal as refusal:
        row.outcome = "late" if rules.is_late(refusal) else "refused"
        row.refusal = rules.describe(refusal)
        row.body = {} if refusal.code == "intent.too_large" else _without_pin(intent.body)
        if row.outcome == "late":
            _report_late(intent, row.id, by=by)
        elif refusal.code == "stop.not_found" and rules.ASKS.get(intent.kind) in OUTCOMES:
            _report_lost(intent, row, by=by)
    row.body = _without_pin(row.body)
    stays = rules.without_words(row.body)
    if stays != row.body and row.stop_id and is_forgotten(row.stop_id):  # erased while the phone was away
        row.body = stays
    row.save(force_insert=True)
    return row


def _named_stop(intent: IntentData) -> UUID | None:
    if "stop_id" not in rules.KINDS.get(intent.kind, ()):
        return None
    try:
        return rules.identify(intent.body, "stop_id")
    except Refusal:
        return None  # it is refused for that


def _without_pin(body: Body) -> Body:
    """A PIN is compared and forgotten."""
    return {**body, "text": ""} if body.get("proof") == "pin" else body


def _apply(intent: IntentData, row_id: UUID, *, by: Actor) -> None:
    body, at = intent.body, intent.at
    if "stop_id" in rules.KINDS[intent.kind]:
        stop_id = rules.identify(body, "stop_id")
        if intent.kind not in {"note", "proof"}:
            _start_if_forgotten(stop_id, by=by, at=at)
        _STOP[intent.kind](stop_id, body, row_id)(by=by, at=at)
    else:
        _ROUTE[intent.kind](rules.identify(body, "route_id"), body)(by=by, at=at)


def _start_if_forgotten(stop_id: UUID, *, by: Actor, at: datetime) -> None:
    """Who is at a stop has started: a start tap that is missing, or still in another call, loses no delivery."""
    waiting = Route.objects.filter(stops__id=stop_id, state__in=NOT_STARTED).values_list("id", flat=True).first()
    if waiting is not None:
        routes.start_route(waiting, by=by, at=at)


def _report_late(intent: IntentData, row_id: UUID, *, by: Actor) -> None:
    """Insert what came too late as a fact with the phone's time; an hour of arrival that nobody had is filled in."""
    if intent.kind not in rules.ASKS:
        return
    route, stop = locked_stop(rules.identify(intent.body, "stop_id"))
    if intent.kind == "arrive" and stop.arrived_at is None and stop.ended_at and intent.at <= stop.ended_at:
        stop.arrived_at = intent.at
        stop.save(update_fields=["arrived_at"])
    record(
        facts.StopReportedLate(stop.id, route.id, row_id, rules.ASKS[intent.kind]),
        by=by,
        at=intent.at,
        key=str(row_id),
    )


def _report_lost(intent: IntentData, row: Intent, *, by: Actor) -> None:
    """The stop is not this driver's (any more): what was done there must not vanish in the outbox."""
    stop_id = rules.identify(intent.body, "stop_id")
    fact = facts.ReportRefused(row.driver_id, row.id, stop_id, rules.ASKS[intent.kind])
    record(fact, by=by, at=intent.at, key=str(row.id))


def _outcome(row: Intent) -> IntentOutcome:
    return IntentOutcome(row.phone_id, row.outcome, row.refusal)


def _result(body: Body) -> StopOutcome:
    return StopOutcome(
        reason=rules.text(body, "reason", 30),
        left_with=rules.text(body, "left_with", 20),
        note=rules.text(body, "note"),
        lat=rules.degrees(body, "lat", 90),
        lon=rules.degrees(body, "lon", 180),
        tasks=tuple(TaskOutcome(*row) for row in rules.task_outcomes(body)),
    )


def _proof(stop_id: UUID, body: Body, row_id: UUID) -> Callable[..., Any]:
    proof = ProofData(
        rules.choose(body, "proof", rules.PROOFS), rules.text(body, "sha256", 64), rules.text(body, "text", 500)
    )
    return partial(proofs.capture_proof, stop_id, proof, proof_id=derived_id("proof", row_id))


def _note(stop_id: UUID, body: Body, row_id: UUID) -> Callable[..., Any]:
    note = ProofData("note", text=rules.text(body, "text"))
    return partial(proofs.capture_proof, stop_id, note, proof_id=derived_id("proof", row_id))


def _scan(route_id: UUID, body: Body) -> Callable[..., Any]:
    package_id = rules.identify(body, "package_id") if body.get("package_id") else None
    what = rules.choose(body, "what", tuple(rules.SCANS))
    return partial(scans.scan, route_id, rules.text(body, "barcode", 120), what, package_id=package_id)


_STOP: dict[str, Callable[[UUID, Body, UUID], Callable[..., Any]]] = {
    "set_out": lambda stop_id, _, __: partial(stops.begin_stop, stop_id),
    "arrive": lambda stop_id, _, __: partial(stops.arrive_stop, stop_id, seen_by="tap"),
    "complete": lambda stop_id, body, _: partial(stops.complete_stop, stop_id, _result(body)),
    "partial": lambda stop_id, body, _: partial(stops.partial_stop, stop_id, _result(body)),
    "fail": lambda stop_id, body, _: partial(stops.fail_stop, stop_id, _result(body)),
    "skip": lambda stop_id, _, __: partial(stops.skip_stop, stop_id),
    "depart": lambda stop_id, _, __: partial(stops.depart_stop, stop_id),
    "note": _note,
    "proof": _proof,
}
_ROUTE: dict[str, Callable[[UUID, Body], Callable[..., Any]]] = {
    "accept_route": lambda route_id, body: partial(routes.accept_route, route_id, rules.version(body)),
    "read_route": lambda route_id, body: partial(reading.read_route, route_id, rules.version(body) or 0),
    "reject_route": lambda route_id, body: partial(routes.reject_route, route_id, rules.text(body, "reason", 60)),
    "start_loading": lambda route_id, _: partial(routes.start_loading, route_id),
    "start_route": lambda route_id, _: partial(routes.start_route, route_id),
    "finish_route": lambda route_id, _: partial(routes.finish_route, route_id),
    "break_start": lambda route_id, _: partial(routes.start_break, route_id),
    "break_end": lambda route_id, _: partial(routes.end_break, route_id),
    "scan": _scan,
}
