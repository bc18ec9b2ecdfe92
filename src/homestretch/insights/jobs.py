"""Reading along in the log, and learning from each finished route."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from homestretch.events.clock import now
from homestretch.events.later import job, later
from homestretch.events.models import Event
from homestretch.events.scope import scope
from homestretch.events.subscribe import consumer, drainer
from homestretch.insights import actions, learning, passes, trained
from homestretch.kernel.actor import system

AFTERWARDS = timedelta(hours=1)  # more routes end meanwhile


@drainer("insights.digest")
def digest(events: list[Event]) -> None:
    """Digest a page of the log into facts."""
    actions.digest(events)


@consumer("insights.heed")
def heed(event: Event) -> None:
    """A route has ended: learn from it, in a job of its own, for matching its positions takes a moment."""
    later("insights.learn", event.organization_id, route_id=event.subject_id)


@job("insights.learn")
def learn(organization_id: UUID, route_id: UUID) -> None:
    """Take in what a finished route teaches about travel."""
    by = system(organization_id)
    at = now()
    learning.learn(route_id, passes.of_route(route_id, by), by=by, at=at)
    with scope(by):
        if trained.is_due(at):
            later("insights.train", organization_id, at=at + AFTERWARDS, key="train")


@job("insights.train", queue="train")
def train(organization_id: UUID) -> None:
    """Once a day, when routes have ended: widths by how the days went, and a model from what was driven."""
    by, at = system(organization_id), now()
    trained.follow_days(by, at)
    with scope(by):
        due = trained.is_due(at)
    if due:
        trained.train(by, at)
