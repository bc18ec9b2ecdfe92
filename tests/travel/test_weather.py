"""The weather by itself: what a service expects slows the roads of its hours, a person's word beats it, and while
nobody answers what was told stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homestretch.events.clock import set_clock
from homestretch.events.log import history
from homestretch.events.models import Due
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.kernel.windows import Window
from homestretch.plans import actions as plans
from homestretch.providers.errors import ProviderError
from homestretch.providers.weather import Hour
from homestretch.travel import actions, jobs, queries
from homestretch.travel.models import WeatherSpan
from homestretch.travel.rules.weather import FORECAST, HOUR, WEATHERS, Kind, Weather, expected, kind_of, weather_at
from tests.town.fleet import DAY, a_fleet
from tests.town.orders import orders
from tests.town.organizations import an_organization
from tests.town.places import AT

FIRST = datetime(2026, 11, 23, 6, tzinfo=UTC)


class Told:
    """A service that says what it is given, of each place, or nothing."""

    def __init__(self) -> None:
        self.codes: list[int] | None = []
        self.asked: list[int] = []

    def hours(self, where: Any, *, at: datetime) -> list[list[Hour]]:
        self.asked.append(len(where))
        if self.codes is None:
            raise ProviderError("deferred", "unreachable", "no connection to the service")
        first = at.replace(minute=0, second=0, microsecond=0)
        hours = [Hour(first + n * HOUR, code, 1_000 if code else 0, 0, 0) for n, code in enumerate(self.codes)]
        return [hours for _ in where]


@pytest.fixture
def told(settings: Any, monkeypatch: Any) -> Told:
    service = Told()
    settings.HOMESTRETCH_PROVIDERS = {**settings.HOMESTRETCH_PROVIDERS, "weather": ("fake", {})}
    monkeypatch.setattr(jobs, "_service", lambda *_: service)
    return service


@pytest.fixture
def us(settings: Any) -> Actor:
    """A town that plans, whose shifts are made."""
    settings.HOMESTRETCH_SIMULATED_CLOCK = True
    set_clock(AT)
    by = an_organization()
    a_fleet(by, vehicles=2)
    orders(by, 2)
    plans.ask(DAY, [], by=by, at=AT)
    return by


def spans(by: Actor) -> list[tuple[str, int, int]]:
    """What is said: kind, from, to, in hours from now."""
    with scope(by):
        rows = WeatherSpan.objects.order_by("starts_at", "id")
        return [(row.kind, (row.starts_at - AT) // HOUR, (row.ends_at - AT) // HOUR) for row in rows]


def waits(by: Actor) -> timedelta | None:
    """How long until it is asked again."""
    due = Due.objects.filter(organization_id=by.organization_id, job="travel.weather").first()
    return due and due.due_at - AT


@pytest.mark.django_db
def test_who_plans_has_the_weather_asked_each_hour(told: Told, us: Actor) -> None:
    assert waits(us) == timedelta(seconds=1)
    told.codes = [61, 61, 0, 73]
    jobs.look(us.organization_id)
    assert spans(us) == [("rain", 0, 2), ("snow", 3, 4)]
    assert waits(us) == HOUR
    assert told.asked == [1]
    with scope(us):
        known = queries.known("van", Window(AT, AT + 8 * HOUR))
        assert [weather_at(known.weather, AT + n * HOUR) for n in range(5)] == [
            "rain",
            "rain",
            "clear",
            "snow",
            "clear",
        ]


@pytest.mark.django_db
def test_a_new_forecast_takes_the_place_of_the_one_before_and_the_same_one_says_nothing(told: Told, us: Actor) -> None:
    told.codes = [61, 61, 61, 61]
    jobs.look(us.organization_id)
    with scope(us):
        (first,) = WeatherSpan.objects.all()
    jobs.look(us.organization_id)
    with scope(us):
        assert [span.id for span in WeatherSpan.objects.all()] == [first.id]
        assert len(history("weather", first.id)) == 1
    source = FORECAST + "fake"
    later = AT + 2 * HOUR + timedelta(minutes=5)
    actions.take_forecast([Weather("storm", AT + 2 * HOUR, AT + 3 * HOUR)], source=source, by=us, at=later)
    assert spans(us) == [("rain", 0, 2), ("storm", 2, 3)]
    actions.take_forecast([], source=source, by=us, at=later)
    assert spans(us) == [("rain", 0, 2)]


@pytest.mark.django_db
def test_a_persons_word_beats_the_forecast_before_and_after_it(told: Told, us: Actor) -> None:
    actions.set_weather("clear", AT, AT + HOUR, source=str(us), by=us, at=AT)
    told.codes = [73, 73]
    jobs.look(us.organization_id)
    with scope(us):
        known = queries.known("van", Window(AT, AT + 8 * HOUR))
        assert weather_at(known.weather, AT) == "clear"
        assert weather_at(known.weather, AT + HOUR) == "snow"
        assert queries.weather_of([AT, AT + HOUR]) == ["clear", "snow"]


@pytest.mark.django_db
def test_while_the_service_is_away_what_it_said_stands_and_it_is_asked_again_soon(told: Told, us: Actor) -> None:
    told.codes = [61]
    jobs.look(us.organization_id)
    told.codes = None
    jobs.look(us.organization_id)
    assert spans(us) == [("rain", 0, 1)]
    assert waits(us) == timedelta(minutes=5)


@pytest.mark.django_db
def test_where_no_shift_is_ahead_nobody_is_asked(told: Told) -> None:
    by = an_organization()
    jobs.look(by.organization_id)
    assert (told.asked, waits(by)) == ([], None)


@pytest.mark.django_db
def test_without_a_service_nothing_is_asked(us: Actor) -> None:
    assert waits(us) is None


@pytest.mark.parametrize(
    ("hour", "kind"),
    [
        ((0, 0, 0, 10_000), "clear"),
        ((61, 400, 0, 10_000), "clear"),
        ((61, 500, 0, 10_000), "rain"),
        ((67, 100, 0, 0), "snow"),
        ((3, 0, 2_000, 0), "snow"),
        ((3, 0, 0, 75_000), "storm"),
        ((96, 0, 0, 0), "storm"),
    ],
)
def test_what_an_hour_means_for_the_road(hour: tuple[int, int, int, int], kind: Kind) -> None:
    assert kind_of(*hour) == kind


@given(st.lists(st.tuples(st.integers(0, 30), st.sampled_from(WEATHERS)), max_size=60))
def test_of_several_places_the_gravest_weather_of_an_hour_holds_in_spans_that_never_meet(
    hours: list[tuple[int, Kind]],
) -> None:
    found = expected((FIRST + n * HOUR, kind) for n, kind in hours)
    for n in range(32):
        kinds = [kind for hour, kind in hours if hour == n]
        assert weather_at(found, FIRST + n * HOUR) == max(kinds, key=WEATHERS.index, default="clear")
    for one, other in pairwise(found):
        assert one.ends_at < other.starts_at or (one.ends_at == other.starts_at and one.kind != other.kind)
