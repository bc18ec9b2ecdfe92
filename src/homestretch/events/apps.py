"""Django's handle on the slice."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """The label is the last word of the package."""

    name = "homestretch.events"
    label = "events"
    default_auto_field = "django.db.models.BigAutoField"
