"""Seals: the hash chain, made behind the writers, for chaining inside them would serialize an organization.

hash = SHA-256(prev || event id || tx || type || data as the database prints it ...): any change to a sealed row shows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import connection

from homestretch.events.models import Cursor, Seal
from homestretch.events.scope import current_organization, scope
from homestretch.kernel.actor import system

GENESIS = bytes(32)
SEALS = "events.seal"  # the cursor of the chain: each organization has it
PAGE = 500
SEALED_WITHIN = timedelta(seconds=60)

_ROWS = """
select id, tx, concat_ws('|', id, tx, type, subject, subject_id, subject_seq, actor,
    extract(epoch from at)::text, extract(epoch from recorded_at)::text, coalesce(key, ''), data::text)
from events_event where organization_id = %s
"""


@dataclass(frozen=True, slots=True)
class ChainFault:
    """Where the chain does not verify."""

    seq: int
    event_id: UUID
    reason: str


def seal(organization_id: UUID) -> int:
    """Chain the next page of settled events; returns how many. One writer at a time per organization."""
    with scope(system(organization_id)):
        cursor = Cursor.objects.select_for_update().get(organization_id=organization_id, name=SEALS)
        last = Seal.objects.order_by("-seq").first()
        seq, prev = (last.seq, bytes(last.hash)) if last else (0, GENESIS)
        rows = []
        for event_id, tx, text in _settled_after(organization_id, cursor.tx, cursor.event_id):
            seq, digest = seq + 1, link(prev, text)
            rows.append(Seal(seq=seq, event_id=event_id, tx=tx, prev=prev, hash=digest))
            prev = digest
        if rows:
            Seal.objects.bulk_create(rows)
            cursor.tx, cursor.event_id = rows[-1].tx, rows[-1].event_id
            cursor.save()
        return len(rows)


def link(prev: bytes, text: str) -> bytes:
    """The next hash of the chain."""
    return hashlib.sha256(prev + text.encode()).digest()


def _settled_after(organization_id: UUID, tx: int, event_id: UUID) -> list[tuple[UUID, int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            _ROWS + " and (tx, id) > (%s, %s) and tx < app_xmin() order by tx, id limit %s",
            [organization_id, tx, event_id, PAGE],
        )
        return cursor.fetchall()


def verify() -> Iterator[ChainFault]:
    """Walk the open scope's chain: each fault, in order. Reads the whole log of the organization in pages."""
    prev, expected = GENESIS, 0
    with connection.chunked_cursor() as cursor:  # in pages of the server: a log is long
        cursor.execute(
            f"select s.seq, s.prev, s.hash, s.event_id, e.text from events_seal s left join ({_ROWS}) e(id, tx, text)"  # noqa: S608
            " on e.id = s.event_id where s.organization_id = app_organization() order by s.seq",
            [current_organization()],
        )
        while page := cursor.fetchmany(PAGE):
            for seq, before, digest, event_id, text in page:
                expected += 1
                reason = _fault(
                    text, bytes(before), bytes(digest), in_order=seq == expected, linked=bytes(before) == prev
                )
                if reason:
                    yield ChainFault(seq, event_id, reason)
                prev, expected = bytes(digest), seq


def _fault(text: str | None, before: bytes, digest: bytes, *, in_order: bool, linked: bool) -> str:
    if not in_order:
        return "a seal is missing"
    if not linked:
        return "the chain is cut"
    if text is None:
        return "the sealed event is gone"
    return "" if link(before, text) == digest else "the sealed event was changed"


def oldest_unsealed() -> datetime | None:
    """When the oldest event that no seal covers was written, in real time (its id tells)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select min(e.id::text) from events_event e where organization_id = app_organization()"
            " and not exists (select 1 from events_seal s where s.organization_id = e.organization_id"
            " and s.event_id = e.id)"
        )
        first = cursor.fetchone()[0]
    return datetime.fromtimestamp((UUID(first).int >> 80) / 1000, UTC) if first else None
