"""Addresses of places."""

from __future__ import annotations

from django.urls import path

from homestretch.doors.console.places import lists, mending

urlpatterns = [
    path("", lists.places, name="places"),
    path("/<uuid:place_id>", mending.place, name="place"),
    path("/<uuid:place_id>/pin", mending.pin, name="place-pin"),
    path("/<uuid:place_id>/confirm", mending.confirm, name="place-confirm"),
    path("/<uuid:place_id>/details", mending.details, name="place-details"),
    path("/<uuid:place_id>/unlearn", mending.unlearn, name="place-unlearn"),
    path("/<uuid:place_id>/serve", mending.serve, name="place-serve"),
    path("/<uuid:place_id>/merge", lists.merge, name="place-merge"),
    path("/<uuid:place_id>/apart", lists.apart, name="place-apart"),
    path("/<uuid:place_id>/unmerge", mending.unmerge, name="place-unmerge"),
]
