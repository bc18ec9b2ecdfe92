"""The worker: jobs of the queue, and the loops that keep the ground true (seals and drains, due work, rescue).

A killed worker leaves its job `doing` for ever and the queue rescues nothing by itself: a loop here does. A job that
comes back after it was rescued finds its fence gone.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import signal
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db import OperationalError, connections, transaction
from procrastinate import App
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status
from procrastinate.periodic import PeriodicRegistry
from procrastinate.tasks import Task

from homestretch.events.clock import now
from homestretch.events.idempotency import forget_old
from homestretch.events.later import app, defer, give_up, known_jobs, stopping
from homestretch.events.models import Due, Handled
from homestretch.events.scope import scope
from homestretch.events.seals import SEALS, seal
from homestretch.events.subscribe import behind, catch_up, introduce, known_organizations
from homestretch.kernel.actor import system
from homestretch.kernel.ids import uuid7

log = logging.getLogger(__name__)
HEARTBEAT_S, STALLED_S = 2, 6
DUE_PAGE = 200
POSTPONED = timedelta(hours=1)  # due work that no release of ours knows how to do: looked at again
HANDLED_KEPT = timedelta(days=7)  # longer than any job is tried again
JOBS_KEPT_H, FAILED_KEPT_H = 24, 24 * 30
MOST_RESCUES = 10  # a job that has taken so many workers with it is given up
TIDYING = "events.tidy_jobs"
AGAIN_S = 1.0  # before a lane that broke off begins anew

# Who waits for whom: a search of ten minutes, a file of twenty thousand rows, a model that is trained or an endpoint
# that answers after fifteen seconds holds up its own lane. What a broken-down van's stops wait for waits for no search.
LANES = (
    (("solve",), 1),
    (("repair",), 1),
    (("imports", "train"), 1),
    (("outside",), 4),
)
SWIFT = ("default", "positions")


def tick_due() -> int:
    """Hand the due work of this instant to the queue; returns how much."""
    with transaction.atomic():
        rows = list(
            Due.objects.select_for_update(skip_locked=True).filter(due_at__lte=now()).order_by("due_at")[:DUE_PAGE]
        )
        known = known_jobs()
        for row in rows:
            if row.job in known:
                defer(row.job, row.organization_id, row.args)
                row.delete()
            else:
                log.error("nobody knows this job", extra={"job": row.job})
                Due.objects.filter(pk=row.pk).update(due_at=row.due_at + POSTPONED)
    return len(rows)


def _each_organization(function: Callable[[UUID], object]) -> None:
    """For every organization; one that fails does not keep the others from their turn."""
    for organization_id in known_organizations():
        try:
            function(organization_id)
        except OperationalError:
            raise  # the database is away: for all of them
        except Exception:
            log.exception("a turn failed", extra={"organization": str(organization_id)})


def seal_all() -> None:
    """Chain what has settled, in every organization."""
    _each_organization(_seal)


def _seal(organization_id: UUID) -> None:
    while seal(organization_id):
        pass


def keep_up() -> None:
    """Chain what has settled, and let the drains read it, in every organization where there is something."""

    def one(organization_id: UUID) -> None:
        names = behind(organization_id)
        if SEALS in names:
            _seal(organization_id)
        catch_up(organization_id, names)

    _each_organization(one)


def tidy() -> None:
    """Drop what is past its time: kept answers, and marks of what was handled."""

    def tidy_one(organization_id: UUID) -> None:
        with scope(system(organization_id)):
            forget_old()
            before = (datetime.now(UTC) - HANDLED_KEPT).timestamp()
            Handled.objects.filter(id__lt=uuid7(ms=int(before * 1000), random_bytes=bytes(10))).delete()

    _each_organization(tidy_one)


def add_tidying(worker_app: App) -> None:
    """Each hour one of all workers drops jobs that ended long ago; failed ones are kept longer, for whoever looks into
    them.

    It is the queue's own periodic work, for without any the queue stops looking after a lane: it does so until the
    first of the lane's side tasks ends, and the one of periodic work would end at once. A listener or a heartbeat that
    the database took with it would never be missed.
    """

    async def tidied(**_: Any) -> None:
        await worker_app.job_manager.delete_old_jobs(nb_hours=JOBS_KEPT_H)
        await worker_app.job_manager.delete_old_jobs(nb_hours=FAILED_KEPT_H, include_failed=True, include_aborted=True)

    task: Task[..., Any, ...] = Task(tidied, blueprint=worker_app, name=TIDYING, queue="default", queueing_lock=TIDYING)
    worker_app.tasks = {**worker_app.tasks, TIDYING: task}
    worker_app.periodic_registry = PeriodicRegistry()
    worker_app.periodic_registry.register_task(task, cron="17 * * * *", periodic_id="", configure_kwargs={})


async def rescue(worker_app: App) -> None:
    """Give back the jobs of workers that are gone; give up those that keep taking workers with them."""
    for stalled in await worker_app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_S):
        log.warning("job rescued", extra={"job": stalled.id, "task": stalled.task_name})
        if stalled.attempts >= MOST_RESCUES:
            await worker_app.job_manager.finish_job(stalled, status=Status.FAILED, delete_job=False)
            await _threaded(functools.partial(give_up, stalled.task_name, stalled.task_kwargs))()
            continue
        try:
            await worker_app.job_manager.retry_job(stalled, retry_at=datetime.now(UTC))
        except UniqueViolation:  # another waits under its queueing lock already, and will do its work
            await worker_app.job_manager.finish_job(stalled, status=Status.FAILED, delete_job=True)


def _closing(function: Callable[[], object]) -> Callable[[], None]:
    def run() -> None:
        try:
            function()
        except OperationalError:
            log.warning("the database is away; trying again", exc_info=True)
        finally:
            connections.close_all()

    return run


async def _every(seconds: float, step: Callable[[], Awaitable[object]]) -> None:
    while True:
        try:
            await step()
        except Exception:  # the loop must outlive one bad turn; the next turn says it again
            log.exception("a worker's loop failed")
        await asyncio.sleep(seconds)


def _threaded(function: Callable[[], object]) -> Callable[[], Awaitable[object]]:
    return sync_to_async(_closing(function), thread_sensitive=False)


async def work(*, concurrency: int = 4, ticks: list[tuple[float, Callable[[], object]]] | None = None) -> None:
    """Run jobs and loops until cancelled (SIGTERM and SIGINT end it gracefully).

    `concurrency` counts the swift jobs at the same time; slow and outside work has lanes of its own (`LANES`).
    `ticks` are further loops: (seconds, function), each in a thread of its own.
    """
    # An app of its own beside ours: what our jobs defer must go through Django's connection, in their transaction. With
    # the connector replaced it would go through the worker's, and be run before the transaction has committed.
    worker_app = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    add_tidying(worker_app)
    loops = [
        (0.2, _threaded(tick_due)),
        (0.2, _threaded(keep_up)),
        (3600.0, _threaded(tidy)),
        (3.0, lambda: rescue(worker_app)),
        *((seconds, _threaded(function)) for seconds, function in ticks or []),
    ]
    lanes = (*LANES, (SWIFT, concurrency))
    # A thread for each job that may run and for each loop: asyncio's own pool is as small as the machine, and a lane
    # that waits for another's thread is no lane.
    threads = sum(at_once for _, at_once in lanes) + len(loops)
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(threads, thread_name_prefix="work"))
    async with worker_app.open_async():
        await _threaded(lambda: _each_organization(introduce))()  # to the drains that came with this release
        tasks = [asyncio.create_task(_every(seconds, step)) for seconds, step in loops]
        _stop_on_signals(asyncio.current_task())
        try:
            async with asyncio.TaskGroup() as group:  # waits for each to end, as `gather` does not when cancelled
                for queues, at_once in lanes:
                    group.create_task(_lane(worker_app, queues, at_once))
        except asyncio.CancelledError:
            if not stopping.is_set():
                raise
        finally:
            for task in tasks:
                task.cancel()


async def _lane(worker_app: App, queues: tuple[str, ...], at_once: int) -> None:
    """Run a lane's jobs. One whose call to the queue breaks ends, sometimes without a word: it begins anew."""
    name = "-".join(queues)
    while not stopping.is_set():
        try:
            await worker_app.run_worker_async(
                queues=list(queues),
                name=name,
                install_signal_handlers=False,
                concurrency=at_once,
                fetch_job_polling_interval=1.0,
                shutdown_graceful_timeout=5.0,
                update_heartbeat_interval=HEARTBEAT_S,
                stalled_worker_timeout=STALLED_S,
            )
        except Exception:
            log.warning("a lane broke off", extra={"lane": name}, exc_info=True)
        else:
            log.warning("a lane ended", extra={"lane": name})
        await asyncio.sleep(AGAIN_S)


def _stop_on_signals(task: asyncio.Task[None] | None) -> None:
    """End gracefully on SIGTERM and SIGINT: long jobs poll `stopping`, the queue takes no new ones."""

    def stop() -> None:
        stopping.set()
        if task is not None:
            task.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop)
