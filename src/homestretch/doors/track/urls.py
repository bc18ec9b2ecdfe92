"""Addresses of the recipient's page; `wiring.urls` puts them under `/t/`."""

from __future__ import annotations

from django.urls import path

from homestretch.doors.track import forms, pictures, views

urlpatterns = [
    path("<str:token>", views.order, name="track"),
    path("<str:token>/live", views.live_part, name="track-live"),
    path("<str:token>/logo", pictures.logo, name="track-logo"),
    path("<str:token>/proof/<uuid:proof_id>", pictures.proof, name="track-proof"),
    path("<str:token>/door", pictures.door, name="track-door-photo"),
    path("<str:token>/instructions", forms.instructions, name="track-instructions"),
    path("<str:token>/code", forms.code, name="track-code"),
    path("<str:token>/photo", forms.photo, name="track-photo"),
    path("<str:token>/slot", forms.slot, name="track-slot"),
    path("<str:token>/pickup", forms.pickup, name="track-pickup"),
    path("<str:token>/rating", forms.rating, name="track-rating"),
    path("<str:token>/more", forms.more, name="track-more"),
    path("<str:token>/problem", forms.problem, name="track-problem"),
    path("<str:token>/channels", forms.channels, name="track-channels"),
    path("<str:token>/unsubscribe", forms.unsubscribe, name="track-unsubscribe"),
]
