"""Today's addresses."""

from __future__ import annotations

from django.urls import path

from homestretch.doors.console.today import views

urlpatterns = [
    path("", views.today, name="today"),
    path("panel", views.panel, name="today-panel"),
    path("exceptions/<uuid:exception_id>/settle", views.settle, name="exception-settle"),
    path("exceptions/<uuid:exception_id>/tomorrow", views.tomorrow, name="exception-tomorrow"),
]
