"""Django's handle on the slice."""

from django.apps import AppConfig


class RecoveryConfig(AppConfig):
    """The label is the last word of the package."""

    name = "homestretch.recovery"
    label = "recovery"
    default_auto_field = "django.db.models.BigAutoField"
