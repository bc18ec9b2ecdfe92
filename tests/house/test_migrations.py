"""Tables and models say the same: nobody has changed a model and forgotten the migration."""

from __future__ import annotations

from pathlib import Path

from django.apps import apps
from django.core.management import call_command

SOURCE = Path(__file__).resolve().parents[2] / "src" / "homestretch"


def _ours():
    return [config for config in apps.get_app_configs() if config.name.startswith("homestretch.")]


def test_no_migration_is_missing(db, capsys):
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    except SystemExit:
        raise AssertionError(f"make these migrations:\n{capsys.readouterr().out}") from None


def test_every_slice_with_tables_has_migrations():
    without = {
        config.label
        for config in _ours()
        if any(config.get_models()) and not list((Path(config.path) / "migrations").glob("0*.py"))
    }
    assert without == set()


def test_every_slice_is_installed():
    """A package with models that settings do not name would have no tables, and nobody would see it."""
    with_models = {file.parent.relative_to(SOURCE).parts for file in SOURCE.glob("**/models.py")}
    with_models |= {file.parent.parent.relative_to(SOURCE).parts for file in SOURCE.glob("**/models/__init__.py")}
    installed = {tuple(config.name.split(".")[1:]) for config in _ours()}
    assert with_models <= installed
