"""The addresses of what is printed."""

from __future__ import annotations

from django.urls import path

from homestretch.doors.console.printing import views

urlpatterns = [
    path("day/<str:day>", views.day, name="print-day"),
    path("sheet/<uuid:route_id>", views.sheet, name="print-sheet"),
    path("labels/<uuid:route_id>", views.labels, name="print-labels"),
    path("proof/<uuid:order_id>", views.proof, name="print-proof"),
]
