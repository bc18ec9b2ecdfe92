"""What happens at the stops: set out, arrive, put off, leave, and the outcome."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from homestretch.dispatch import events as facts
from homestretch.dispatch.actions.steps import (
    cancel_stop,
    close_works,
    live_works,
    locked_stop,
    must_be_started,
    proof_exists,
    step_stop,
)
from homestretch.dispatch.models import Route, Stop, StopTask
from homestretch.dispatch.rules import outcomes
from homestretch.dispatch.rules.automata import way
from homestretch.dispatch.rules.reasons import read_left_with, read_reason
from homestretch.dispatch.values import StopOutcome
from homestretch.events.action import action
from homestretch.events.log import record
from homestretch.kernel.actor import Actor, Kind
from homestretch.kernel.facts import Fact
from homestretch.kernel.ids import derived_id
from homestretch.kernel.refusal import Refusal
from homestretch.orders import actions as orders
from homestretch.orders.values import Outcome


@action
def begin_stop(stop_id: UUID, *, by: Actor, at: datetime) -> Stop:
    """The driver sets out to a stop. Another that was set out to before is put off (skipped): one drives to one place.

    Refuses `route.not_started`, `stop.not_open`, `stop.bad_transition`, `stop.superseded` (the driver has set out to
    another since, by the phone's clock).
    """
    route, stop = locked_stop(stop_id)
    must_be_started(route)
    way("stop", stop.state, "en_route")
    for other in route.stops.filter(state="en_route").exclude(id=stop.id):
        if other.set_out_at is not None and other.set_out_at > at:
            raise Refusal("stop.superseded", "the driver set out to another stop since", remedy="nothing is to be done")
        step_stop(other, "skipped", facts.StopSkipped(other.id, route.id), by=by, at=at)
    step_stop(stop, "en_route", facts.StopEnRoute(stop.id, route.id), by=by, at=at)
    _start_orders(stop, by=by, at=at)
    return stop


@action
def arrive_stop(stop_id: UUID, *, seen_by: str = "tap", by: Actor, at: datetime) -> Stop:
    """The driver is there, by a tap or by the geofence; a missing tap of setting out is filled in.

    Refuses `route.not_started`, `stop.not_open`, `stop.bad_transition`.
    """
    route, stop = locked_stop(stop_id)
    must_be_started(route)
    way("stop", stop.state, "arrived")
    stop.arrived_at = at
    step_stop(stop, "arrived", facts.StopArrived(stop.id, route.id, seen_by), by=by, at=at)
    _start_orders(stop, by=by, at=at)
    return stop


@action
def skip_stop(stop_id: UUID, *, by: Actor, at: datetime) -> Stop:
    """The driver puts a stop off; it stays open. Refuses as `arrive_stop`."""
    route, stop = locked_stop(stop_id)
    must_be_started(route)
    step_stop(stop, "skipped", facts.StopSkipped(stop.id, route.id), by=by, at=at)
    return stop


@action
def depart_stop(stop_id: UUID, *, by: Actor, at: datetime) -> Stop:
    """The driver leaves the place. Refuses `route.not_started`, `stop.departed_already`."""
    route, stop = locked_stop(stop_id)
    must_be_started(route)
    if stop.left_at is not None:
        raise Refusal("stop.departed_already", "the driver has left already", remedy="nothing is to be done")
    stop.left_at = at
    stop.save(update_fields=["left_at"])
    record(facts.StopDeparted(stop.id, route.id), by=by, at=at)
    return stop


@action
def complete_stop(stop_id: UUID, outcome: StopOutcome, *, by: Actor, at: datetime) -> Stop:
    """All was done. Refuses `route.not_started`, `stop.not_open`, `stop.left_with_unknown`, `proof.pin_missing`.

    A PIN is asked of phones alone: a dispatcher who closes a stop by hand answers for it.
    """
    return _end(stop_id, "completed", outcome, by=by, at=at)


@action
def partial_stop(stop_id: UUID, outcome: StopOutcome, *, by: Actor, at: datetime) -> Stop:
    """Some was done: `outcome.tasks` names what was not, or not wholly. Refuses as `complete_stop`, and
    `stop.reason_missing`, `stop.reason_unknown`, `stop.task_unknown`, `stop.nothing_missing`."""
    return _end(stop_id, "partial", outcome, by=by, at=at)


@action
def fail_stop(stop_id: UUID, outcome: StopOutcome, *, by: Actor, at: datetime) -> Stop:
    """Nothing was done, for `outcome.reason`. An attempt is used up; goods of a failed delivery go back to the depot.

    Refuses `route.not_started`, `stop.not_open`, `stop.reason_missing`, `stop.reason_unknown`.
    """
    return _end(stop_id, "failed", outcome, by=by, at=at)


def _end(stop_id: UUID, state: str, outcome: StopOutcome, *, by: Actor, at: datetime) -> Stop:
    """One transaction: the stop, its works, the tasks and promises, the facts; the route's lock is taken first."""
    route, stop = locked_stop(stop_id)
    must_be_started(route)
    way("stop", stop.state, state)
    read_left_with(outcome.left_with)
    if state == "failed":
        read_reason(outcome.reason)
    works = _owed(stop, at)
    if not works and stop.works.exists():  # one that never had any is a halt to take goods over
        cancel_stop(stop, "order_cancelled", by=by, at=at)
        return stop
    results = outcomes.results([work.task_id for work in works], state, outcome)
    if by.kind == Kind.DRIVER:
        _check_pins(stop, works, results)
    stop.ended_at = at
    orders_of = tuple(dict.fromkeys(work.order_id for work in works))
    step_stop(stop, state, _fact(stop, state, orders_of, outcome, results), by=by, at=at)
    _start_orders(stop, by=by, at=at, works=works)
    for work in works:
        _end_work(work, *results[work.task_id], outcome, at)
        _settle(route, stop, work, by=by, at=at)
    return stop


def _owed(stop: Stop, at: datetime) -> list[StopTask]:
    """The live works whose orders still stand; those of a cancelled order end here."""
    works = live_works(stop)
    close_works([work for work in works if work.task.state != "open"], "cancelled", "order_cancelled", at)
    return [work for work in works if work.live]


def _check_pins(stop: Stop, works: list[StopTask], results: dict[UUID, tuple[str, str]]) -> None:
    for work in works:
        handed_over = results[work.task_id][0] != "failed"
        if handed_over and work.order.pin and not proof_exists(stop, "pin", str(work.order_id)):
            raise Refusal(
                "proof.pin_missing",
                "this order is handed over against a PIN",
                remedy="ask the recipient for the PIN and enter it first",
                field="pin",
                order_id=str(work.order_id),
            )


def _fact(
    stop: Stop,
    state: str,
    orders_of: tuple[UUID, ...],
    outcome: StopOutcome,
    results: dict[UUID, tuple[str, str]],
) -> Fact:
    if state == "completed":
        return facts.StopCompleted(stop.id, stop.route_id, orders_of, outcome.left_with)
    reason = outcome.reason or next(reason for _, reason in results.values() if reason)
    kind = facts.StopPartial if state == "partial" else facts.StopFailed
    return kind(stop.id, stop.route_id, orders_of, reason)


def _end_work(work: StopTask, result: str, reason: str, outcome: StopOutcome, at: datetime) -> None:
    work.live, work.outcome, work.reason, work.ended_at = False, result, reason, at
    work.left_with = outcome.left_with if result != "failed" else ""
    work.note, work.lat, work.lon = outcome.note, outcome.lat, outcome.lon
    work.save()


def _settle(route: Route, stop: Stop, work: StopTask, *, by: Actor, at: datetime) -> None:
    """What the outcome means for the task, its order, its promise, its goods, and the other end of its pair."""
    orders.finish_task(work.task_id, Outcome(work.outcome, work.reason), by=by, at=at)
    orders.settle_promise(work.task_id, stop.arrived_at or at, completed=work.outcome != "failed", by=by, at=at)
    if work.outcome != "failed":
        return
    if work.task.kind == "deliver":
        ident = derived_id("return", work.order_id, route.id)
        if (
            not StopTask.objects.filter(
                stop__route=route, order_id=work.order_id, outcome="failed", task__kind="deliver"
            )
            .exclude(id=work.id)
            .exists()
        ):
            record(facts.ReturnCreated(ident, work.order_id, route.id), by=by, at=at)
    elif work.task.kind == "collect" and work.task.pair:
        _drop_other_end(route, work, by=by, at=at)


def _drop_other_end(route: Route, work: StopTask, *, by: Actor, at: datetime) -> None:
    """Goods that were not collected can't be delivered: the pair's other end leaves the route without an attempt."""
    ends = StopTask.objects.filter(
        stop__route=route, order_id=work.order_id, live=True, task__pair=work.task.pair, task__kind="deliver"
    ).select_related("stop")
    for end in list(ends):
        close_works([end], "cancelled", "previous_stop", at)
        orders.unschedule([end.task_id], by=by, at=at)
        if not end.stop.works.filter(live=True).exists():
            cancel_stop(end.stop, "removed", by=by, at=at)


def _start_orders(stop: Stop, *, by: Actor, at: datetime, works: list[StopTask] | None = None) -> None:
    for order_id in sorted({work.order_id for work in (works or live_works(stop)) if work.order.state == "scheduled"}):
        orders.start(order_id, by=by, at=at)
