"""The console's addresses."""

from __future__ import annotations

from django.urls import path

from homestretch.doors.console import views

urlpatterns = [
    path("", views.today, name="today"),
    path("panel", views.panel, name="today-panel"),
]
