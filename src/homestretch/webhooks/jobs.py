"""Relaying the log to endpoints: a drain makes deliveries, a job posts each, in no transaction."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings

from homestretch.events.clock import now
from homestretch.events.later import gives_up, job
from homestretch.events.models import Event
from homestretch.events.subscribe import drainer
from homestretch.kernel.actor import system
from homestretch.kernel.ids import uuid7
from homestretch.providers.errors import ProviderError
from homestretch.providers.registry import make
from homestretch.webhooks import actions, secrets


@drainer("webhooks.relay")
def relay(events: list[Event]) -> None:
    """Make what is to be delivered of a page of the log."""
    actions.relay(events, at=now())


@job("webhooks.deliver", queue="outside")
def deliver(organization_id: UUID, delivery_id: UUID) -> None:
    """Post one event to one endpoint: at least once."""
    by, fence = system(organization_id), uuid7()
    letter = actions.begin(delivery_id, fence, by=by, at=now())
    if letter is not None:
        actions.finish(delivery_id, fence, _post(letter), by=by, at=now())


@gives_up("webhooks.deliver")
def give_up(organization_id: UUID, delivery_id: UUID) -> None:
    """Count it as an answer that did not come: it is told again within the schedule."""
    by, fence = system(organization_id), uuid7()
    if actions.begin(delivery_id, fence, by=by, at=now()) is not None:
        actions.finish(delivery_id, fence, actions.Outcome(None, "delivery.failed: it broke off", 0), by=by, at=now())


def _post(letter: actions.Letter) -> actions.Outcome:
    poster = make("webhook", "http", {"allow_loopback": settings.HOMESTRETCH_WEBHOOK_LOOPBACK})
    body = json.dumps(letter.body, ensure_ascii=False, separators=(",", ":"))
    headers = secrets.headers(letter.secret, letter.id, datetime.now(UTC), body)
    try:
        answer = poster.post(letter.url, headers, body.encode())
    except ProviderError as error:
        return actions.Outcome(None, f"{error.code}: {error.cause}", 0, error.retry_after_seconds)
    return actions.Outcome(answer.status, answer.excerpt, round(answer.seconds * 1000), answer.retry_after_seconds)
