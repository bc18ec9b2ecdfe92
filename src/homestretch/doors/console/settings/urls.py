"""The addresses of the settings."""

from __future__ import annotations

from django.urls import path

from homestretch.doors.console.settings import views

urlpatterns = [
    path("", views.first, name="settings"),
    path("<slug:name>", views.section, name="settings-section"),
    path("<slug:name>/<path:subject>", views.section, name="settings-subject"),
]
