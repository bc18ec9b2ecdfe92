"""Django's handle on the slice."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """The label is the last word of the package."""

    name = "homestretch.places"
    label = "places"
    default_auto_field = "django.db.models.BigAutoField"
