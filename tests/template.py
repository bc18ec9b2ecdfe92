"""Make the template of the test databases: a program, run as the tables' owner with `DATABASE_URL` set.

It runs the migrations as `homestretch migrate` does, with what `makemigrations` would still add, so that the tests run
while a model is being changed. That a migration is missing is said by one test (`house/test_migrations.py`).
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homestretch.wiring.settings")


def main() -> None:
    import django

    django.setup()
    from homestretch.wiring.schema import migrate

    with tempfile.TemporaryDirectory() as folder:
        _complete(Path(folder))
        migrate()


def _complete(folder: Path) -> None:
    """Copy all slices' migrations, let Django look for them there, and let it write the missing ones."""
    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command
    from django.db.migrations.questioner import NonInteractiveMigrationQuestioner
    from django.db.models import NOT_PROVIDED

    copies = folder / "copied_migrations"
    copies.mkdir()
    for config in apps.get_app_configs():
        if config.name.startswith("homestretch."):
            own = Path(config.path) / "migrations"
            (copies / config.label).mkdir()
            (copies / config.label / "__init__.py").touch()
            if own.exists():
                shutil.copytree(own, copies / config.label, dirs_exist_ok=True)
            settings.MIGRATION_MODULES[config.label] = f"copied_migrations.{config.label}"
    (copies / "__init__.py").touch()
    sys.path.insert(0, str(folder))
    # A new column without a default needs none: the tables are empty.
    NonInteractiveMigrationQuestioner.ask_not_null_addition = lambda *_: NOT_PROVIDED
    call_command("makemigrations", interactive=False, verbosity=0)


if __name__ == "__main__":
    main()
