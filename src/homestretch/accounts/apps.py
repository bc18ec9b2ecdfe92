"""Django's handle on the slice."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The label is the last word of the package."""

    name = "homestretch.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
