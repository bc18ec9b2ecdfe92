"""What was promised of many tasks."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from homestretch.kernel.windows import Window
from homestretch.orders.models import Promise


def chains_on(task_ids: Iterable[UUID], day: Window) -> dict[UUID, list[Promise]]:
    """Of each task the promises that a day had to keep, oldest first: of the first attempt that was promised before it
    was over and not settled before it began."""
    chains: dict[tuple[UUID, int], list[Promise]] = {}
    rows = Promise.objects.filter(task_id__in=list(task_ids), made_at__lt=day.end)
    for promise in rows.prefetch_related("tellings", "settlements").order_by("task_id", "attempt", "made_at", "id"):
        chains.setdefault((promise.task_id, promise.attempt), []).append(promise)
    found: dict[UUID, list[Promise]] = {}
    for (task_id, _), chain in chains.items():
        if all(settled.at >= day.start for settled in chain[0].settlements.all()):
            found.setdefault(task_id, chain)
    return found
