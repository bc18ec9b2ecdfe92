"""The closer look: by hour, by horizon, by place, by day; worked examples of the pure functions."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from homestretch.insights import measures
from homestretch.insights.measures import Day, Dwell, Eta, Facts, Hour
from tests.insights.test_measures import task

PLACES = [UUID(int=number) for number in range(3)]


def test_on_time_is_shown_by_weekday_and_hour_in_order() -> None:
    found = measures.on_time_by_hour(Facts([], [], hours=[Hour(3, 9, 1, 4), Hour(1, 17, 5, 5)]))
    assert found == [
        {"weekday": 1, "hour": 17, "due": 5, "share": 1.0},
        {"weekday": 3, "hour": 9, "due": 4, "share": 0.25},
    ]


def test_the_error_of_forecasts_is_told_by_horizon_the_longest_first() -> None:
    etas = [Eta(15, 0, 4, 4), Eta(60, -4, 1, 1), Eta(60, 2, 6, 8), Eta(60, 30, 0, 1)]
    far, near = measures.eta_error(Facts([], [], etas=etas))
    assert far == {"horizon_min": 60, "count": 10, "median_min": 2, "p90_min": 4, "bias_min": 4.2, "inside": 0.7}
    assert near == {"horizon_min": 15, "count": 4, "median_min": 0, "p90_min": 0, "bias_min": 0.0, "inside": 1.0}


def test_reasons_add_up_to_all_failures() -> None:
    failed = [task(outcome="failed", reason=reason) for reason in ("refused", "no_access", "no_access", "no_access")]
    first, second = measures.failure_shares(Facts([task(), *failed], []))
    assert first == {"reason": "no_access", "count": 3, "share": 0.75, "together": 0.75}
    assert second == {"reason": "refused", "count": 1, "share": 0.25, "together": 1.0}


def test_the_funnel_narrows_try_by_try() -> None:
    tries = [task(), task(), task(outcome="failed"), task(attempt=2, outcome="partial"), task(outcome="cancelled")]
    first, second = measures.attempts_funnel(Facts(tries, []))
    assert first == {"attempt": 1, "tried": 3, "completed": 2, "partial": 0, "failed": 1}
    assert second == {"attempt": 2, "tried": 1, "completed": 0, "partial": 1, "failed": 0}


def test_the_places_that_cost_most_time_come_first() -> None:
    dwells = [Dwell(PLACES[0], 2, 240, 300), Dwell(PLACES[1], 10, 1200, 2400), Dwell(PLACES[2], 1, 300, 60)]
    found = measures.dwell(Facts([], [], dwells=dwells))
    assert [place["place_id"] for place in found["places"]] == [str(PLACES[n]) for n in (1, 0, 2)]
    assert (found["halts"], found["mean_min"], found["planned_min"]) == (13, 3.5, 2.2)
    assert found["places"][0]["mean_min"] == 4.0


def test_days_come_in_order_and_say_nothing_of_nothing() -> None:
    days = [Day(date(2026, 11, 3), attempts=4, failed=1, stops=4, cost=1000), Day(date(2026, 11, 2), kept=1, due=2)]
    first, second = measures.by_day(Facts([], [], days=days))
    assert (first["day"], first["on_time"], first["cost_per_stop"]) == ("2026-11-02", 0.5, None)
    assert (second["on_time"], second["failed"], second["cost_per_stop"]) == (None, 1, 250.0)


def test_of_nothing_there_is_nothing() -> None:
    found = measures.measure(Facts([], []))
    assert found["eta_error"] == found["on_time_by_hour"] == found["attempts_funnel"] == found["by_day"] == []
    assert found["dwell"] == {"halts": 0, "mean_min": None, "planned_min": None, "places": []}
