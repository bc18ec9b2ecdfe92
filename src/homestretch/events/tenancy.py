"""Row-level security and composite keys, made from the models: what `Owned` says, the database enforces.

Run as the owner after each migration; saying it again changes nothing. Policies are enabled, not forced: the app's
role owns nothing, and a forced one would hinder the owner's own migrations.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

from homestretch.events.models import Event, Owned, Ref

ORGANIZATIONS = "accounts_organization"


def owned_models() -> list[type[Owned]]:
    """Every concrete table of an organization."""
    return [m for m in apps.get_models() if issubclass(m, Owned)]


def harden(connection: Any) -> None:
    """Make policies, composite keys and grants true for every owned table. `connection` is the owner's."""
    with connection.cursor() as cursor:
        cursor.execute("select conname from pg_constraint")
        constraints = {row[0] for row in cursor.fetchall()}
        for statement in _statements(constraints):
            cursor.execute(statement)


def _statements(constraints: set[str]) -> Iterator[str]:
    for model in owned_models():
        table = model._meta.db_table
        if f"{table}_tenant" not in constraints:
            yield f'alter table "{table}" add constraint "{table}_tenant" unique (organization_id, id)'
        yield f'alter table "{table}" enable row level security'
        yield from _policy(table, "tenant", "permissive", "organization_id = (select app_organization())")
        for kind, lookup in model.narrowed.items():
            yield from _narrowing(model, kind, lookup)
        yield from _references(model, constraints)
    if ORGANIZATIONS in {m._meta.db_table for m in apps.get_models()}:
        yield f'alter table "{ORGANIZATIONS}" enable row level security'
        yield from _policy(ORGANIZATIONS, "tenant", "permissive", "id = (select app_organization())")
    yield f'revoke update, delete, truncate on "{Event._meta.db_table}" from hs_app'


def _policy(table: str, name: str, kind: str, condition: str) -> Iterator[str]:
    yield f'drop policy if exists "{table}_{name}" on "{table}"'
    yield f'create policy "{table}_{name}" on "{table}" as {kind} using ({condition}) with check ({condition})'


def _references(model: type[Owned], constraints: set[str]) -> Iterator[str]:
    table = model._meta.db_table
    references = [f for f in model._meta.local_fields if isinstance(f, Ref)]
    for field in references:
        name, target = f"{table}_{field.column}_tenant"[:63], field.related_model._meta.db_table
        if name not in constraints:
            yield f'create index if not exists "{name[:60]}_ix" on "{table}" (organization_id, "{field.column}")'
            yield (
                f'alter table "{table}" add constraint "{name}" foreign key (organization_id, "{field.column}")'
                f' references "{target}" (organization_id, id) deferrable initially deferred'
            )
    name = f"{table}_organization"
    if name not in constraints and ORGANIZATIONS in {m._meta.db_table for m in apps.get_models()}:
        yield (
            f'alter table "{table}" add constraint "{name}" foreign key (organization_id)'
            f' references "{ORGANIZATIONS}" (id) deferrable initially deferred'
        )


def _narrowing(model: type[Owned], kind: str, lookup: str) -> Iterator[str]:
    """The policy "the row that `lookup` leads to is the principal's", by at most three references.

    What lies behind a reference is looked up by a function, which the planner does not open: spelled out in the policy,
    the policies of each table on the way are planned into every statement, milliseconds of it, also where nobody is
    narrowed.
    """
    table, (head, *rest) = model._meta.db_table, lookup.split("__")
    who, column = f"(select app_principal('{kind}'))", _column(model, head)
    if rest:
        function, target = f"{table}_reaches_{kind}", model._meta.get_field(head).related_model
        yield (
            f'create or replace function "{function}"(organization uuid, reference uuid, principal uuid)'
            " returns boolean language plpgsql stable as"
            f" $$ begin return {_reach(target, rest, 'organization', 'reference', 0)}; end $$"
        )
        mine = f'"{function}"(organization_id, "{column}", {who})'
    else:
        mine = f'"{column}" = {who}'
    yield from _policy(table, f"narrow_{kind}", "restrictive", f"{who} is null or {mine}")


def _reach(model: type[models.Model], path: list[str], organization: str, reference: str, depth: int) -> str:
    (head, *rest), row = path, f"n{depth}"
    column = f'{row}."{_column(model, head)}"'
    if rest:
        further = model._meta.get_field(head).related_model
        mine = _reach(further, rest, f"{row}.organization_id", column, depth + 1)
    else:
        mine = f"{column} = principal"
    return (
        f'exists (select 1 from "{model._meta.db_table}" {row}'  # noqa: S608  names of our own tables
        f" where {row}.organization_id = {organization} and {row}.id = {reference} and {mine})"
    )


def _column(model: type[models.Model], name: str) -> str:
    return next(str(f.column) for f in model._meta.fields if name in (f.name, f.attname))
