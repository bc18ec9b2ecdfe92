"""A worker as a process: it runs what waits, ends when told, and what it leaves when killed is taken over."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from psycopg import sql

from homestretch.events.later import QUEUES, job, later
from homestretch.events.models import Cursor, Due, Event, Handled, Seal
from homestretch.events.scope import scope
from homestretch.events.seals import SEALS
from homestretch.events.subscribe import behind
from homestretch.events.worker import LANES, SWIFT, add_tidying, rescue, tick_due, tidy, work
from homestretch.kernel.actor import Actor
from homestretch.kernel.ids import uuid7
from homestretch.plans import actions, queries
from homestretch.tracking.jobs import ask_follow
from homestretch.wiring import embedded
from tests.databases import Clone
from tests.town.fleet import DAY, a_fleet
from tests.town.orders import orders
from tests.town.organizations import an_organization
from tests.town.places import AT

PATIENCE_S = 60.0


def until(true: Callable[[], bool]) -> None:
    """Wait for another process, for a minute at most."""
    ends = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < ends, "the other process did not do it"
        time.sleep(0.05)


@pytest.fixture
def us(committed: Any) -> Actor:
    """A small town on a database of its own."""
    by = an_organization()
    a_fleet(by, vehicles=1)
    orders(by, 4)
    return by


@pytest.fixture
def start(committed: Any) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts workers, and kills what is left of them."""
    made: list[subprocess.Popen[bytes]] = []

    def begin() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "homestretch.wiring.main", "work"]
        made.append(subprocess.Popen(command, env=committed.environment))
        return made[-1]

    yield begin
    for process in made:
        process.kill()
        process.wait()


def state(by: Actor, plan: Any) -> str:
    """The plan's state now."""
    with scope(by):
        return str(queries.plan(plan.id).state)


def running() -> bool:
    """Whether some worker is at the solver's job."""
    return ProcrastinateJob.objects.filter(status="doing", task_name="plans.solve").exists()


def test_a_killed_workers_job_is_taken_over_by_another(us: Actor, start: Any) -> None:
    plan = actions.ask(DAY, [], options={"seconds": 600}, by=us, at=AT)
    first = start()
    until(running)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    actions.cancel(plan.id, by=us, at=AT)  # the second run ends at once
    start()
    until(lambda: state(us, plan) == "ready")


def test_a_worker_that_is_told_to_stop_ends_a_long_search_within_seconds(us: Actor, start: Any) -> None:
    plan = actions.ask(DAY, [], options={"seconds": 600}, by=us, at=AT)
    worker = start()
    until(running)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(15) == 0
    assert state(us, plan) == "solving"
    assert ProcrastinateJob.objects.filter(task_name="plans.solve", status="todo").exists()


def test_a_worker_whose_connections_break_goes_on_in_every_lane(us: Actor, start: Any, superuser: Any) -> None:
    worker = start()
    until(lambda: superuser.execute("select count(*) from procrastinate_workers").fetchone()[0] == len(LANES) + 1)
    for _ in range(600):
        superuser.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and usename <> current_user"
        )
        time.sleep(0.005)
    connection.close()  # ours was among them
    plan = actions.ask(DAY, [], options={"seconds": 1}, by=us, at=AT)
    with transaction.atomic():
        later("messaging.send", us.organization_id, message_id=uuid7())
        later("orders.forget_file", us.organization_id, import_id=uuid7())
    until(lambda: state(us, plan) == "ready")
    until(lambda: not ProcrastinateJob.objects.filter(status="todo", attempts=0).exists())
    assert worker.poll() is None


def test_a_worker_hears_and_is_heard_again_in_every_lane_after_the_database_was_away(
    us: Actor, start: Any, committed: Clone
) -> None:
    """A lane that no longer hears would look for jobs each second; one that is not heard would have them taken away."""
    lanes, address = len(LANES) + 1, committed.server.dsn(embedded.SUPERUSER, "postgres")
    listening = "select count(*) from pg_stat_activity where datname = %s and query ~* '^(listen|select 1$)'"
    alive = "select count(*) from procrastinate_workers where last_heartbeat > clock_timestamp() - interval '4 seconds'"

    def whole() -> bool:
        with psycopg.connect(committed.superuser) as inside:
            (heard,), (beating,) = (
                inside.execute(listening, [committed.name]).fetchone(),
                inside.execute(alive).fetchone(),
            )
            return heard >= lanes and beating == lanes

    worker = start()
    until(whole)
    allow = sql.SQL("alter database {} allow_connections {}").format
    with psycopg.connect(address, autocommit=True) as outside:
        outside.execute(allow(sql.Identifier(committed.name), sql.SQL("false")))
        end = "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s"
        outside.execute(end, [committed.name])
        time.sleep(5)
        outside.execute(allow(sql.Identifier(committed.name), sql.SQL("true")))
    connection.close()
    time.sleep(5)  # heartbeats from before count no longer
    until(whole)
    assert worker.poll() is None


class Held:
    """Jobs that hang until they are let go, four in each of two lanes, and a search that waits for none of them."""

    began = threading.Semaphore(0)
    let_go = threading.Event()
    searched = threading.Event()


@job("tests.hangs", retry=None)
@job("tests.hangs_outside", queue="outside", retry=None)
def hang(organization_id: UUID) -> None:
    Held.began.release()
    assert Held.let_go.wait(PATIENCE_S)


@job("tests.searches", queue="solve", retry=None)
def search(organization_id: UUID) -> None:
    Held.searched.set()


def test_jobs_that_hang_in_other_lanes_do_not_hold_up_a_search(us: Actor) -> None:
    seen: list[bool] = []

    def watch(end: Callable[[], object]) -> None:
        seen.extend(Held.began.acquire(timeout=PATIENCE_S / 3) for _ in range(8))
        with transaction.atomic():
            later("tests.searches", us.organization_id)
        connection.close()
        seen.append(Held.searched.wait(PATIENCE_S / 3))
        Held.let_go.set()
        end()

    async def scene() -> None:
        worker = asyncio.create_task(work(concurrency=4))
        loop = asyncio.get_running_loop()
        threading.Thread(target=watch, args=(lambda: loop.call_soon_threadsafe(worker.cancel),)).start()
        with suppress(asyncio.CancelledError):
            await worker

    for _ in range(4):
        later("tests.hangs", us.organization_id)
        later("tests.hangs_outside", us.organization_id)
    asyncio.run(scene())
    assert seen == [True] * 9


def test_a_lost_job_whose_queueing_lock_is_taken_leaves_the_work_to_who_waits(us: Actor) -> None:
    follows = ProcrastinateJob.objects.filter(task_name="tracking.follow")
    ask_follow(us.organization_id)
    lost = follows.get().id
    with connection.cursor() as cursor:  # a worker took it and is gone
        cursor.execute("update procrastinate_jobs set status = 'doing', worker_id = null where id = %s", [lost])
    ask_follow(us.organization_id)

    async def turn() -> None:
        worker_app = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
        async with worker_app.open_async():
            await rescue(worker_app)

    asyncio.run(turn())
    assert [job.status for job in follows] == ["todo"]
    assert not follows.filter(id=lost).exists()


def test_the_job_under_a_queueing_lock_is_not_retried() -> None:
    assert app.tasks["tracking.follow"].retry_strategy is None


def test_a_worker_chains_what_is_written_and_lets_the_drains_read_it(us: Actor, start: Any) -> None:
    names = {SEALS, "insights.digest", "webhooks.relay"}
    assert names <= set(behind(us.organization_id))
    start()
    until(lambda: not names & set(behind(us.organization_id)))
    with scope(us):
        assert Seal.objects.count() == Event.objects.count() > 0


def test_a_worker_gives_an_organization_the_cursor_of_a_drain_that_came_later(us: Actor, start: Any) -> None:
    mine = Cursor.objects.filter(organization_id=us.organization_id)
    mine.filter(name="insights.digest").delete()
    start()
    until(lambda: mine.filter(name="insights.digest", tx__gt=0).exists())


def test_due_work_that_nobody_knows_does_not_keep_the_rest_waiting(us: Actor) -> None:
    past = datetime.now(UTC) - timedelta(minutes=1)
    for name in ("tests.unknown", "tracking.sweep"):
        Due.objects.create(organization_id=us.organization_id, job=name, args={}, key=name, due_at=past)
    assert tick_due() == 2
    assert ProcrastinateJob.objects.filter(task_name="tracking.sweep").count() == 1
    assert [row.job for row in Due.objects.filter(job__in=["tests.unknown", "tracking.sweep"])] == ["tests.unknown"]


def test_what_was_handled_long_ago_is_forgotten(us: Actor) -> None:
    with scope(us):
        old = Handled.objects.create(id=uuid7(ms=0), event_id=uuid7(), consumer="tests.old")
        new = Handled.objects.create(event_id=uuid7(), consumer="tests.new")
    tidy()
    with scope(us):
        assert not Handled.objects.filter(id=old.id).exists()
        assert Handled.objects.filter(id=new.id).exists()


def test_jobs_that_ended_long_ago_are_dropped_by_a_job_of_the_queues_own_hours(us: Actor, superuser: Any) -> None:
    with transaction.atomic():
        for _ in range(2):
            later("tests.hangs", us.organization_id)
    old, new = ProcrastinateJob.objects.filter(task_name="tests.hangs").order_by("id").values_list("id", flat=True)
    superuser.execute("update procrastinate_jobs set status = 'doing' where id = any(%s)", [[old, new]])
    superuser.execute("update procrastinate_jobs set status = 'succeeded' where id = any(%s)", [[old, new]])
    superuser.execute("update procrastinate_events set at = at - interval '25 hours' where job_id = %s", [old])

    async def scene() -> None:
        worker_app = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
        add_tidying(worker_app)
        (periodic,) = worker_app.periodic_registry.periodic_tasks.values()
        async with worker_app.open_async():
            await periodic.task.defer_async(timestamp=0)
            await worker_app.run_worker_async(queues=["default"], wait=False, install_signal_handlers=False)

    asyncio.run(scene())
    assert list(ProcrastinateJob.objects.filter(task_name="tests.hangs").values_list("id", flat=True)) == [new]


def test_every_queue_has_a_lane() -> None:
    assert {queue for queues, _ in LANES for queue in queues} | set(SWIFT) == QUEUES
