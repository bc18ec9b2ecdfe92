"""Django's handle on the package, and on its back office."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin


class WebConfig(AppConfig):
    """The label is the last word of the package."""

    name = "homestretch.web"
    label = "web"
    default = True
    default_auto_field = "django.db.models.BigAutoField"


class BackOfficeConfig(admin.AdminConfig):
    """Django's admin, with our site in place of its own."""

    default_site = "homestretch.web.backoffice.BackOffice"
    default = False
