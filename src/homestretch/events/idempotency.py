"""Safe to say twice: the first answer to a key is kept in the transaction of its effect, and given again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from homestretch.events.models import IdempotencyKey
from homestretch.events.scope import current_organization
from homestretch.kernel.refusal import Refusal

_FORGET = """
update events_idempotencykey set answer = answer || '{"body": null}'
where organization_id = %(org)s and exists (
    select from unnest(%(idents)s::text[]) as ident where position(ident in route || answer::text) > 0)
"""
KEPT = timedelta(days=7)  # real time: keys guard against a network's retries, not against a calendar


@dataclass(frozen=True, slots=True)
class Once:
    """A keyed request: `route` names the operation, `fingerprint` is a hash of all that was asked.

    `answer` turns the verb's result into the JSON that is kept and given again.
    """

    route: str
    key: str
    fingerprint: bytes
    answer: Callable[[Any], Any]


class Replayed(Exception):
    """The request was answered before. Carries that answer."""

    def __init__(self, answer: Any) -> None:
        super().__init__("answered before")
        self.answer = answer


def fingerprint(*parts: bytes) -> bytes:
    """SHA-256 over length-prefixed parts."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.digest()


def answer_of(once: Once) -> Any | None:
    """The kept answer, or None after taking the key for this transaction.

    Refuses `idempotency.running` while another transaction holds the key, `idempotency.key_reused` when the key
    stood for another request.
    """
    lock = int.from_bytes(
        fingerprint(current_organization().bytes, once.route.encode(), once.key.encode())[:8], "big", signed=True
    )
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [lock])
        if not cursor.fetchone()[0]:
            raise Refusal("idempotency.running", "the first request with this key still runs", remedy="ask again soon")
    kept = IdempotencyKey.objects.filter(route=once.route, key=once.key).first()
    if kept is None:
        return None
    if bytes(kept.fingerprint) != once.fingerprint:
        raise Refusal(
            "idempotency.key_reused",
            "this key was used for a different request",
            remedy="mint a new key for each new request",
            field="Idempotency-Key",
        )
    return kept.answer


def remember(once: Once, result: Any) -> None:
    """Keep the answer, in the open transaction."""
    IdempotencyKey.objects.create(
        route=once.route,
        key=once.key,
        fingerprint=once.fingerprint,
        answer=once.answer(result),
        real_at=datetime.now(UTC),
    )


def forget_answers(idents: Iterable[UUID]) -> int:
    """Empty the open scope's kept answers that name one of these ids, or were given to one of them; returns how many.
    The key stays: said again, the request is still not done twice, and is answered by its status alone."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, {"org": current_organization(), "idents": [str(ident) for ident in idents]})
        return int(cursor.rowcount)


def forget_old() -> int:
    """Drop the open scope's keys that are past their time; returns how many."""
    return int(IdempotencyKey.objects.filter(real_at__lt=datetime.now(UTC) - KEPT).delete()[0])
