"""Background work: the only way to declare it (`job`) and the only way to ask for it (`later`).

A job is deferred inside the caller's transaction: rolled back with it, committed with it. One that must wait for an
hour waits in our own table on the clock that `now()` reads, for the queue knows only the database's time.
"""

from __future__ import annotations

import functools
import inspect
import logging
import math
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from homestretch.events.clock import now
from homestretch.events.models import Due
from homestretch.kernel.facts import plain

RETRY = RetryStrategy(max_attempts=8, exponential_wait=2)  # real seconds: 2, 4, 8 ... about 8 minutes in all
QUEUES = {"default", "positions", "outside", "imports", "train", "solve", "repair"}  # each is in a lane of the worker
_known: dict[str, Callable[..., None]] = {}
_last_words: dict[str, Callable[..., None]] = {}
log = logging.getLogger(__name__)

stopping = threading.Event()
"""Set when this process was told to stop: a job that takes long looks at it and raises `Interrupted`."""


class Interrupted(RuntimeError):
    """A job gave up because its worker stops; the queue runs it again elsewhere."""


def job(name: str, *, queue: str = "default", retry: RetryStrategy | None = RETRY) -> Callable[[Any], Any]:
    """Declare a job `slice.verb(organization_id, **args)`; args are JSON values, ids become UUIDs by annotation.

    It may run twice and must not mind. It runs in no scope and no transaction: it calls actions, or `begin`, the slow
    call, `finish`.
    """

    if queue not in QUEUES:
        raise ValueError(f"{queue!r} is no queue: one of {', '.join(sorted(QUEUES))}")

    def declare(function: Callable[..., None]) -> Callable[..., None]:
        run = _with_ids(function)

        def attempt(context: JobContext, **args: Any) -> None:
            try:
                run(**args)
            except Exception:
                if retry is None or context.job.attempts >= (retry.max_attempts or math.inf):
                    give_up(name, args)
                raise

        app.task(name=name, queue=queue, retry=retry or False, pass_context=True)(attempt)
        _known[name] = run
        return function

    return declare


def gives_up(name: str) -> Callable[[Any], Any]:
    """Declare what a job's last try is followed by where it fails, too: nothing may wait for it any longer.

    Called with the job's arguments, perhaps more than once, or after all while another run of the job goes on.
    """

    def declare(function: Callable[..., None]) -> Callable[..., None]:
        _last_words[name] = _with_ids(function)
        return function

    return declare


def give_up(name: str, args: dict[str, Any]) -> None:
    """A job will not be tried again: say its last words."""
    log.error("job given up", extra={"job": name})
    try:
        _last_words.get(name, _nothing)(**args)
    except Exception:
        log.exception("a job's last words failed", extra={"job": name})


def _nothing(**_: Any) -> None:
    """The last words of most jobs: the next fact, or the next tick, does their work."""


def _with_ids(function: Callable[..., None]) -> Callable[..., None]:
    ids = {n for n, p in inspect.signature(function, eval_str=True).parameters.items() if p.annotation is UUID}

    @functools.wraps(function)
    def run(**args: Any) -> None:
        function(**{n: UUID(v) if n in ids and isinstance(v, str) else v for n, v in args.items()})

    return run


def known_jobs() -> dict[str, Callable[..., None]]:
    """Every declared job by name; complete once Django has loaded the slices' `jobs` modules."""
    return dict(_known)


def later(name: str, organization_id: UUID, *, at: datetime | None = None, key: str | None = None, **args: Any) -> None:
    """Have job `name` run after this transaction commits, or at `at`. With a `key` a waiting one is replaced."""
    if at is not None and at > now():
        Due.objects.update_or_create(
            organization_id=organization_id,
            job=name,
            key=key or f"{plain(args)}",
            defaults={"args": plain(args), "due_at": at},
        )
        return
    defer(name, organization_id, args)


def no_longer(name: str, organization_id: UUID, key: str) -> None:
    """Take back what waits under `key`."""
    Due.objects.filter(organization_id=organization_id, job=name, key=key).delete()


def defer(name: str, organization_id: UUID, args: dict[str, Any], *, priority: int = 0) -> None:
    """Put a job into the queue, in the open transaction. Those of a greater priority go first, else the older ones."""
    app.configure_task(name, allow_unknown=False, priority=priority).defer(
        organization_id=str(organization_id), **plain(args)
    )
