"""Places. An address is located by its coordinates, by a geocoder, or by a person."""

from __future__ import annotations

from django.db import models

from homestretch.events.models import Owned


class Place(Owned):
    """An address with coordinates and access notes; one row per address and organization (`key`)."""

    key = models.CharField(max_length=64)  # hash of the normalized address, or of the coordinates where there is none
    address = models.TextField(blank=True)
    label = models.CharField(max_length=200, blank=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    state = models.CharField(max_length=12)  # located, queued, needs_review, not_located
    source = models.CharField(max_length=12, blank=True)  # given, geocoder, person
    confidence = models.FloatField(null=True)  # 0 to 1, as the geocoder says
    candidates = models.JSONField(default=list)  # for a person to choose from: [{label, lat, lon, confidence}]
    access_notes = models.TextField(blank=True)
    access_s = models.PositiveIntegerField(default=0)  # seconds to get from the curb to the door, once per halt
    fence = models.UUIDField(null=True)  # of the lookup that runs
    looked_up_at = models.DateTimeField(null=True)  # when the last lookup began
    lookups = models.PositiveSmallIntegerField(default=0)  # that the provider failed to answer
    version = models.PositiveIntegerField(default=1)  # the ETag
    created_at = models.DateTimeField()

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "key"], name="one_place")]
        indexes = [models.Index(fields=["organization_id", "state"], name="place_state")]
