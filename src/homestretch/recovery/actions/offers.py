"""Offers: an order that can't wait is asked of the best shift, accepted in time, or passed on to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from homestretch.dispatch import actions as dispatch
from homestretch.dispatch import queries as routes
from homestretch.dispatch.rules.goods import TAKE_OVER_S
from homestretch.dispatch.values import Amended, Halting, TakeOver
from homestretch.events.action import action
from homestretch.events.later import later, no_longer
from homestretch.events.log import record
from homestretch.kernel.actor import Actor
from homestretch.kernel.facts import Fact
from homestretch.kernel.refusal import Refusal, check_version, not_found
from homestretch.orders import queries as orders
from homestretch.recovery import gather, rules
from homestretch.recovery.actions import exceptions
from homestretch.recovery.actions.amending import CHANGED, words_of
from homestretch.recovery.events import OfferAccepted, OfferDeclined, OfferLapsed, OfferMade, OfferWithdrawn
from homestretch.recovery.models import Offer
from homestretch.recovery.rules import offering
from homestretch.recovery.rules.offering import Candidate


@action
def offer(order_id: UUID, route_id: UUID | None = None, *, by: Actor, at: datetime) -> Offer:
    """Offer an order to the best shift on the road, or to the driver of the route that is named; it begins a new round.

    While an offer is open for the order it is that one. A named route may break a promise by it: that is the choice of
    whoever names it. Refuses `order.not_found`, `route.not_found`, `offer.nothing_to_place`, `offer.several_tasks`,
    `offer.no_place`, `offer.running`.
    """
    open_now = _open(order_id)
    if open_now is not None:
        return open_now if route_id in (None, open_now.route_id) else offering.elsewhere()
    tasks = _wanted(order_id)
    chosen = _chosen(tasks, route_id, at)
    return _made(chosen, tasks, _round(order_id, by, by_hand=route_id is not None), by=by, at=at)


@action
def put_on(order_id: UUID, route_id: UUID | None = None, *, by: Actor, at: datetime) -> Offer:
    """Put an order on the best route on the road, or on the one that is named, and ask nobody: it stands as an offer
    that the office accepted. One that is open is taken back. Refuses as `offer`, but for `offer.running`, and
    `offer.overtaken`."""
    open_now = _open(order_id)
    if open_now is not None:
        _withdraw(open_now, "put on a route", by=by, at=at)
    tasks = _wanted(order_id)
    chosen = _chosen(tasks, route_id, at)
    row = _row(chosen, tasks, _round(order_id, by, by_hand=True), at=at, deadline=at)
    row.save(force_insert=True)
    _put_on(row, chosen, by=by, at=at)
    _end(row, "accepted", OfferAccepted(row.id, row.order_id, row.route_id), by=by, at=at)
    return row


def _open(order_id: UUID) -> Offer | None:
    rows = Offer.objects.select_for_update(of=("self",)).filter(order_id=order_id, state="open")
    return rows.first()


def _wanted(order_id: UUID) -> list[UUID]:
    """What of an order wants a place: one task, or the two ends of a pair, the collecting end first."""
    tasks = orders.placeable(orders.get_order(order_id).id)
    views = sorted(orders.task_views(tasks), key=lambda view: view.kind != "collect")
    offering.check_wanted(tasks, [view.pair for view in views])
    return [view.task_id for view in views]


def _chosen(tasks: Sequence[UUID], route_id: UUID | None, at: datetime) -> Candidate:
    """The best shift, or the one that is named, whatever promises it breaks. Refuses `route.not_found`,
    `offer.no_place`."""
    found = gather.candidates(tasks, at, routes.route(route_id).id if route_id else None)
    if route_id is not None:
        return next(iter(found), None) or offering.no_place_there()
    return offering.best(found, gather.prices()) or offering.nobody()


def _round(order_id: UUID, by: Actor, *, by_hand: bool) -> dict[str, Any]:
    """A new round of asking for an order."""
    last = Offer.objects.filter(order_id=order_id).order_by("-round").values_list("round", flat=True).first()
    return {"order_id": order_id, "round": 1 + (last or 0), "by_hand": by_hand, "actor": str(by)}


def _row(one: Candidate, tasks: Sequence[UUID], about: dict[str, Any], *, at: datetime, deadline: datetime) -> Offer:
    route = routes.route(one.route_id)
    return Offer(
        route=route,
        driver=route.driver,
        state="open",
        tasks=[str(task) for task in tasks],
        **{name: getattr(one, name) for name in ("position", "arrive", "seconds", "meters", "cost")},
        promises=[
            {"task": str(touch.task_id), "order": str(touch.order_id), "before": touch.before, "after": touch.after}
            for touch in one.touches
        ],
        asked_at=at,
        deadline=deadline,
        **about,
    )


def _made(one: Candidate, tasks: Sequence[UUID], about: dict[str, Any], *, by: Actor, at: datetime) -> Offer:
    """The offer, and the hour at which it ends."""
    deadline = at + timedelta(seconds=gather.prices().offer_s)
    row = _row(one, tasks, about, at=at, deadline=deadline)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # the index has the last word, also between two of us
        return Offer.objects.get(order_id=row.order_id, state="open")
    record(OfferMade(row.id, row.order_id, row.route_id, row.driver_id, deadline), by=by, at=at)
    later("recovery.lapse", by.organization_id, at=deadline, key=str(row.id))
    return row


@action
def accept_offer(offer_id: UUID, *, by: Actor, at: datetime) -> Offer:
    """The driver who is asked says yes: the order goes on the route, where it fits best by now. Twice is once.

    Refuses `offer.not_found`, `offer.over`, `offer.settled`, `offer.overtaken`; then nothing has changed.
    """
    row = _locked(offer_id)
    if row.state == "accepted":
        return row
    _may_answer(row, by, at)
    found = gather.candidates([UUID(task) for task in row.tasks], at, row.route_id)
    one = next((each for each in found if row.by_hand or offering.may(each, gather.prices())), None)
    if one is None:
        raise offering.overtaken()
    unread = routes.unread_since(row.route_id)
    _put_on(row, one, by=by, at=at)
    if unread is None:  # what the yes has changed is read; what waited before still waits
        dispatch.read_route(row.route_id, routes.route(row.route_id).version, by=by, at=at)
    _end(row, "accepted", OfferAccepted(row.id, row.order_id, row.route_id), by=by, at=at)
    return row


@action
def decline_offer(offer_id: UUID, *, by: Actor, at: datetime) -> Offer:
    """The driver who is asked says no: the next one is asked. Twice is once. Refuses as `accept_offer`."""
    row = _locked(offer_id)
    if row.state == "declined":
        return row
    _may_answer(row, by, at)
    _end(row, "declined", OfferDeclined(row.id, row.order_id, row.route_id), by=by, at=at)
    later("recovery.pass_on", by.organization_id, order_id=row.order_id)
    return row


@action
def withdraw_offer(offer_id: UUID, reason: str = "", *, version: int | None = None, by: Actor, at: datetime) -> Offer:
    """Take an offer back before it is answered: nobody else is asked. Refuses `offer.not_found`, `offer.over`,
    `offer.settled`, `offer.stale`."""
    row = _locked(offer_id)
    offering.must_be_open(row.state)
    check_version("offer", version, row.version)
    _withdraw(row, reason.strip()[:60], by=by, at=at)
    return row


@action
def retract(reason: str, *, order_id: UUID | None = None, route_id: UUID | None = None, by: Actor, at: datetime) -> int:
    """An order went another way, or a route ended: its open offers are taken back. Of a route that ended, others are
    asked. Returns how many."""
    rows = Offer.objects.select_for_update(of=("self",)).filter(state="open")
    mine = list(rows.filter(order_id=order_id) if order_id else rows.filter(route_id=route_id))
    for row in mine:
        if order_id is not None:
            _withdraw(row, reason, by=by, at=at)
        else:
            row.reason = reason
            _end(row, "lapsed", OfferLapsed(row.id, row.order_id, row.route_id), by=by, at=at)
            later("recovery.pass_on", by.organization_id, order_id=row.order_id)
    return len(mine)


@action
def lapse(*, by: Actor, at: datetime) -> int:
    """End every offer whose time is up, and ask the next. Returns how many: each of these jobs finds what a lost one
    has left."""
    rows = Offer.objects.select_for_update(of=("self",), skip_locked=True).filter(state="open", deadline__lte=at)
    due = list(rows.order_by("id"))
    for row in due:
        _end(row, "lapsed", OfferLapsed(row.id, row.order_id, row.route_id), by=by, at=at)
        later("recovery.pass_on", by.organization_id, order_id=row.order_id)
    return len(due)


@action
def pass_on(order_id: UUID, *, by: Actor, at: datetime) -> Offer | None:
    """Ask the next best shift, as the road is now; never one that was asked in this round. None: nobody is asked, for
    the order has gone another way, or nobody is left; then an exception says who was asked."""
    rows = list(Offer.objects.select_for_update(of=("self",)).filter(order_id=order_id).order_by("round", "asked_at"))
    if not rows or rows[-1].state not in offering.PASSED_ON or not orders.placeable(order_id):
        return None
    tried = [row for row in rows if row.round == rows[-1].round]
    tasks, prices = _wanted(order_id), gather.prices()
    one = None
    if len(tried) < prices.offer_drivers:
        one = offering.best(gather.candidates(tasks, at), prices, {row.route_id for row in tried})
    if one is None:
        left_open(order_id, offering.NO_TAKER, by=by, at=at)
        return None
    about = {"order_id": order_id, **{name: getattr(tried[0], name) for name in ("round", "actor")}}
    return _made(one, tasks, about, by=by, at=at)


@action
def left_open(order_id: UUID, reason: str, *, by: Actor, at: datetime) -> None:
    """Nobody takes an order: an exception that says who was asked, owned by whoever had it offered."""
    rows = list(Offer.objects.filter(order_id=order_id).order_by("round", "asked_at"))
    tried = [row for row in rows if row.round == rows[-1].round]
    details: dict[str, object] = {
        "offers": [{"offer_id": str(row.id), "route_id": str(row.route_id), "state": row.state} for row in tried]
    }
    cause = rules.unassigned(order_id, orders.get_order(order_id).priority, reason, details)
    decided_by = rules.member_of(tried[0].actor) if tried else None
    exceptions.raise_(replace(cause, decided_by=decided_by), by=by, at=at)


def _may_answer(row: Offer, by: Actor, at: datetime) -> None:
    """Refuses `offer.over`, `offer.settled`, and `offer.overtaken` where the route is another driver's by now."""
    offering.must_be_open(row.state)
    offering.must_be_young(row.deadline, at)
    mine = routes.routes(driver_id=row.driver_id).filter(id=row.route_id)
    if by.driver_id != row.driver_id or not mine.exists():
        raise offering.overtaken()


def _put_on(row: Offer, one: Candidate, *, by: Actor, at: datetime) -> None:
    """Amend the route in the open transaction. Refuses `offer.overtaken`."""
    route, tasks = routes.route(row.route_id), {UUID(task) for task in row.tasks}
    depot = route.shift.start_depot
    halts = tuple(_halting(ident, tasks, depot) for ident in one.halts)
    try:
        (stops,) = dispatch.amend([Amended(route.id, halts, route.version)], by=by, at=at)
    except Refusal as refusal:
        if refusal.code in CHANGED:
            raise offering.overtaken() from refusal
        raise
    for halt, stop in zip(halts, stops, strict=True):
        if halt.place_id is not None:
            goods = TakeOver(_pieces(tasks), 1)
            dispatch.tell_driver(route.id, words_of(goods), stop_id=stop.id, goods=goods, by=by, at=at)


def _halting(ident: UUID, tasks: set[UUID], depot: Any) -> Halting:
    if ident == depot.id:
        return Halting(place_id=depot.place_id, service_s=TAKE_OVER_S)
    return Halting(task_id=ident) if ident in tasks else Halting(stop_id=ident)


def _pieces(tasks: set[UUID]) -> int:
    return sum(view.loads.get("pieces", 1) for view in orders.task_views(tasks))


def _withdraw(row: Offer, reason: str, *, by: Actor, at: datetime) -> None:
    row.reason = reason
    _end(row, "withdrawn", OfferWithdrawn(row.id, row.order_id, row.route_id, reason), by=by, at=at)


def _end(row: Offer, state: str, fact: Fact, *, by: Actor, at: datetime) -> None:
    row.state, row.answered_at, row.answered_by = state, at, str(by)
    row.version += 1
    row.save()
    no_longer("recovery.lapse", by.organization_id, str(row.id))
    record(fact, by=by, at=at)


def _locked(offer_id: UUID) -> Offer:
    row = Offer.objects.select_for_update(of=("self",)).filter(id=offer_id).first()
    if row is None:
        raise not_found("offer", offer_id)
    return row
