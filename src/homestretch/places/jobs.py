"""Locating: for each queued place the installed maps are asked, then the geocoder, both outside any transaction; what
neither is sure of waits for a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.conf import settings

from homestretch.atlas.addresses import Hit
from homestretch.events.clock import now
from homestretch.events.later import job
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor, system
from homestretch.places import actions, books, queries, rules
from homestretch.places.values import Found, Lookup
from homestretch.providers.errors import ProviderError
from homestretch.providers.geocoding import Geocoding, Query
from homestretch.providers.registry import make

DEFAULT_WAIT_S = 60


def geocoder() -> Geocoding | None:
    """The provider that the settings name. None: nobody is asked; nor is the fake, which invents places, where a map
    knows the real ones."""
    if "geocoding" not in settings.HOMESTRETCH_PROVIDERS:
        return None
    name, options = settings.HOMESTRETCH_PROVIDERS["geocoding"]
    return None if name == "fake" and books.maps() else make("geocoding", name, options)


@job("places.locate", queue="outside")
def locate(organization_id: UUID) -> None:
    """Look up what is queued, page by page, until nothing is left to take."""
    by, provider = system(organization_id), geocoder()
    while lookups := actions.begin_lookups(by=by, at=now()):
        for lookup in lookups:
            _look_up(provider, lookup, by)


def _look_up(provider: Geocoding | None, lookup: Lookup, by: Actor) -> None:
    mapped = [_found(hit) for hit in books.find(lookup.address)]
    if provider is None or rules.judge(mapped).state == "located":
        actions.finish_lookup(lookup, mapped, source="map", by=by, at=now())
        return
    try:
        answered = _asked(provider, lookup.address, by)
    except ProviderError as error:
        if error.kind == "permanent" and mapped:
            actions.finish_lookup(lookup, mapped, source="map", by=by, at=now())
            return
        wait = None if error.kind == "permanent" else error.retry_after_seconds or DEFAULT_WAIT_S
        actions.postpone_lookup(lookup, wait, by=by, at=now())
        return
    actions.finish_lookup(lookup, _both(answered, mapped), source="geocoder", by=by, at=now())


def _asked(provider: Geocoding, text: str, by: Actor) -> list[Found]:
    """What the provider answers, or answered lately. Raises `ProviderError`."""
    name = str(settings.HOMESTRETCH_PROVIDERS["geocoding"][0])
    since = now() - timedelta(days=settings.HOMESTRETCH_GEOCODER_CACHE_DAYS)
    with scope(by):
        kept = queries.cached_lookup(name, text, since=since)
    if kept is not None:
        return kept
    found = [Found(c.lat, c.lon, c.label, c.confidence, c.precision) for c in provider.lookup(Query(text))]
    actions.keep_lookup(name, text, found, since=since, by=by, at=now())
    return found


def _found(hit: Hit) -> Found:
    return Found(hit.lat, hit.lon, hit.label, hit.score, hit.precision)


def _both(answered: Sequence[Found], mapped: Sequence[Found]) -> list[Found]:
    """What a person may choose from, surest first; the map's are all untrusted here."""
    return sorted([*answered, *mapped], key=lambda found: -found.confidence)


@job("places.judge_areas")
def judge_areas(organization_id: UUID) -> None:
    """Service areas changed: judge all places by those that stand now."""
    by, last = system(organization_id), actions.judge_places(by=system(organization_id), at=now())
    while last is not None:
        last = actions.judge_places(last, by=by, at=now())
