"""What recovery hears: `consider` raises exceptions, `settle` ends them. Both look at how things stand by then.

And what it does beside its transactions: it looks for proposals, and ends offers in time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from homestretch.dispatch import queries as dispatch
from homestretch.events.clock import now
from homestretch.events.later import gives_up, job, later
from homestretch.events.log import history
from homestretch.events.models import Event
from homestretch.events.scope import scope
from homestretch.events.subscribe import consumer, drainer
from homestretch.kernel.actor import Actor, system
from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal
from homestretch.orders import queries as orders
from homestretch.plans import queries as plans
from homestretch.recovery import actions, gather, queries, rules, searching
from homestretch.recovery.rules import offering, suggesting
from homestretch.recovery.values import Cause, Wanted, Wish


@consumer("recovery.consider")
def consider(event: Event) -> None:
    """Raise what a fact gives cause for, unless it is settled already: jobs may come late and out of order."""
    at, by = now(), system(event.organization_id)
    prices = gather.prices()
    for cause in _CAUSES[event.type](event):
        row = actions.raise_(cause, by=by, at=at)
        wish = suggesting.wish_for(cause, row.id, _stands_on(cause), prices)
        if wish is not None:
            actions.suggest(wish, by=by, at=at)


def _stands_on(cause: Cause) -> UUID | None:
    """The route on which a cause's order waits."""
    return dispatch.standing([cause.order_id]).get(cause.order_id) if cause.order_id else None


@drainer("recovery.place")
def place(events: list[Event]) -> None:
    """Orders became ready: those for today want a place while routes run, where the policy says so."""
    by, at = system(events[0].organization_id), now()
    with scope(by):
        day, prices = gather.today(at), gather.prices()
        asked = prices.suggest_late_s or prices.offer_priority
        if not asked or not dispatch.routes(day=day, state="started").exists():
            return
        found = [orders.get_order(order_id) for order_id in dict.fromkeys(event.subject_id for event in events)]
        new = [order for order in found if order.state == "ready" and order.day == day and _comes_in(order.id)]
    urgent = [order.id for order in new if offering.can_not_wait(order.priority, prices)]
    for order_id in urgent if len(urgent) <= offering.MOST_AT_ONCE else []:
        _offer(order_id, by, at)
    others = [order.id for order in new if order.id not in urgent] if prices.suggest_late_s else []
    for order_id in others if len(others) <= suggesting.MOST_PLACED else []:
        actions.suggest(suggesting.placing(order_id), by=by, at=at)


def _offer(order_id: UUID, by: Actor, at: datetime) -> None:
    """Unasked: where nobody can be asked, an exception says so."""
    try:
        actions.offer(order_id, by=by, at=at)
    except Refusal as refusal:
        if refusal.code == "offer.no_place":
            actions.left_open(order_id, offering.NO_PLACE, by=by, at=at)
        elif refusal.code == "offer.several_tasks":
            actions.suggest(suggesting.placing(order_id), by=by, at=at)


def _comes_in(order_id: UUID) -> bool:
    """Whether an order is new on the day, or its recipient chose another time: what failed, or was given back with its
    route, is asked for as that."""
    works = [work for stop in dispatch.stops_for_order(order_id)[-1:] for work in stop.works.all()]
    return all(work.outcome == "removed" for work in works if work.order_id == order_id)


@consumer("recovery.hand_over")
def hand_over(event: Event) -> None:
    """A driver gave a route back: others are to take its orders, where the policy says so."""
    if gather.prices().suggest_late_s:
        wish = Wish("given_back", route_id=event.subject_id)
        actions.suggest(wish, by=system(event.organization_id), at=now())


@consumer("recovery.reconsider")
def reconsider(event: Event) -> None:
    """An order was called off: what its route is late for may be helped by the time that this gives."""
    if event.data["reason"] != "order_cancelled":
        return
    late = list(queries.exceptions(Wanted(state="open", kind="promise_at_risk")))
    standing = dispatch.standing(row.order_id for row in late)
    here = [row for row in late if str(standing.get(row.order_id)) == event.data["route_id"]]
    worst = max(here, key=lambda row: row.details["late_s"], default=None)
    if worst is not None and worst.details["late_s"] >= gather.prices().suggest_late_s > 0:
        wish = Wish("late", route_id=standing[worst.order_id], scope="routes", exception_id=worst.id)
        actions.suggest(wish, by=system(event.organization_id), at=now())


@job("recovery.propose", queue="repair")
def propose(organization_id: UUID, proposal_id: UUID) -> None:
    """Look for an answer to a proposal that was asked for. A second run takes the first one's fence away."""
    by, fence = system(organization_id), uuid7()
    begun = False
    try:
        rest = actions.begin(proposal_id, fence, by=by, at=now())
        if rest is None:
            return
        begun = True
        made = actions.finish(proposal_id, fence, searching.answer_to(rest, by), by=by, at=now())
        if (
            made is not None
            and made.actor == str(by)
            and suggesting.may_alone(made.kind, made.figures, rest.prices.most_alone)
        ):
            actions.accept(made.id, by=by, at=now())
    except Refusal as refusal:
        actions.fail(proposal_id, fence if begun else None, refusal, by=by, at=now())


@gives_up("recovery.propose")
def give_up(organization_id: UUID, proposal_id: UUID) -> None:
    """No run came to an end: the proposal is dropped, and says so."""
    refusal = Refusal("proposal.search_failed", "the search broke off again and again", remedy="ask once more")
    actions.fail(proposal_id, None, refusal, by=system(organization_id), at=now())


@job("recovery.overtake")
def overtake(organization_id: UUID, proposal_id: UUID) -> None:
    """A proposal has waited as long as it may."""
    actions.overtake(proposal_id, by=system(organization_id), at=now())


@consumer("recovery.await_pickup")
def await_pickup(event: Event) -> None:
    """An order waits at a depot: what is left there when its window is over wants somebody."""
    actions.await_pickup(event.subject_id, by=system(event.organization_id), at=now())


@job("recovery.miss_pickup")
def miss_pickup(organization_id: UUID, order_id: UUID) -> None:
    """The window in which an order was to be taken at a depot is over."""
    actions.miss_pickup(order_id, by=system(organization_id), at=now())


@job("recovery.lapse")
def lapse(organization_id: UUID) -> None:
    """The time of an offer is up. What a lost job of another one has left is found by this one, too."""
    actions.lapse(by=system(organization_id), at=now())


@gives_up("recovery.lapse")
def lapse_later(organization_id: UUID) -> None:
    """No run came to an end: again in a minute, for somebody waits."""
    later("recovery.lapse", organization_id, at=now() + timedelta(minutes=1), key="again")


@job("recovery.pass_on")
def pass_on(organization_id: UUID, order_id: UUID) -> None:
    """Somebody said no to an order, or nothing: the next best shift is asked."""
    by, at = system(organization_id), now()
    try:
        actions.pass_on(order_id, by=by, at=at)
    except Refusal:  # it was changed meanwhile so that it can't be offered: a person decides
        actions.left_open(order_id, offering.NO_TAKER, by=by, at=at)


@gives_up("recovery.pass_on")
def nobody_asked(organization_id: UUID, order_id: UUID) -> None:
    """No run came to an end: a person decides."""
    actions.left_open(order_id, offering.NO_TAKER, by=system(organization_id), at=now())


@consumer("recovery.expire")
def expire(event: Event) -> None:
    """A route was changed: proposals that were made from it as it stood before wait no longer."""
    actions.expire(event.subject_id, by=system(event.organization_id), at=now())


@consumer("recovery.await_reading")
def await_reading(event: Event) -> None:
    """A route was changed: where its driver does not read it in time, somebody is to call."""
    since, waits_s = dispatch.unread_since(event.subject_id), gather.prices().unread_s
    if since is not None and waits_s:
        due = since + timedelta(seconds=waits_s)
        key = str(event.subject_id)
        later("recovery.unread", event.organization_id, at=due, key=key, route_id=event.subject_id)


@job("recovery.unread")
def unread(organization_id: UUID, route_id: UUID) -> None:
    """A change has waited as long as it may for its driver to read it."""
    by, at = system(organization_id), now()
    with scope(by):
        since, waits_s = dispatch.unread_since(route_id), gather.prices().unread_s
        if since is not None and waits_s and since + timedelta(seconds=waits_s) <= at:
            actions.raise_(rules.unread_change(route_id, since), by=by, at=at)


@consumer("recovery.settle")
def settle(event: Event) -> None:
    """Settle what a fact ends."""
    at, by = now(), system(event.organization_id)
    if event.type in rules.ENDED_BY:
        off = orders.off_route([event.subject_id]) if event.type == "order.scheduled" else set()
        kinds = [kind for kind in rules.ENDED_BY[event.type] if kind != "unassigned" or not off]
        actions.settle_order(event.subject_id, kinds, event.type, by=by, at=at)
        actions.retract(event.type, order_id=event.subject_id, by=by, at=at)
    elif event.type in ("route.updated", "route.released"):
        actions.settle_placed(event.type, by=by, at=at)
        if dispatch.unread_since(event.subject_id) is None:  # what was changed was changed back
            actions.settle([rules.unread_key(event.subject_id)], event.type, by=by, at=at)
    elif event.subject == "promise":
        actions.settle(_same_task(event), event.type, by=by, at=at)
    else:
        route_id = event.data.get("route_id") or event.subject_id
        actions.settle([key(route_id) for key in _OF_A_ROUTE[event.type]], event.type, by=by, at=at)
        if event.type in _ENDS_A_ROUTE:
            actions.retract(event.type, route_id=event.subject_id, by=by, at=at)


_ENDS_A_ROUTE = ("route.finished", "route.recalled", "route.rejected")
_OF_A_ROUTE: dict[str, tuple[Callable[[object], str], ...]] = {
    "vehicle.heard": (rules.silent_key,),
    "route.read": (rules.unread_key,),
    "route.finished": (rules.silent_key, rules.unread_key),
    "route.recalled": (rules.silent_key, rules.unread_key),
    "route.rejected": (rules.silent_key, rules.unread_key),
}


def _failed_stop(event: Event) -> Iterator[Cause]:
    for order_id in map(UUID, event.data["order_ids"]):
        state = orders.get_order(order_id).state
        if state in rules.WAITING:
            yield rules.failed_attempt(
                order_id, state, event.data["reason"], UUID(event.data["route_id"]), event.subject_id
            )


def _promise(event: Event) -> Iterator[Cause]:
    settled = any(e.type in {"promise.kept", "promise.broken"} for e in history("promise", event.subject_id))
    order_id = UUID(event.data["order_id"])
    if not settled and orders.get_order(order_id).state in {"scheduled", "in_progress"}:
        yield rules.promise_at_risk(event.subject_id, order_id, event.data["late_s"])


def _later(event: Event) -> Iterator[Cause]:
    """A stop is expected at another time: what is late by then is at risk, or at a greater one."""
    expected = datetime.fromisoformat(event.data["expected"])
    for work in dispatch.stop(event.subject_id).works.all():
        promise = orders.current_promise(work.task_id) if work.live else None
        if promise is not None and expected > promise.end:
            late_s = int((expected - promise.end).total_seconds())
            yield rules.promise_at_risk(promise.id, work.order_id, late_s)


def _silent(event: Event) -> Iterator[Cause]:
    route_id = UUID(event.data["route_id"])
    heard = any(
        e.type == "vehicle.heard" and e.subject_seq > event.subject_seq for e in history("vehicle", event.subject_id)
    )
    if not heard and dispatch.route(route_id).state == "started":
        yield rules.silent_vehicle(event.subject_id, route_id, event.data["last_at"])


def _left_out(event: Event) -> Iterator[Cause]:
    """The orders that a day's plan could not place."""
    if event.data["purpose"] != "day" or not event.data["unassigned"]:
        return
    view = plans.revision(event.subject_id, event.data["revision"])
    for left in view.unassigned:
        reason = left.reasons[0].get("code", "") if left.reasons else ""
        details = {"plan_id": str(event.subject_id), "revision": view.number}
        for task in orders.task_views(left.task_ids):
            if orders.get_order(task.order_id).state == "ready":
                yield rules.unassigned(task.order_id, task.priority, reason, details)


def _taken_off(event: Event) -> Iterator[Cause]:
    """What is owed at a stop that was taken off its route, and is on none now."""
    yield from _left(event, dispatch.left_over(rules.LEFT_OPEN, stop_id=event.subject_id))


def _fewer(event: Event) -> Iterator[Cause]:
    """What left a stop at which something else is still to be done."""
    if event.data["change"] == "task_removed":
        yield from _left(event, dispatch.left_over(rules.LEFT_OPEN, route_id=event.subject_id))


def _left(event: Event, works: list[Any]) -> Iterator[Cause]:
    for work in works:
        details: dict[str, object] = {"route_id": str(work.stop.route_id), "stop_id": str(work.stop_id)}
        cause = rules.unassigned(work.order_id, work.order.priority, work.reason, details)
        yield replace(cause, decided_by=rules.member_of(event.actor))


def _brought_after_all(event: Event) -> Iterator[Cause]:
    """An order that waited at a depot is to be brought after all: today, or by the plan of a later day."""
    order = orders.get_order(event.subject_id)
    if order.state == "ready" and (order.day is None or order.day <= gather.today(now())):
        cause = rules.unassigned(order.id, order.priority, "pickup_dropped", {})
        yield replace(cause, decided_by=rules.member_of(event.actor))


def _late_report(event: Event) -> Iterator[Cause]:
    stop = dispatch.stop(event.subject_id)
    order_id = next((work.order_id for work in stop.works.all()), None)
    cause = rules.reported_late(stop.id, stop.route_id, order_id, stop.state, event.data["outcome"])
    if cause is not None:
        yield cause


def _lost_report(event: Event) -> Iterator[Cause]:
    names = ("driver_id", "intent_id", "stop_id", "outcome")
    yield rules.refused_report(UUID(event.data["intent_id"]), {name: event.data[name] for name in names})


def _same_task(event: Event) -> list[str]:
    """What all promises of the task that this one was made for may have caused: a promise ends with its chain."""
    promises = orders.promises_of(UUID(event.data["order_id"]))
    tasks = {promise.task_id for promise in promises if promise.id == event.subject_id}
    mine = [promise.id for promise in promises if promise.task_id in tasks]
    return [key(ident) for ident in mine for key in (rules.promise_key, rules.missed_key)]


_CAUSES: dict[str, Callable[[Event], Iterator[Cause]]] = {
    "stop.failed": _failed_stop,
    "stop.cancelled": _taken_off,
    "route.updated": _fewer,
    "order.pickup_dropped": _brought_after_all,
    "stop.reported_late": _late_report,
    "driver.report_refused": _lost_report,
    "promise.at_risk": _promise,
    "eta.shifted": _later,
    "vehicle.silent": _silent,
    "plan.solved": _left_out,
}
