"""Django's handle on the door."""

from django.apps import AppConfig


class HooksConfig(AppConfig):
    """The label is the last word of the package."""

    name = "homestretch.doors.hooks"
    label = "hooks"
