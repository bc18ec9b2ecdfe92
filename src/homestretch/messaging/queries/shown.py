"""An order as its recipient sees it: on the page, and as JSON. Nothing of anybody else."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from homestretch.accounts import queries as accounts
from homestretch.dispatch import queries as dispatch
from homestretch.fleet import queries as fleet
from homestretch.kernel.geo import Point, distance_m
from homestretch.kernel.refusal import not_found
from homestretch.kernel.windows import Window
from homestretch.messaging.queries.messages import survey_of, was_reported
from homestretch.messaging.queries.pickups import pickup_of
from homestretch.messaging.queries.slots import choice_of
from homestretch.messaging.rules import shown as rules
from homestretch.messaging.rules.speech import spoken
from homestretch.messaging.values import DoorShown, Expected, Line, PickupShown, Shot, Shown, SlotShown, Step, Van
from homestretch.orders import queries as orders
from homestretch.tracking import queries as tracking


def shown_order(order_id: UUID, at: datetime) -> Shown:
    """The order of the scope's tracking link as of `at`. Refuses `order.not_found`."""
    order, organization = orders.get_order(order_id), accounts.organization()
    stop, work = _met_at(order_id)
    task = work.task if work else _own_task(order)
    promise = orders.current_promise(task.id)
    outcome = "" if work is None or (promise and order.state == "ready") else work.outcome
    status = rules.status(order.state, stop.state if stop else "", outcome)
    survey, recipient = survey_of(order_id), order.recipient
    pickup = _depot(fleet.depot(order.pickup_depot_id)) if order.pickup_depot_id else None
    return Shown(
        order_id=order.id,
        organization=organization.name,
        phone=organization.phone,
        zone=organization.zone,
        language=spoken([recipient.language, organization.language]),
        reference=rules.reference(order.external_id, order.id),
        status=status,
        address=pickup.address if pickup else (stop or task).place.address,
        promised=Window(promise.start, promise.end) if promise else None,
        expected=_expected(stop, at) if status in rules.AHEAD else None,
        van=_van(order_id, stop) if status == "on_the_way" else None,
        steps=_steps(order, task, stop, status),
        instructions=order.instructions,
        may_instruct=order.is_open and order.state != "awaiting_pickup",
        may_rate=rules.may_rate(order.state) and (survey is None or survey.submitted_at is None),
        score=survey.score if survey else None,
        channels={channel: orders.may_message(recipient, channel) for channel in rules.reachable(recipient)},
        as_of=at,
        kind=task.kind,
        pickup=pickup,
        items=tuple(Line(item.name, item.quantity) for each in order.tasks.all() for item in each.items.all()),
        stops_before=dispatch.ahead_of(stop) if rules.is_ahead(status, stop) else None,
        left_with=work.left_with if work and not pickup else "",
        proofs=_proofs(stop) if not pickup and rules.tells_how(status) else (),
        door=_door(orders.door_of(order_id)),
        may_leave_with=tuple(organization.choice_places) if order.is_open else (),
        may_report=order.state != "draft",
        **_choice(order_id, at) if organization.choice_days else {},
        **_pickups(order, promise, at) if organization.pickup_windows else {},
        **_place_of((stop or task).place),
        **_told_of(survey),
        reported=was_reported(order_id),
        accent=organization.accent,
        logo=bool(organization.logo),
    )


def require_shown_proof(order_id: UUID, proof_id: UUID, at: datetime) -> None:
    """Refuses `proof.not_found` for a picture that the order's page does not show."""
    shots = shown_order(order_id, at).proofs
    if not any(shot.id == proof_id and shot.image for shot in shots):
        raise not_found("proof", proof_id)


def _door(door: Any) -> DoorShown:
    if door is None:
        return DoorShown()
    return DoorShown(door.leave_with, door.leave_where, bool(door.gate_code), bool(door.photo))


def _choice(order_id: UUID, at: datetime) -> dict[str, Any]:
    choice = choice_of(order_id, at)
    slots = tuple(SlotShown(slot.window.start, slot.window.end) for slot in choice.slots)
    return {"may_choose": not choice.why, "choose_first": choice.first, "slots": slots}


def _pickups(order: Any, promise: Any, at: datetime) -> dict[str, Any]:
    """Where and when the goods may be taken, but for the time that was chosen already."""
    offer, chosen = pickup_of(order.id, at), promise.end if order.state == "awaiting_pickup" else None
    windows = tuple(SlotShown(one.window.start, one.window.end) for one in offer.counters if one.window.end != chosen)
    return {"may_pick_up": True, "offered_at": _depot(offer.depot), "pickups": windows} if windows else {}


def _depot(depot: Any) -> PickupShown:
    return PickupShown(depot.name, depot.place.address)


def _place_of(place: Any) -> dict[str, Any]:
    return {"place": None if place.lat is None else (place.lat, place.lon)}


def _told_of(survey: Any) -> dict[str, Any]:
    if survey is None:
        return {}
    more = survey.submitted_at is not None and not survey.tags and not survey.comment
    return {"tags": tuple(survey.tags), "comment": survey.comment, "may_say_more": more}


def _proofs(stop: Any) -> tuple[Shot, ...]:
    """What shows how it went: pictures, signature, who took it. Scans and PINs are the organization's own."""
    return tuple(
        Shot(proof.id, proof.kind, proof.text, proof.rendition_id is not None, proof.at)
        for proof in dispatch.proofs_of([stop.id] if stop else [])
        if proof.erased_at is None and (proof.rendition_id is not None or proof.kind == "name")
    )


def _met_at(order_id: UUID) -> tuple[Any, Any]:
    """The latest stop at which the recipient is or was met, with the order's own work there; cancelled ones last."""
    found = [
        (stop.state != "cancelled", stop.planned_arrive, stop, work)
        for stop in dispatch.stops_for_order(order_id)
        for work in stop.works.all()
        if work.order_id == order_id and not (work.task.kind == "collect" and work.task.pair)
    ]
    alive = [entry for entry in found if entry[0]]
    if not alive:
        return None, None
    _, _, stop, work = max(alive, key=lambda entry: (entry[1], str(entry[2].id)))
    return stop, work


def _own_task(order: Any) -> Any:
    """The task at which the recipient will be met."""
    return min(order.tasks.all(), key=lambda task: (task.kind == "collect" and bool(task.pair), task.number))


def _expected(stop: Any, at: datetime) -> Expected | None:
    found = tracking.forecasts([stop.id]) if stop else []
    if not found:
        return None
    view = found[0]
    return Expected(view.p10, view.p50, view.p90, view.made_at, view.stale(at))


def _van(order_id: UUID, stop: Any) -> Van | None:
    view = tracking.vehicle_for_order(order_id)
    if view is None:
        return None
    away = distance_m(Point(view.lat, view.lon), Point(stop.place.lat, stop.place.lon))
    return Van(view.lat, view.lon, view.at, round(away))


def _steps(order: Any, task: Any, stop: Any, status: str) -> tuple[Step, ...]:
    """What happened and what is still to come, with the instants that are known."""
    if order.pickup_depot_id:
        taken = orders.settlement_of(task.id) if order.state == "completed" else None
        done = Step("done", taken.arrived_at if taken else None, order.state == "completed")
        return Step(rules.PICKUP_STEPS[0], order.created_at, True), done
    reached = rules.reached(status)
    times = {
        "received": order.created_at,
        "on_the_way": stop.set_out_at if stop else None,
        "arrived": stop.arrived_at if stop else None,
        "done": stop.ended_at if stop else None,
    }
    return tuple(
        Step(name, times.get(name) if number <= reached else None, number <= reached)
        for number, name in enumerate(rules.STEPS)
    )
