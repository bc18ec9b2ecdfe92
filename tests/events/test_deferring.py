"""What a running job asks for stands and falls with the job's own transaction."""

from __future__ import annotations

import asyncio
from uuid import UUID

from django.db import connections, transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django.models import ProcrastinateJob

from homestretch.events.later import defer, gives_up, job
from homestretch.events.worker import work
from homestretch.kernel.refusal import Refusal
from tests.town.organizations import an_organization

ENDED = {"succeeded", "failed", "aborted"}


said: list[str] = []


@job("tests.breaks", retry=RetryStrategy(max_attempts=1))
def breaks(organization_id: UUID) -> None:
    """Never comes to an end."""
    said.append("tried")
    raise ValueError("broken")


@gives_up("tests.breaks")
def breaks_for_good(organization_id: UUID) -> None:
    """Its last words."""
    said.append(f"given up for {type(organization_id).__name__}")


@job("tests.never", retry=None)
def never(organization_id: UUID) -> None:
    """Asked for by a transaction that is rolled back."""


@job("tests.ask_and_fail", retry=None)
def ask_and_fail(organization_id: UUID) -> None:
    """Asks for another job, and then rolls back."""
    with transaction.atomic():
        defer("tests.never", organization_id, {})
        raise Refusal("test.refused", "after asking")


def test_a_job_asked_for_by_a_job_that_rolls_back_is_never_there(committed):
    by = an_organization()
    defer("tests.ask_and_fail", by.organization_id, {})

    play("tests.ask_and_fail")
    assert list(ProcrastinateJob.objects.filter(task_name="tests.ask_and_fail").values_list("status", flat=True)) == [
        "failed"
    ]
    assert not ProcrastinateJob.objects.filter(task_name="tests.never").exists()


def test_the_last_try_of_a_job_that_fails_is_followed_by_its_last_words(committed):
    by = an_organization()
    defer("tests.breaks", by.organization_id, {})
    play("tests.breaks")
    assert said == ["tried", "tried", "given up for UUID"]


def play(name: str) -> None:
    """Let a worker run in this process until a job has ended."""

    async def until_ended() -> None:
        worker = asyncio.create_task(work(concurrency=1))
        while not await asyncio.to_thread(_ended, name):
            await asyncio.sleep(0.02)
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)

    asyncio.run(asyncio.wait_for(until_ended(), 30))


def _ended(name: str) -> bool:
    try:
        return ProcrastinateJob.objects.filter(task_name=name, status__in=ENDED).exists()
    finally:
        connections.close_all()
