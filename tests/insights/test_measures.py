"""Each measure says what its docstring says: worked examples, and what holds for any facts."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from homestretch.insights import measures
from homestretch.insights.measures import Facts, Route, Task


def task(**changes: Any) -> Task:
    """A completed first try whose promise was told and kept."""
    values: dict[str, Any] = {
        "outcome": "completed",
        "reason": "",
        "attempt": 1,
        "promise": True,
        "told": True,
        "planned_service_s": 120,
        "service_s": 150,
    }
    return Task(**{**values, **changes})


def route(**changes: Any) -> Route:
    """Ten stops in five hours over sixty kilometers."""
    values: dict[str, Any] = {
        "stops": 10,
        "planned_s": 16_000,
        "route_s": 18_000,
        "planned_m": 60_000,
        "driven_m": 66_000,
        "cost": 21_000,
    }
    return Route(**{**values, **changes})


def test_on_time_counts_told_promises_alone() -> None:
    facts = Facts([task(), task(promise=False), task(promise=False, told=False), task(promise=None)], [])
    assert measures.on_time(facts) == 0.5
    assert measures.on_time_untold(facts) == 0.0
    assert measures.untold_promises(facts) == 1


def test_failed_attempts_are_named_by_reason_most_frequent_first() -> None:
    failed = [task(outcome="failed", reason=reason) for reason in ("refused", "recipient_absent", "recipient_absent")]
    assert list(measures.failed_attempts(Facts([task(), *failed], [])).items()) == [
        ("recipient_absent", 2),
        ("refused", 1),
    ]


def test_the_first_attempt_rate_looks_at_first_tries_alone() -> None:
    tries = [task(), task(outcome="failed"), task(outcome="partial"), task(attempt=2)]
    assert measures.first_attempt_rate(Facts(tries, [])) == 0.3333


def test_routes_are_measured_by_what_they_drove() -> None:
    facts = Facts([], [route(), route(driven_m=None)])
    assert measures.stops_per_hour(facts) == 2.0
    assert measures.km_per_hour(facts) == 13.2  # the route without positions is left out, its hours too
    assert measures.planned_against_driven(facts)["meters_share"] == 1.1
    assert measures.cost_per_stop(facts) == 2100.0


def test_alike_tasks_may_be_added_up_and_nothing_changes() -> None:
    one = [task(), task(), task(outcome="failed", reason="refused", promise=False), task(service_s=None)]
    added = [task(count=2, planned_service_s=240, service_s=300), *one[2:]]
    assert measures.measure(Facts(one, [])) == measures.measure(Facts(added, []))


def test_the_mean_of_ratings_is_over_orders() -> None:
    facts = Facts([], [], {5: 1, 2: 1})
    assert measures.ratings(facts)["mean"] == 3.5
    assert measures.ratings(facts)["scores"]["5"] == 1


def test_a_routes_cost_is_its_fixed_cost_hours_and_kilometers() -> None:
    assert measures.route_cost((5000, 3000, 40), 5400, 12_345) == 5000 + 4500 + 493


def test_of_nothing_every_measure_is_none_or_zero() -> None:
    found = measures.measure(Facts([], []))
    assert found["on_time"] is None
    assert found["attempts"] == 0
    assert found["ratings"] == {"count": 0, "mean": None, "scores": dict.fromkeys("12345", 0)}


@given(
    st.lists(
        st.builds(
            task,
            outcome=st.sampled_from(["completed", "partial", "failed"]),
            promise=st.sampled_from([None, True, False]),
            told=st.booleans(),
            attempt=st.integers(1, 3),
        )
    )
)
def test_shares_lie_between_none_and_one_and_the_counts_agree(tasks: list[Task]) -> None:
    facts = Facts(tasks, [])
    for share in (measures.on_time(facts), measures.on_time_untold(facts), measures.first_attempt_rate(facts)):
        assert share is None or 0 <= share <= 1
    assert sum(measures.failed_attempts(facts).values()) == sum(t.outcome == "failed" for t in tasks)


def test_every_measure_has_its_definition() -> None:
    assert all((function.__doc__ or "").strip() for function in measures.MEASURES)
