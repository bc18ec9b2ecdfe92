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
            if config.name.startswith("homestretch.") and find_spec(f"{config.name}.jobs"):
                import_module(f"{config.name}.jobs")
        subscribe(SUBSCRIPTIONS)
