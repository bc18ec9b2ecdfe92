"""The back office of every table of an organization that its slice has not shown itself: to look at, newest first."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models

from homestretch.accounts.admin import SECRET, ReadOnly
from homestretch.events.models import Owned
from homestretch.events.tenancy import owned_models

COLUMNS = 7
LONG = (models.JSONField, models.TextField, models.BinaryField)
UNSHOWN = SECRET | {"organization_id"}


def columns(model: type[Owned]) -> list[str]:
    """What a list shows of a row: its first short fields; references by their ids, so that a page is one query."""
    fields = [f for f in model._meta.local_concrete_fields if not isinstance(f, LONG) and f.name not in UNSHOWN]
    return [f.attname for f in fields][:COLUMNS]


def page_of(model: type[Owned]) -> type[ReadOnly]:
    """The back office's page of a table."""
    settings: dict[str, Any] = {
        "__doc__": model.__doc__,
        "list_display": columns(model),
        "ordering": ("-id",),
        "show_full_result_count": False,
    }
    return type(f"{model.__name__}Admin", (ReadOnly,), settings)


for each in owned_models():
    if not admin.site.is_registered(each):
        admin.site.register(each, page_of(each))
