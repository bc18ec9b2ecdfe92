"""Django's handle on the door."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """The label is the last word of the package."""

    name = "homestretch.doors.console"
    label = "console"
