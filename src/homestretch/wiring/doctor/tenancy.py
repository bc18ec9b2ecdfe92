"""I12: nothing is readable across organizations. Asked of the database's own books, and by trying.

The trial: in the scope of an organization, and of a principal, that does not exist, no table may show a row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import psycopg
from django.apps import apps
from django.db import connection, models

from homestretch.events.models import Owned, Ref
from homestretch.events.scope import NARROWINGS, scope
from homestretch.events.tenancy import ORGANIZATIONS, owned_models
from homestretch.kernel.actor import system
from homestretch.kernel.ids import uuid7
from homestretch.wiring.doctor.look import Found, Look

FURTHER = ("tracking_position", "tracking_held")  # tables of organizations that are no models
# Ids without a reference, for what they mean stands above: (table, column, what it must lead to).
LOOSE = (
    ("accounts_trackinglink", "order_id", "orders_order"),
    ("accounts_device", "driver_id", "fleet_driver"),
    ("accounts_device", "vehicle_id", "fleet_vehicle"),
    ("orders_task", "route_id", "dispatch_route"),
    ("orders_order", "depot_id", "fleet_depot"),
    ("places_zone", "depot_id", "fleet_depot"),
    ("places_blackout", "depot_id", "fleet_depot"),
    ("places_servicetime", "stop_id", "dispatch_stop"),
    ("messaging_message", "event_id", "events_event"),
    ("webhooks_delivery", "event_id", "events_event"),
    ("events_seal", "event_id", "events_event"),
)


def books() -> Found:
    """What the catalog says: row-level security, its policies, composite keys, rights."""
    tables = [*_tables(), ORGANIZATIONS, *FURTHER]
    yield from _without_security(tables)
    yield from _without_keys()
    yield from _rights()


def _tables() -> list[str]:
    return [model._meta.db_table for model in owned_models()]


def _ask(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


_POLICIES = """
select t.name, c.relrowsecurity,
    coalesce(array_agg(p.polname::text) filter (where p.oid is not null and p.polpermissive
        and coalesce(pg_get_expr(p.polqual, p.polrelid), '') !~ 'app_organization'
        and (p.polcmd <> 'a' or coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') !~ 'app_organization')), '{}'),
    count(p.oid) filter (where p.polpermissive)
from unnest(%s::text[]) as t(name) left join pg_class c on c.oid = to_regclass(t.name)
left join pg_policy p on p.polrelid = c.oid
group by t.name, c.relrowsecurity
"""


def _without_security(tables: list[str]) -> Found:
    for table, secured, loose, permissive in _ask(_POLICIES, tables):
        if not secured:
            yield f"table {table}", "row-level security is off"
        elif loose or not permissive:
            yield f"table {table}", f"a policy lets in what is not the organization's: {', '.join(loose) or 'none'}"
    for model in owned_models():
        table = model._meta.db_table
        found = {name for (name,) in _ask("select policyname from pg_policies where tablename = %s", table)}
        for kind in model.narrowed:
            if f"{table}_narrow_{kind}" not in found:
                yield f"table {table}", f"it is not narrowed for a {kind}"


def _without_keys() -> Found:
    """Composite foreign keys, which alone hold references inside an organization."""
    held = {name for (name,) in _ask("select conname from pg_constraint where contype = 'f' and convalidated")}
    for model in owned_models():
        for field in _references(model):
            name = f"{model._meta.db_table}_{field.column}_tenant"[:63]
            if name not in held:
                yield f"table {model._meta.db_table}", f"the key that holds {field.column} in its organization is gone"


def _references(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.local_fields if isinstance(field, Ref)]


_RIGHTS = """
select c.relname, r.privilege from pg_class c
cross join unnest(array['select', 'insert', 'update', 'delete', 'truncate']) as r(privilege)
where (c.oid in (select inhrelid from pg_inherits where inhparent = to_regclass('tracking_position'))
        or (c.oid = to_regclass('events_event') and r.privilege in ('update', 'delete', 'truncate'))
        or (c.oid = to_regclass('tracking_held') and r.privilege <> 'insert'))
    and has_table_privilege('hs_app', c.oid, r.privilege)
"""


def _rights() -> Found:
    for table, privilege in _ask(_RIGHTS):
        yield f"table {table}", f"the app's role may {privilege} it directly"


def nobody() -> Found:
    """The trial."""
    stranger = system(uuid7())
    with scope(stranger):
        for table in [*_tables(), ORGANIZATIONS, "tracking_position"]:
            if _ask(f"select 1 from {table} limit 1"):  # noqa: S608  names of our own tables
                yield f"table {table}", "an organization that does not exist sees rows"


def i12(look: Look) -> Found:
    """Nothing is readable across organizations; driver, merchant and link see their own alone.

    This part is the trial inside an organization: a merchant, a driver, a link that do not exist.
    """
    for kind in NARROWINGS:
        stranger = replace(system(look.organization), **{f"{kind}_id": uuid7()})  # type: ignore[arg-type]
        with scope(stranger):
            for model in owned_models():
                table = model._meta.db_table
                if kind in model.narrowed and _ask(f"select 1 from {table} limit 1"):  # noqa: S608
                    yield f"table {table}", f"a {kind} that does not exist sees rows"


def crossings(owner: psycopg.Connection[Any]) -> Iterator[tuple[UUID, str, str]]:
    """Rows that lead into another organization: (organization, subject, what). Only the tables' owner can see it."""
    pairs = [
        (model._meta.db_table, field.column, field.related_model._meta.db_table)
        for model in owned_models()
        for field in _references(model)
    ]
    there = {model._meta.db_table for model in apps.get_models() if issubclass(model, Owned)}
    for table, column, target in [*pairs, *(loose for loose in LOOSE if {loose[0], loose[2]} <= there)]:
        rows = owner.execute(
            f"select c.organization_id, c.id from {table} c join {target} p on p.id = c.{column}"  # noqa: S608
            " where p.organization_id <> c.organization_id limit 20"
        )
        for organization, ident in rows.fetchall():
            yield organization, f"{table} {ident}", f"its {column} leads into another organization"
