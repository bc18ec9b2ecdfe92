"""Django's handle on the slice."""

from django.apps import AppConfig


class FleetConfig(AppConfig):
    """The label is the last word of the package."""

    name = "homestretch.fleet"
    label = "fleet"
    default_auto_field = "django.db.models.BigAutoField"
