"""The last app to be ready: every slice is loaded, so the jobs are known and the subscriptions can be installed."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps


class WiringConfig(AppConfig):
    """Loads the slices' jobs and hands the table of subscriptions to the log."""

    name = "homestretch.wiring"
    label = "wiring"

    def ready(self) -> None:
        """Once per process."""
        from homestretch.events.subscribe import subscribe
        from homestretch.wiring.subscriptions import SUBSCRIPTIONS

        for config in apps.get_app_configs():
            for part in ("events", "jobs"):  # the facts too: the catalogue must not depend on who imported what
                if config.name.startswith("homestretch.") and find_spec(f"{config.name}.{part}"):
                    import_module(f"{config.name}.{part}")
        subscribe(SUBSCRIPTIONS)
