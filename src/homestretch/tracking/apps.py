"""Django's handle on the slice."""

from django.apps import AppConfig


class TrackingConfig(AppConfig):
    """The label is the last word of the package."""

    name = "homestretch.tracking"
    label = "tracking"
    default_auto_field = "django.db.models.BigAutoField"
