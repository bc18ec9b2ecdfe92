"""Back office of the slice: to look at. What changes goes through actions."""

from __future__ import annotations

from django.contrib import admin

from homestretch.accounts.admin import ReadOnly
from homestretch.messaging import models


@admin.register(models.Message)
class MessageAdmin(ReadOnly):
    """What was said, or was not, and why."""

    list_display = ("kind", "channel", "state", "why", "due_at", "sent_at", "segments")
    list_filter = ("kind", "channel", "state")
    exclude = ("body",)


@admin.register(models.Template)
class TemplateAdmin(ReadOnly):
    """The organization's own words."""

    list_display = ("kind", "channel", "language", "version")


@admin.register(models.Heard)
class HeardAdmin(ReadOnly):
    """What people wrote back."""

    list_display = ("channel", "meaning", "at")


@admin.register(models.Survey)
class SurveyAdmin(ReadOnly):
    """How people rated."""

    list_display = ("order_id", "score", "requested_at", "submitted_at")
