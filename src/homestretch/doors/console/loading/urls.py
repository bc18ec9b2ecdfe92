"""The addresses of the loading screen."""

from __future__ import annotations

from django.urls import path

from homestretch.doors.console.loading import views

urlpatterns = [
    path("", views.depots, name="load"),
    path("<uuid:depot_id>", views.depot, name="load-depot"),
    path("<uuid:depot_id>/<uuid:route_id>", views.vehicle, name="load-vehicle"),
    path("<uuid:depot_id>/<uuid:route_id>/scan", views.scan, name="load-scan"),
]
