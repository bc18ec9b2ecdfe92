"""Django's handle on the door."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The label is the last word of the package."""

    name = "homestretch.doors.api"
    label = "api"
