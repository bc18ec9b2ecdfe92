"""Django's handle on the door."""

import logging

from django.apps import AppConfig


class TrackConfig(AppConfig):
    """The label is the last word of the package."""

    name = "homestretch.doors.track"
    label = "track"

    def ready(self) -> None:
        """Keep tokens out of the lines that Django writes about requests."""
        from homestretch.doors.track.logs import without_tokens

        for name in ("django.request", "django.server", "django.security"):
            logging.getLogger(name).addFilter(without_tokens)
