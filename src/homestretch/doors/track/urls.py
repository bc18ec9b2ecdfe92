"""Addresses of the recipient's page; `wiring.urls` puts them under `/t/`."""

from __future__ import annotations

from django.urls import path

from homestretch.doors.track import views

urlpatterns = [
    path("<str:token>", views.order, name="track"),
    path("<str:token>/instructions", views.instructions, name="track-instructions"),
    path("<str:token>/rating", views.rating, name="track-rating"),
    path("<str:token>/channels", views.channels, name="track-channels"),
    path("<str:token>/unsubscribe", views.unsubscribe, name="track-unsubscribe"),
]
