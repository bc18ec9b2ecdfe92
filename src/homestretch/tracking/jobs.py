"""Tracking in the background: duties follow routes, positions are followed, forecasts refreshed, the old erased."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from homestretch.accounts import queries as accounts
from homestretch.dispatch import queries as dispatch
from homestretch.events.clock import now
from homestretch.events.later import app, job, later, no_longer
from homestretch.events.models import Event
from homestretch.events.scope import scope
from homestretch.events.subscribe import consumer
from homestretch.kernel.actor import Actor, system
from homestretch.kernel.refusal import Refusal
from homestretch.providers.errors import ProviderError
from homestretch.tracking import actions, queries, traffic
from homestretch.tracking.rules.duty import SWEEP
from homestretch.tracking.rules.forecast import next_refresh

log = logging.getLogger(__name__)
MOST_THINNED = 200  # routes an hour, each in its own transaction


@consumer("tracking.begin")
def begin(event: Event) -> None:
    """A route was released: its devices are on duty when its shift is."""
    by, at = system(event.organization_id), now()
    actions.settle_duty(event.subject_id, by=by, at=at)
    later("tracking.sweep", event.organization_id, at=at + SWEEP, key="sweep")


@consumer("tracking.duty")
def duty(event: Event) -> None:
    """A route was started, changed or ended: duties change with it, and it is watched while it runs."""
    by = system(event.organization_id)
    actions.settle_duty(event.subject_id, by=by, at=event.at)
    route = dispatch.route(event.subject_id)
    if route.state == "started":
        _watch(event.organization_id, route.id)
        actions.reforecast(route.id, by=by, at=now())
        if traffic.is_asked():
            later("tracking.traffic", event.organization_id, at=now() + timedelta(seconds=1), key="traffic")
    else:
        actions.follow(route.id, by=by, at=now())
        for name in ("tracking.tick", "tracking.listen"):
            no_longer(name, event.organization_id, str(route.id))


def _watch(organization_id: UUID, route_id: UUID) -> None:
    at = now()
    later("tracking.tick", organization_id, at=next_refresh(at), key=str(route_id), route_id=route_id)
    look = actions.look_for_silence(route_id, by=system(organization_id), at=at)
    if look is not None:
        later("tracking.listen", organization_id, at=look, key=str(route_id), route_id=route_id)


@consumer("tracking.device")
def device(event: Event) -> None:
    """A device was paired or revoked: the live routes of its driver or vehicle follow it, or no longer."""
    found = accounts.device(event.subject_id)
    for route in dispatch.routes(driver_id=found.driver_id) if found.driver_id else dispatch.routes():
        if route.finished_at is None and (found.driver_id or route.vehicle_id == found.vehicle_id):
            actions.settle_duty(route.id, by=system(event.organization_id), at=event.at)


@consumer("tracking.reforecast")
def reforecast(event: Event) -> None:
    """A stop has ended, a break begun, a sequence changed: what comes after is expected anew."""
    route_id = UUID(event.data["route_id"])
    actions.reforecast(route_id, by=system(event.organization_id), at=now())


@consumer("tracking.roads_changed")
def roads_changed(event: Event) -> None:
    """A road was closed or opened, the weather or the speeds are others: what runs is expected anew, route by route."""
    for route in dispatch.routes(state="started"):
        later("tracking.tick", event.organization_id, route_id=route.id)


# Never retried: a retry goes back under the queueing lock, which the next one has taken by then, and so would stay
# `doing` for ever. The next positions, or the route's tick, ask again.
@job("tracking.follow", queue="positions", retry=None)
def follow(organization_id: UUID) -> None:
    """Take in what came from an organization's devices."""
    by, at = system(organization_id), now()
    with scope(by):
        routes = queries.routes_with_news(at)
    for route_id in routes:
        _follow(route_id, by)


def _follow(route_id: UUID, by: Actor) -> None:
    at = now()
    while actions.follow(route_id, by=by, at=at) == actions.PAGE:
        pass
    if actions.announce(route_id, by=by, at=at):
        actions.reforecast(route_id, by=by, at=at)


def ask_follow(organization_id: UUID) -> None:
    """Have new positions followed, unless that is asked for already: for the hot door, after its commit."""
    task = app.configure_task("tracking.follow", queueing_lock=f"follow:{organization_id}", queue="positions")
    try:
        with transaction.atomic():
            task.defer(organization_id=str(organization_id))
    except AlreadyEnqueued:
        pass  # the one that waits will read ours too


@job("tracking.tick")
def tick(organization_id: UUID, route_id: UUID) -> None:
    """A running route's refresh: its positions, its forecasts, and when to come again."""
    by, at = system(organization_id), now()
    _follow(route_id, by)
    if actions.reforecast(route_id, by=by, at=at) or _is_running(route_id, by):
        with scope(by):
            later("tracking.tick", organization_id, at=next_refresh(at), key=str(route_id), route_id=route_id)


def _is_running(route_id: UUID, by: Actor) -> bool:
    with scope(by):
        try:
            return bool(dispatch.route(route_id).state == "started")
        except Refusal:
            return False


@job("tracking.listen")
def listen(organization_id: UUID, route_id: UUID) -> None:
    """Look whether a running route's vehicle has fallen silent."""
    by = system(organization_id)
    look = actions.look_for_silence(route_id, by=by, at=now())
    if look is not None:
        with scope(by):
            later("tracking.listen", organization_id, at=look, key=str(route_id), route_id=route_id)


@job("tracking.traffic", queue="outside")
def look_at_traffic(organization_id: UUID) -> None:
    """Ask how traffic moves around running routes, again and again while there are any."""
    by, at = system(organization_id), now()
    try:
        goes_on = traffic.look(by, at)
    except ProviderError as error:
        log.warning("traffic was not told: %s", error)
        goes_on = True
    if goes_on:
        with scope(by):
            later("tracking.traffic", organization_id, at=at + traffic.EVERY, key="traffic")


@job("tracking.sweep")
def sweep(organization_id: UUID) -> None:
    """Erase what is past its time, each hour, and thin what nothing can be added to."""
    by, at = system(organization_id), now()
    with scope(by):
        routes = queries.routes_to_thin(at, MOST_THINNED)
    for route_id in routes:
        actions.thin_route(route_id, by=by, at=at)
    actions.erase_old(by=by, at=at)
    with scope(by):
        later("tracking.sweep", organization_id, at=at + SWEEP, key="sweep")
