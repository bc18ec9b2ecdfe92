"""Django's handle on the slice."""

from django.apps import AppConfig


class TravelConfig(AppConfig):
    """The label is the last word of the package."""

    name = "homestretch.travel"
    label = "travel"
    default_auto_field = "django.db.models.BigAutoField"
