"""The addresses of the measures."""

from __future__ import annotations

from django.urls import path

from homestretch.doors.console.measures import views

urlpatterns = [
    path("", views.overview, name="measures"),
    path("calibration", views.calibration, name="measures-calibration"),
    path("<slug:name>", views.plot, name="measures-plot"),
    path("<slug:name>.<slug:form>", views.table_file, name="measures-file"),
    path("<slug:name>/rows.<slug:form>", views.rows_file, name="measures-rows"),
]
