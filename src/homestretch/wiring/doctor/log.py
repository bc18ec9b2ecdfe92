"""I1, I8, I13: what was acknowledged is there, sequences have no holes, seals verify."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg

from homestretch.events.seals import SEALED_WITHIN, oldest_unsealed, verify
from homestretch.webhooks.rules import wants
from homestretch.wiring.doctor.look import Found, Look

# A fact that something came to be -> the table where it stands for ever (promises: I15).
KEPT = {
    "order.created": "orders_order",
    "proof.captured": "dispatch_proof",
    "import.completed": "orders_import",
    "route.released": "dispatch_route",
    "plan.asked": "plans_plan",
    "exception.raised": "recovery_deliveryexception",
    "proposal.made": "recovery_proposal",
    "message.queued": "messaging_message",
    "survey.requested": "messaging_survey",
}
_GONE = """
select e.subject, e.subject_id from events_event e
where e.organization_id = %(org)s and e.type = %(type)s
    and not exists (select from {table} t where t.organization_id = e.organization_id and t.id = e.subject_id)
"""
_UNTOLD = """
select t.id from {table} t where t.organization_id = %(org)s and not exists (
    select from events_event e
    where e.organization_id = t.organization_id and e.type = %(type)s and e.subject_id = t.id
        and e.subject = split_part(%(type)s, '.', 1))
"""
_TOMBSTONES = """
select r.id, r.erased_at is not null from orders_recipient r left join events_event e
    on e.organization_id = r.organization_id and e.subject = 'recipient' and e.subject_id = r.id
        and e.type = 'recipient.erased' and e.actor <> ''
where r.organization_id = %(org)s and (r.erased_at is not null) <> (e.id is not null)
"""


def i1(look: Look) -> Found:
    """Every acknowledged order, event or proof exists for ever, or has a tombstone with an actor."""
    for kind, table in KEPT.items():
        for subject, ident in look.rows(_GONE.format(table=table), type=kind):
            yield f"{subject} {ident}", f"the log says {kind}, and it is not there"
    for kind, table in (("order.created", "orders_order"), ("proof.captured", "dispatch_proof")):
        for (ident,) in look.rows(_UNTOLD.format(table=table), type=kind):
            yield f"{kind.split('.')[0]} {ident}", f"it is there, and the log never said {kind}"
    for ident, erased in look.rows(_TOMBSTONES):
        what = "erased, and no fact says by whom" if erased else "the log says that it was erased, and it stands"
        yield f"recipient {ident}", what


_HOLES = """
with said as (
    select subject, subject_id, count(*) as facts, min(subject_seq) as first, max(subject_seq) as last
    from events_event where organization_id = %(org)s group by subject, subject_id)
select coalesce(said.subject, s.subject), coalesce(said.subject_id, s.subject_id),
    coalesce(said.facts, 0), greatest(said.last, s.seq, 0)
from said full join (select * from events_subject where organization_id = %(org)s) s
    on s.subject = said.subject and s.subject_id = said.subject_id
where said.facts is distinct from s.seq or said.first <> 1 or said.last is distinct from s.seq
"""
# Of each endpoint that is on: what was recorded since it last changed, as far as the relay has read.
_UNDELIVERED = """
select p.id, p.types, e.type, e.subject, e.subject_id, e.subject_seq
from webhooks_endpoint p
cross join lateral (
    select max(c.tx) as tx from events_event c
    where c.organization_id = p.organization_id and c.subject = 'endpoint' and c.subject_id = p.id) changed
join events_cursor r on r.organization_id = p.organization_id and r.name = 'webhooks.relay'
join events_event e on e.organization_id = p.organization_id and e.tx > changed.tx
    and (e.tx, e.id) <= (r.tx, r.event_id) and e.recorded_at >= p.created_at
where p.organization_id = %(org)s and p.state = 'on' and not exists (
    select from webhooks_delivery d
    where d.organization_id = p.organization_id and d.endpoint_id = p.id and d.event_id = e.id)
"""


def i8(look: Look) -> Found:
    """A webhook's sequence per subject has no holes: neither the log's, nor what an endpoint was sent of it."""
    for subject, ident, facts, last in look.rows(_HOLES):
        yield f"{subject} {ident}", f"its sequence stands at {last} with {facts} facts"
    for endpoint, types, kind, subject, ident, seq in look.rows(_UNDELIVERED):
        if wants(types, kind):
            yield f"endpoint {endpoint}", f"never sent {kind}, number {seq} of {subject} {ident}"


_PASSED_BY = """
select e.id from events_event e, events_cursor c
where e.organization_id = %(org)s and c.organization_id = %(org)s and c.name = 'events.seal'
    and (e.tx, e.id) <= (c.tx, c.event_id)
    and not exists (select from events_seal s where s.organization_id = e.organization_id and s.event_id = e.id)
"""
_LAST = """
select c.event_id, s.event_id from events_cursor c
left join (select * from events_seal where organization_id = %(org)s order by seq desc limit 1) s on true
where c.organization_id = %(org)s and c.name = 'events.seal' and c.tx > 0 and c.event_id is distinct from s.event_id
"""
_NO_SEALER = (
    "select 1 where not exists (select from events_cursor where organization_id = %(org)s and name = 'events.seal')"
)


def i13(look: Look) -> Found:
    """The log's seals verify, and the unsealed tail is under 60 s old (real time)."""
    for fault in verify():
        yield f"event {fault.event_id}", f"seal {fault.seq}: {fault.reason}"
    for (ident,) in look.rows(_PASSED_BY):
        yield f"event {ident}", "it stands behind the seals and has none"
    for marked, sealed in look.rows(_LAST):
        yield f"event {marked}", f"sealed by the mark, and the last seal is of {sealed}"
    for _ in look.rows(_NO_SEALER):
        yield f"organization {look.organization}", "nobody seals its log: it has no cursor"
    oldest = oldest_unsealed()
    if oldest is not None and datetime.now(UTC) - oldest > SEALED_WITHIN:
        yield "tail", f"unsealed since {oldest.isoformat()}: does a worker run?"


def unknown(owner: psycopg.Connection[Any]) -> Iterator[tuple[UUID, str, str]]:
    """Organizations that no sweep knows, so that nobody seals their log: only the tables' owner sees all of them."""
    statement = "select id from accounts_organization where id not in (select organization_id from events_cursor)"
    for (organization,) in owner.execute(statement).fetchall():
        yield organization, f"organization {organization}", "nobody seals its log: it has no cursor"
