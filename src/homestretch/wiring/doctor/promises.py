"""I15: promises are never edited, and kept means kept."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any
from uuid import UUID

from homestretch.kernel.facts import plain
from homestretch.kernel.windows import Window
from homestretch.orders.rules.promises import Link, settle_chain
from homestretch.wiring.doctor.look import Found, Look

_PROMISES = """
select coalesce(p.id, e.subject_id), p.id is not null, e.data::text, p.order_id, p.task_id, p.start, p."end", p.source
from (select * from orders_promise where organization_id = %(org)s) p
full join (select * from events_event where organization_id = %(org)s and type = 'promise.made') e
    on e.subject_id = p.id
"""
_CONSENT = """
select e.data ->> 'by_promise_id', n.consented, e.data ->> 'consented', n.supersedes_id, e.subject_id
from events_event e left join orders_promise n
    on n.organization_id = e.organization_id and n.id = (e.data ->> 'by_promise_id')::uuid
where e.organization_id = %(org)s and e.type = 'promise.superseded'
    and (n.supersedes_id is distinct from e.subject_id or n.consented::text <> e.data ->> 'consented')
"""
_CHAINS = """
select task_id, attempt, id, start, "end", consented, supersedes_id from orders_promise
where organization_id = %(org)s and (task_id, attempt) in (
    select p.task_id, p.attempt from orders_settlement s
    join orders_promise p on p.organization_id = s.organization_id and p.id = s.promise_id
    where s.organization_id = %(org)s)
"""
# How the attempt went that settled it: the work ended at the instant of the settlement.
_SETTLED = """
select s.promise_id, p.task_id, p.attempt, s.kept, s.late_s, s.arrived_at,
    (select bool_or(w.outcome <> 'failed') from dispatch_stoptask w
        where w.organization_id = s.organization_id and w.task_id = p.task_id and w.ended_at = s.at),
    (select array_agg(e.type) from events_event e where e.organization_id = s.organization_id
        and e.subject = 'promise' and e.subject_id = s.promise_id and e.type in ('promise.kept', 'promise.broken')),
    (select l.source = 'pickup' and l."end" <= s.at from orders_promise l
        where l.organization_id = s.organization_id and l.task_id = p.task_id and l.attempt = p.attempt
        order by l.made_at desc, l.id desc limit 1)
from orders_settlement s join orders_promise p on p.organization_id = s.organization_id and p.id = s.promise_id
where s.organization_id = %(org)s
"""
_UNSETTLED = """
select e.subject_id, e.type from events_event e
where e.organization_id = %(org)s and e.type in ('promise.kept', 'promise.broken') and not exists (
    select from orders_settlement s where s.organization_id = e.organization_id and s.promise_id = e.subject_id)
"""


def i15(look: Look) -> Found:
    """Promises are never edited; a settlement is what the rule makes of the chain and the arrival."""
    for ident, stands, said, *row in look.rows(_PROMISES):
        what = _edited(stands, said, row)
        if what:
            yield f"promise {ident}", what
    for ident, *_ in look.rows(_CONSENT):
        yield f"promise {ident}", "whom it supersedes, or whose wish it was, is not what the log says"
    for ident, fact in look.rows(_UNSETTLED):
        yield f"promise {ident}", f"the log says {fact}, and it is not settled"
    yield from _settlements(look)


def _edited(stands: bool, said: str | None, row: list[Any]) -> str:  # noqa: FBT001  a column
    if not stands:
        return "the log says that it was made, and it is not there"
    if said is None:
        return "it stands, and the log never said so"
    names = ("order_id", "task_id", "start", "end", "source")
    made = json.loads(said)
    changed = [name for name, value in zip(names, row, strict=True) if plain(value) != made[name]]
    return f"changed since it was made: {', '.join(changed)}" if changed else ""


def _settlements(look: Look) -> Found:
    chains = _chains(look)
    for ident, task, attempt, kept, late_s, arrived_at, completed, facts, lay_ready in look.rows(_SETTLED):
        chain = chains.get((task, attempt)) or []
        if facts != ["promise.kept" if kept else "promise.broken"]:
            yield f"promise {ident}", f"settled as {'kept' if kept else 'broken'}, and the log says {facts}"
        verdicts = [
            settle_chain(chain, arrived_at, completed=done, lay_ready=lay_ready)
            for done in ((True, False) if completed is None else (completed,))
            if chain
        ]
        if verdicts and all((verdict.kept, verdict.late_s) != (kept, late_s) for verdict in verdicts):
            right = "kept" if verdicts[0].kept else f"broken by {verdicts[0].late_s} s"
            yield f"promise {ident}", f"settled as {'kept' if kept else 'broken'}; by the rule it was {right}"


def _chains(look: Look) -> dict[tuple[UUID, int], list[Link]]:
    """Each settled chain, oldest first: by what supersedes what."""
    groups: dict[tuple[UUID, int], dict[UUID | None, Any]] = defaultdict(dict)
    for task, attempt, ident, start, end, consented, supersedes in look.rows(_CHAINS):
        if start <= end:  # one that was turned around is found as edited
            groups[task, attempt][supersedes] = (ident, Link(Window(start, end), consented))
    chains = {}
    for key, after in groups.items():
        chain, at = [], after.get(None)
        while at is not None:
            chain.append(at[1])
            at = after.get(at[0])
        chains[key] = chain
    return chains
