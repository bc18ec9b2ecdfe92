"""Django's handle on the slice."""

from django.apps import AppConfig


class DispatchConfig(AppConfig):
    """The label is the last word of the package."""

    name = "homestretch.dispatch"
    label = "dispatch"
    default_auto_field = "django.db.models.BigAutoField"
