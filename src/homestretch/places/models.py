"""Places, and what is remembered of them. An address is located by its coordinates, a geocoder, or a person."""

from __future__ import annotations

from django.db import models

from homestretch.events.models import Owned, Ref
from homestretch.kernel.geo import Point


class Place(Owned):
    """An address with coordinates and access notes; one row per address and organization (`key`)."""

    key = models.CharField(max_length=64)  # hash of the normalized address, or of the coordinates where there is none
    address = models.TextField(blank=True)
    label = models.CharField(max_length=200, blank=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    state = models.CharField(max_length=12)  # located, queued, needs_review, not_located
    review = models.CharField(max_length=30, blank=True)  # why a person must look at one that has its pin: see rules
    serve_anyway = models.BooleanField(default=False)  # also outside every service area
    source = models.CharField(max_length=12, blank=True)  # given, map, geocoder, person, proofs
    confidence = models.FloatField(null=True)  # 0 to 1, as the geocoder says
    candidates = models.JSONField(default=list)  # for a person to choose from: [{label, lat, lon, confidence}]
    confirmed_at = models.DateTimeField(null=True)  # since then nothing but a person moves the pin
    confirmed_by = models.CharField(max_length=80, blank=True)  # the actor, as the log writes them
    confirmed_from = models.CharField(max_length=10, blank=True)  # person, proofs
    entrance_lat = models.FloatField(null=True)  # the door, where it is not where one halts
    entrance_lon = models.FloatField(null=True)
    entrance_source = models.CharField(max_length=10, blank=True, default="")  # person, proofs
    entrance_visits = models.PositiveSmallIntegerField(default=0)  # that it was learned from
    entrance_unlearned = models.BooleanField(default=False)  # a person took the learned one away: none is learned again
    parking_lat = models.FloatField(null=True)
    parking_lon = models.FloatField(null=True)
    parking_notes = models.TextField(blank=True)
    side = models.CharField(max_length=5, blank=True)  # left, right: of the street, as one drives up; '' = either
    gate_code = models.CharField(max_length=40, blank=True)  # shown to the driver of an open stop, to nobody else
    access_notes = models.TextField(blank=True)
    access_s = models.PositiveIntegerField(default=0)  # seconds to get from the curb to the door, once per halt
    fence = models.UUIDField(null=True)  # of the lookup that runs
    looked_up_at = models.DateTimeField(null=True)  # when the last lookup began
    lookups = models.PositiveSmallIntegerField(default=0)  # that the provider failed to answer
    merged_into = Ref("self", null=True, related_name="merged")  # the survivor at the end of all merges; see PlaceMerge
    version = models.PositiveIntegerField(default=1)  # the ETag
    created_at = models.DateTimeField()

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "key"], name="one_place")]
        indexes = [models.Index(fields=["organization_id", "state"], name="place_state")]

    @property
    def halt_at(self) -> Point | None:
        """Where one drives to: the parking spot, else the entrance, else the pin. Plans and phones agree on it."""
        spots = ((self.parking_lat, self.parking_lon), (self.entrance_lat, self.entrance_lon), (self.lat, self.lon))
        return next((Point(lat, lon) for lat, lon in spots if lat is not None and lon is not None), None)

    @property
    def is_confirmed(self) -> bool:
        """Whether somebody vouches for the pin."""
        return self.confirmed_at is not None

    @property
    def has_gate_code(self) -> bool:
        """Whether there is one: all that staff see of it."""
        return bool(self.gate_code)


class PlaceMerge(Owned):
    """A person said that two places are one (`merged`: new orders come to the survivor), or that they are two (`apart`:
    an undone merge, or a proposal that was turned down). Nothing that names the merged place is changed."""

    place = Ref(Place, related_name="merges")
    survivor = Ref(Place, related_name="+")
    state = models.CharField(max_length=6)  # merged, apart
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta(Owned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "place"], condition=models.Q(state="merged"), name="merged_once"
            ),
            models.UniqueConstraint(fields=["organization_id", "place", "survivor"], name="one_word_on_a_pair"),
        ]


class Area(Owned):
    """What is drawn on the map, and the box around it."""

    name = models.CharField(max_length=120)
    geometry = models.JSONField()  # GeoJSON, Polygon or MultiPolygon, as `rules.read_drawing` leaves it
    digest = models.CharField(max_length=64)  # of the geometry
    south = models.FloatField()
    west = models.FloatField()
    north = models.FloatField()
    east = models.FloatField()
    external_id = models.CharField(max_length=120, null=True)  # null, not '': unique among the given
    metadata = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)  # the ETag
    created_at = models.DateTimeField()

    class Meta(Owned.Meta):
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "name"], name="%(class)s_name"),
            models.UniqueConstraint(fields=["organization_id", "external_id"], name="%(class)s_external"),
        ]


class Zone(Area):
    """Drawn to group. Where zones overlap the one of the highest priority counts, of those the smallest."""

    priority = models.PositiveSmallIntegerField(default=0)
    depot_id = models.UUIDField(null=True)  # only for plans of this depot; null = for all. The fleet stands above


class ServiceArea(Area):
    """Drawn to say where we serve. While there is none we serve everywhere."""


class ServiceTime(Owned):
    """How long one halt at a place took, and where the phone was. The newest few per place are kept."""

    place = Ref(Place, models.CASCADE, related_name="services")
    stop_id = models.UUIDField()  # dispatch stands above: no reference
    seconds = models.PositiveIntegerField(null=True)  # from arriving to leaving; null = no tap says when they arrived
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    at = models.DateTimeField()

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "stop_id"], name="one_service_time")]
        indexes = [models.Index(fields=["organization_id", "place", "at"], name="service_time_newest")]


class GeocodeCache(Owned):
    """What a geocoder answered to an address, kept for a while. `key`: `rules.query_key`."""

    key = models.CharField(max_length=64)
    provider = models.CharField(max_length=20)
    answer = models.JSONField()  # [{lat, lon, label, confidence, precision}], as it was given
    asked_at = models.DateTimeField()

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "key"], name="one_answer")]
        indexes = [models.Index(fields=["organization_id", "asked_at"], name="answer_age")]


class Blackout(Owned):
    """Days on which nothing is delivered: by the organization, from one depot, or in one zone."""

    first = models.DateField()
    last = models.DateField()  # that day too
    reason = models.CharField(max_length=200)
    depot_id = models.UUIDField(null=True)  # the fleet stands above: no reference
    zone = Ref(Zone, models.CASCADE, null=True, related_name="blackouts")
    version = models.PositiveIntegerField(default=1)  # the ETag
    created_at = models.DateTimeField()

    class Meta(Owned.Meta):
        constraints = [
            models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="blackout_days"),
            models.CheckConstraint(
                condition=models.Q(depot_id__isnull=True) | models.Q(zone__isnull=True), name="blackout_depot_or_zone"
            ),
        ]
        indexes = [models.Index(fields=["organization_id", "first", "last"], name="blackout_span")]
