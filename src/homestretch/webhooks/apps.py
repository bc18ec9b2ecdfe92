"""Django's handle on the slice."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """The label is the last word of the package."""

    name = "homestretch.webhooks"
    label = "webhooks"
    default_auto_field = "django.db.models.BigAutoField"
