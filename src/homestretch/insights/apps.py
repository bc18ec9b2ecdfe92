"""Django's handle on the slice."""

from django.apps import AppConfig


class InsightsConfig(AppConfig):
    """The label is the last word of the package."""

    name = "homestretch.insights"
    label = "insights"
    default_auto_field = "django.db.models.BigAutoField"
