"""I7: jobs and deliveries are over, or due within their schedule.

What waits must have a job, or a due row, that will take it up: that is asked of a stopped system too. How long it has
waited is asked only while a worker is alive, for without one everything waits.
"""

from __future__ import annotations

import re
from datetime import timedelta

from homestretch.webhooks.rules import TRIES, WAITS
from homestretch.wiring.doctor.look import Found, Look

OVERDUE = timedelta(minutes=1)
QUEUED_FOR = "15 minutes"  # of real time
SILENT_FOR = "60 seconds"  # of a worker whose job is still called running
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_HANDS = """
select args::text from procrastinate_jobs
where status in ('todo', 'doing') and args ->> 'organization_id' = %(org)s::text
union all select args::text from events_due where organization_id = %(org)s
"""
# Name -> rows that are not over.
_OPEN = {
    "delivery": "select id, state from webhooks_delivery where organization_id = %(org)s"
    " and state in ('waiting', 'sending')",
    "message": "select id, state from messaging_message where organization_id = %(org)s"
    " and state in ('planned', 'deferred', 'sending')",
    "optimization": "select id, state from plans_optimization where organization_id = %(org)s"
    " and state in ('waiting', 'running')",
    "proposal": "select id, state from recovery_proposal where organization_id = %(org)s and state = 'asked'",
    "import": "select id, state from orders_import where organization_id = %(org)s"
    " and state in ('checking', 'running', 'undoing')",
}
_BEYOND = """
select id, tries, due_at from webhooks_delivery
where organization_id = %(org)s and state in ('waiting', 'sending') and (tries > %(tries)s or due_at > %(latest)s)
"""
_UNENDED = """
select id, state from webhooks_delivery
where organization_id = %(org)s and state in ('delivered', 'failed') and ended_at is null
"""
_UNKNOWN = """
select task_name, count(*) from procrastinate_jobs
where status in ('todo', 'doing') and args ->> 'organization_id' = %(org)s::text and task_name <> all(%(known)s)
group by task_name
union all
select job, count(*) from events_due where organization_id = %(org)s and job <> all(%(known)s) group by job
"""
_OVERDUE = "select id, job, due_at from events_due where organization_id = %(org)s and due_at < %(before)s"
_QUEUED = f"""
select j.id, j.task_name, min(e.at) from procrastinate_jobs j join procrastinate_events e on e.job_id = j.id
where j.status = 'todo' and j.args ->> 'organization_id' = %(org)s::text
    and coalesce(j.scheduled_at, '-infinity') < now() - interval '{QUEUED_FOR}'
group by j.id, j.task_name having max(e.at) < now() - interval '{QUEUED_FOR}'
"""  # noqa: S608  constants of ours
_ORPHANED = f"""
select j.id, j.task_name from procrastinate_jobs j left join procrastinate_workers w on w.id = j.worker_id
where j.status = 'doing' and j.args ->> 'organization_id' = %(org)s::text
    and (w.id is null or w.last_heartbeat < now() - interval '{SILENT_FOR}')
    and not exists (select from procrastinate_events e where e.job_id = j.id
        and e.at > now() - interval '{SILENT_FOR}')
"""  # noqa: S608


def i7(look: Look) -> Found:
    """Jobs and webhook deliveries are terminal, or due within their schedule: nothing is stuck."""
    hands = {ident for (args,) in look.rows(_HANDS) for ident in _UUID.findall(args)}
    for name, statement in _OPEN.items():
        for ident, state in look.rows(statement):
            if str(ident) not in hands:
                yield f"{name} {ident}", f"it is {state}, and no job will ever take it up"
    for ident, tries, due_at in look.rows(_BEYOND, tries=TRIES, latest=look.now + WAITS[-1] + OVERDUE):
        yield f"delivery {ident}", f"outside of its schedule: {tries} tries, due {due_at.isoformat()}"
    for ident, state in look.rows(_UNENDED):
        yield f"delivery {ident}", f"it is {state}, and says not since when"
    for job, count in look.rows(_UNKNOWN, known=sorted(look.jobs)):
        yield f"job {job}", f"{count} wait, and this version has no such job"
    if look.working:
        yield from _late(look)


def _late(look: Look) -> Found:
    """What a living worker has let lie."""
    for ident, job, due_at in look.rows(_OVERDUE, before=look.now - OVERDUE):
        yield f"due {ident}", f"{job} was due at {due_at.isoformat()}"
    for ident, task, at in look.rows(_QUEUED):
        yield f"job {ident}", f"{task} waits since {at.isoformat()}"
    for ident, task in look.rows(_ORPHANED):
        yield f"job {ident}", f"{task} is called running, and its worker is gone"
