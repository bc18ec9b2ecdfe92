"""The verbs of webhooks: endpoints are made and switched; events are relayed, delivered, and told again on request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from homestretch.events.action import action
from homestretch.events.later import later
from homestretch.events.log import record
from homestretch.events.models import Event
from homestretch.kernel.actor import Actor
from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal, check_version, not_found
from homestretch.webhooks import rules, secrets
from homestretch.webhooks.events import EndpointChanged, EndpointDied
from homestretch.webhooks.models import Delivery, Endpoint

JOB = "webhooks.deliver"


@dataclass(frozen=True, slots=True)
class Letter:
    """What a begun delivery posts. `id` is stable over all tries."""

    id: str
    url: str
    secret: str
    body: Mapping[str, Any]


@action
def create_endpoint(url: str, types: Sequence[str], *, by: Actor, at: datetime) -> tuple[Endpoint, str]:
    """A new listener and its secret, shown this once. Refuses `endpoint.url_invalid`, `endpoint.type_unknown`."""
    secret = secrets.mint()
    row = Endpoint.objects.create(
        url=rules.read_url(url, plain_http=settings.HOMESTRETCH_WEBHOOK_LOOPBACK),
        secret=secrets.sealed(secret),
        types=rules.read_types(types),
        created_at=at,
    )
    record(EndpointChanged(row.id, row.state), by=by, at=at)
    return row, secret


@action
def change_endpoint(
    endpoint_id: UUID, changes: Mapping[str, Any], *, version: int | None = None, by: Actor, at: datetime
) -> Endpoint:
    """Change `url`, `types` or `state` (on, off). Switching on again forgets that it failed.

    Refuses `endpoint.not_found`, `endpoint.stale`, `endpoint.state_unknown` and what `create_endpoint` does.
    """
    row = _locked(endpoint_id)
    check_version("endpoint", version, row.version)
    if "url" in changes:
        row.url = rules.read_url(changes["url"], plain_http=settings.HOMESTRETCH_WEBHOOK_LOOPBACK)
    if "types" in changes:
        row.types = rules.read_types(changes["types"])
    if "state" in changes:
        if changes["state"] not in ("on", "off"):
            raise Refusal("endpoint.state_unknown", "an endpoint is on or off", remedy="on or off", field="state")
        row.state, row.failing_since = changes["state"], None
    row.version += 1
    row.save()
    record(EndpointChanged(row.id, row.state), by=by, at=at)
    return row


@action
def rotate_secret(endpoint_id: UUID, *, by: Actor, at: datetime) -> tuple[Endpoint, str]:
    """Replace the secret; the new one is shown this once and signs from now on."""
    row, secret = _locked(endpoint_id), secrets.mint()
    row.secret = secrets.sealed(secret)
    row.version += 1
    row.save()
    record(EndpointChanged(row.id, row.state), by=by, at=at)
    return row, secret


@action
def replay(endpoint_id: UUID, since: datetime, until: datetime, *, by: Actor, at: datetime) -> int:
    """Tell an endpoint the events recorded in [since, until) once more; returns how many. Refuses `replay.too_many`."""
    row = _locked(endpoint_id)
    if row.state != "on":
        raise Refusal("endpoint.off_conflict", f"the endpoint is {row.state}", remedy="switch it on first")
    found = Event.objects.filter(_wanted(row.types), recorded_at__gte=since, recorded_at__lt=until).order_by("tx", "id")
    events = list(found[: rules.MOST_REPLAYED + 1])
    if len(events) > rules.MOST_REPLAYED:
        raise Refusal("replay.too_many", f"more than {rules.MOST_REPLAYED} events", remedy="choose a shorter span")
    last = Delivery.objects.filter(endpoint=row).order_by("-replay").values_list("replay", flat=True).first()
    deliver([(row, event) for event in events], at=at, replay_number=(last or 0) + 1)
    return len(events)


def _wanted(types: Sequence[str]) -> Q:
    """Events that an endpoint listens to, as `rules.wants` has it."""
    if not types:
        return Q()
    whole = [name.removesuffix(".*") for name in types if name.endswith(".*")]
    return Q(type__in=list(types)) | Q(subject__in=whole)


def deliver(letters: Sequence[tuple[Endpoint, Event]], *, at: datetime, replay_number: int = 0) -> None:
    """Make the deliveries and their jobs, in the open transaction; one that stands already is left as it is."""
    rows = [
        Delivery(id=uuid7(), endpoint=endpoint, event_id=event.id, replay=replay_number, state="waiting", due_at=at)
        for endpoint, event in letters
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    made = set(Delivery.objects.filter(id__in=[row.id for row in rows]).values_list("id", flat=True))
    for row in rows:
        if row.id in made:
            later(JOB, row.organization_id, delivery_id=row.id)


@action
def begin(delivery_id: UUID, fence: UUID, *, by: Actor, at: datetime) -> Letter | None:
    """Take a delivery for the job that holds `fence`. None when it is over, or its endpoint is switched off."""
    row = Delivery.objects.select_for_update().select_related(None).filter(id=delivery_id).first()
    if row is None or row.state not in ("waiting", "sending"):
        return None
    endpoint = Endpoint.objects.get(id=row.endpoint_id)
    if endpoint.state != "on":
        row.state, row.ended_at, row.answer = "failed", at, f"the endpoint is {endpoint.state}"
        row.save(update_fields=["state", "ended_at", "answer"])
        return None
    row.state, row.fence, row.tries = "sending", fence, row.tries + 1
    row.save(update_fields=["state", "fence", "tries"])
    event = Event.objects.filter(id=row.event_id).values().get()
    return Letter(
        str(row.event_id), endpoint.url, secrets.opened(endpoint.secret), rules.body(event, str(by.organization_id))
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a post went: `status` None = no answer."""

    status: int | None
    answer: str
    took_ms: int
    asked_wait_s: int | None = None


@action
def finish(delivery_id: UUID, fence: UUID, outcome: Outcome, *, by: Actor, at: datetime) -> None:
    """Note the outcome; tell again later, or give up. Nothing when another worker took the delivery over."""
    row = Delivery.objects.select_for_update().get(id=delivery_id)
    if row.fence != fence or row.state != "sending":
        return
    verdict = rules.judge(outcome.status, row.tries, at, asked_wait_s=outcome.asked_wait_s)
    row.state, row.status, row.answer, row.took_ms = (
        verdict.state,
        outcome.status,
        outcome.answer[:500],
        outcome.took_ms,
    )
    row.due_at = verdict.due_at or row.due_at
    row.ended_at = None if verdict.state == "waiting" else at
    row.save()
    if verdict.state == "waiting":
        later(JOB, row.organization_id, at=verdict.due_at, key=str(row.id), delivery_id=row.id)
    _note_health(row, verdict, by=by, at=at)


def _note_health(row: Delivery, verdict: rules.Verdict, *, by: Actor, at: datetime) -> None:
    """Since when an endpoint has done nothing but fail; one that is dead is switched off."""
    if verdict.state == "delivered":  # no lock: deliveries of a healthy endpoint do not wait for each other
        Endpoint.objects.filter(id=row.endpoint_id, failing_since__isnull=False).update(failing_since=None)
        return
    endpoint = _locked(row.endpoint_id)
    endpoint.failing_since = endpoint.failing_since or at
    if verdict.state == "failed" and endpoint.state == "on" and rules.is_dead(endpoint.failing_since, at, row.status):
        endpoint.state = "dead"
        endpoint.version += 1
        record(EndpointDied(endpoint.id), by=by, at=at)
    endpoint.save()


def relay(events: Sequence[Event], *, at: datetime) -> None:
    """Make a delivery for each event and each endpoint that listens and stood when it was recorded."""
    endpoints = list(Endpoint.objects.filter(state="on"))
    deliver(
        [
            (e, event)
            for event in events
            for e in endpoints
            if e.created_at <= event.recorded_at and rules.wants(e.types, event.type)
        ],
        at=at,
    )


def _locked(endpoint_id: UUID) -> Endpoint:
    row = Endpoint.objects.select_for_update().filter(id=endpoint_id).first()
    if row is None:
        raise not_found("endpoint", endpoint_id)
    return row
