"""Django's handle on the door."""

from django.apps import AppConfig


class DriverConfig(AppConfig):
    """The label is the last word of the package."""

    name = "homestretch.doors.driver"
    label = "driver"
