"""Addresses of imports."""

from __future__ import annotations

from django.urls import path

from homestretch.doors.console.imports import views

urlpatterns = [
    path("orders/import", views.imports, name="imports"),
    path("imports/<uuid:import_id>", views.page_of, name="import"),
    path("imports/<uuid:import_id>/preview", views.preview, name="import-preview"),
    path("imports/<uuid:import_id>/progress", views.progress, name="import-progress"),
    path("imports/<uuid:import_id>/check", views.check, name="import-check"),
    path("imports/<uuid:import_id>/run", views.run, name="import-run"),
    path("imports/<uuid:import_id>/undo", views.undo, name="import-undo"),
]
