"""Django's handle on the slice."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """The label is the last word of the package."""

    name = "homestretch.orders"
    label = "orders"
    default_auto_field = "django.db.models.BigAutoField"
