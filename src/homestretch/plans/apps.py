"""Django's handle on the slice."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """The label is the last word of the package."""

    name = "homestretch.plans"
    label = "plans"
    default_auto_field = "django.db.models.BigAutoField"
