"""Django's handle on the slice."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    """The label is the last word of the package."""

    name = "homestretch.messaging"
    label = "messaging"
    default_auto_field = "django.db.models.BigAutoField"
