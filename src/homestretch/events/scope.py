"""The scope: one organization, one transaction. Outside it every read of an organization's table raises.

The organization and, where the principal sees less than all of it, the principal are transaction-local settings that
row-level security reads. They end with it; a released savepoint keeps them, so an inner scope puts the outer's back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction

from homestretch.kernel.actor import Actor

_actor: ContextVar[Actor | None] = ContextVar("homestretch_scope", default=None)
NARROWINGS = ("merchant", "driver", "order")


class OutsideScope(RuntimeError):
    """A query of an organization's table without a scope: a bug, never a refusal."""


def current_actor() -> Actor:
    """Who asks, in the open scope."""
    actor = _actor.get()
    if actor is None:
        raise OutsideScope("no scope is open: call an action, or read inside scope(actor)")
    return actor


def current_organization() -> UUID:
    """The organization of the open scope."""
    return current_actor().organization_id


def in_scope() -> bool:
    """Whether a scope is open."""
    return _actor.get() is not None


def settings_of(actor: Actor) -> tuple[str, str, str, str]:
    """The four transaction-local settings: organization, merchant, driver, order ('' = not narrowed)."""
    return (str(actor.organization_id), *(str(getattr(actor, f"{name}_id") or "") for name in NARROWINGS))  # type: ignore[return-value]


SET_SCOPE = (
    "select set_config('app.organization', %s, true), set_config('app.merchant', %s, true),"
    " set_config('app.driver', %s, true), set_config('app.order', %s, true)"
)


def _set(values: tuple[str, str, str, str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SET_SCOPE, values)


@contextmanager
def scope(actor: Actor) -> Iterator[Actor]:
    """One transaction (a savepoint inside another) in which only the actor's rows exist."""
    outer, ends = _actor.get(), not connection.in_atomic_block
    with transaction.atomic():
        if outer != actor:
            _set(settings_of(actor))
        token = _actor.set(actor)
        try:
            yield actor
        finally:
            _actor.reset(token)
        if outer != actor and not ends and not connection.needs_rollback:
            _set(settings_of(outer) if outer else ("", "", "", ""))


class Filters:
    """The manager's own filters. A test may switch them off to prove that row-level security alone holds."""

    on = True


class Scoped(models.Manager[Any]):
    """Reads of the open scope's organization alone, narrowed to the principal's own rows."""

    use_in_migrations = False

    def get_queryset(self) -> models.QuerySet[Any]:
        """All rows that the open scope may see."""
        actor = current_actor()
        rows = super().get_queryset()
        if not Filters.on:
            return rows
        wanted: dict[str, UUID] = {"organization_id": actor.organization_id}
        for kind, lookup in getattr(self.model, "narrowed", {}).items():
            principal = getattr(actor, f"{kind}_id")
            if principal is not None:
                wanted[lookup] = principal
        return rows.filter(**wanted)
