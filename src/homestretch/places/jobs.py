"""Locating: the geocoder is asked outside any transaction, for each queued place once."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings

from homestretch.events.clock import now
from homestretch.events.later import job
from homestretch.events.scope import scope
from homestretch.kernel.actor import system
from homestretch.places import actions, queries
from homestretch.places.values import Found, Lookup
from homestretch.providers.errors import ProviderError
from homestretch.providers.geocoding import Geocoding, Query
from homestretch.providers.registry import make

DEFAULT_WAIT_S = 60


def geocoder() -> Geocoding:
    """The provider that the settings name."""
    name, options = settings.HOMESTRETCH_PROVIDERS["geocoding"]
    return make("geocoding", name, options)


@job("places.locate", queue="outside")
def locate(organization_id: UUID) -> None:
    """Look up what is queued, page by page, until nothing is left to take."""
    by, provider = system(organization_id), geocoder()
    while lookups := actions.begin_lookups(by=by, at=now()):
        for lookup in lookups:
            _look_up(provider, organization_id, lookup)


def _look_up(provider: Geocoding, organization_id: UUID, lookup: Lookup) -> None:
    by, text = system(organization_id), lookup.address
    name, since = _named(), now() - timedelta(days=settings.HOMESTRETCH_GEOCODER_CACHE_DAYS)
    with scope(by):
        found = queries.cached_lookup(name, text, since=since)
    if found is None:
        try:
            candidates = provider.lookup(Query(text))
        except ProviderError as error:
            wait = None if error.kind == "permanent" else error.retry_after_seconds or DEFAULT_WAIT_S
            actions.postpone_lookup(lookup, wait, by=by, at=now())
            return
        found = [Found(c.lat, c.lon, c.label, c.confidence, c.precision) for c in candidates]
        actions.keep_lookup(name, text, found, since=since, by=by, at=now())
    actions.finish_lookup(lookup, found, by=by, at=now())


def _named() -> str:
    return str(settings.HOMESTRETCH_PROVIDERS["geocoding"][0])


@job("places.judge_areas")
def judge_areas(organization_id: UUID) -> None:
    """Service areas changed: judge all places by those that stand now."""
    by, last = system(organization_id), actions.judge_places(by=system(organization_id), at=now())
    while last is not None:
        last = actions.judge_places(last, by=by, at=now())
