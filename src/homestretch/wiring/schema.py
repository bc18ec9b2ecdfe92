"""Bring a database to this version: tables, the cache's table, row-level security. Runs as the tables' owner."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from homestretch.kernel.refusal import Refusal


def migrate(**options: Any) -> None:
    """Run all migrations, then harden. Django is set up and connects as the owner. Safe to say twice."""
    call_command("migrate", interactive=False, verbosity=0, **options)
    call_command("createcachetable", verbosity=0)
    if apps.is_installed("homestretch.events"):
        import_module("homestretch.events.tenancy").harden(connection)


def pending() -> list[str]:
    """Migrations that the database has not seen, as `slice.name`, in order."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def require_current() -> None:
    """Refuse `database.behind` where migrations are missing."""
    missing = pending()
    if missing:
        raise Refusal(
            "database.behind",
            f"{len(missing)} migrations are missing, the first is {missing[0]}",
            remedy="run `homestretch migrate`",
        )
