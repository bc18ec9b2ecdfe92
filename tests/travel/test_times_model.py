"""Trees that were trained elsewhere say here what they said there; a model is stored as plain arrays and read again."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homestretch.insights.training.fitting import Learner, fitted_part
from homestretch.kernel.refusal import Refusal
from homestretch.travel.rules.timing import Times, built_in, horizon_of
from homestretch.travel.rules.timing_form import packed, unpacked
from homestretch.travel.rules.trees import FEW, checked

ROWS = 3000
COLUMNS = (("town", "driver"), ("far", "hour"))


def table(seed: int = 1, rows: int = ROWS) -> tuple[dict[str, Any], Any]:
    """Columns, and what depends on them; a fifth of the hours and some towns are not known."""
    random = np.random.default_rng(seed)
    town, driver = random.integers(0, 30, rows), random.integers(0, 5, rows)
    far, hour = random.gamma(2, 2, rows), random.uniform(6, 20, rows)
    y = 0.3 * np.sin(town) + 0.1 * driver + 0.05 * far + random.normal(0, 0.1 + 0.02 * hour)
    hour[random.random(rows) < 0.2] = np.nan
    names = np.array([f"town {n}" for n in town])
    names[random.random(rows) < 0.1] = ""
    return {"town": names, "driver": np.array([f"driver {n}" for n in driver]), "far": far, "hour": hour}, y


@pytest.mark.parametrize("rows", [FEW - 1, FEW + 1])
def test_trees_taken_out_say_what_the_trainer_says(rows: int) -> None:
    known, y = table()
    learner = Learner(known, *COLUMNS)
    models = [learner.fitted(y, share) for share in (0.5, 0.1, 0.9)]
    columns, forest = learner.taken_out(models)
    asked, _ = table(2, rows)
    asked["town"][:3] = "a town that nobody knows"
    told = checked(forest, 4).predict(columns.codes(asked, rows))
    theirs = Learner(known, *COLUMNS)
    theirs.matrix = np.column_stack(
        [
            *(
                np.array([{n: float(k) for k, n in enumerate(theirs.names[c])}.get(v, np.nan) for v in asked[c]])
                for c in COLUMNS[0]
            ),
            *(asked[c] for c in COLUMNS[1]),
        ]
    )
    for mine, model in zip(told, models, strict=True):
        assert mine == pytest.approx(model.predict(theirs.matrix), abs=1e-9)


def part() -> Any:
    known, y = table()
    route = np.arange(ROWS) // 30
    return fitted_part(known, COLUMNS, y, route, np.arange(100) // 4)


def test_quantiles_do_not_cross_and_follow_the_noise() -> None:
    made = part()
    asked, y = table(3)
    low, middle, high = made.quantiles(asked, ROWS)
    assert ((low < middle) & (middle < high)).all()
    assert ((low <= y) & (y <= high)).mean() == pytest.approx(0.8, abs=0.06)
    evening = asked["hour"] > 17
    assert (high - low)[evening].mean() > 1.3 * (high - low)[asked["hour"] < 9].mean()


def test_too_few_rows_or_days_teach_nothing() -> None:
    known, y = table(1, 300)
    assert fitted_part(known, COLUMNS, y, np.arange(300) // 30, np.arange(10)) is None
    known, y = table()
    assert fitted_part(known, COLUMNS, y, np.arange(ROWS) // 30, np.arange(100) // 50) is None


def test_a_model_is_read_as_it_was_stored() -> None:
    times = Times(part(), built_in().services, places={"b": (0.25, 3), "a": (-0.5, 1)})
    again = unpacked(packed(times), version=7)
    asked, _ = table(5, 50)
    assert again.version == 7
    assert again.places == times.places
    assert np.array_equal(again.legs.quantiles(asked, 50), times.legs.quantiles(asked, 50))
    assert again.services.usual == times.services.usual


def test_what_is_no_model_is_refused_and_never_run() -> None:
    evil = io.BytesIO()
    np.savez(evil, said=np.array([print], dtype=object), allow_pickle=True)
    times = Times(part(), built_in().services)
    beyond = replace(times.legs.forest, left=times.legs.forest.left + 10**6)
    loose = packed(Times(replace(times.legs, forest=beyond), built_in().services))
    for bytes_ in (b"", b"PK\x03\x04 no zip", evil.getvalue(), packed(times)[:-200], loose):
        with pytest.raises(Refusal, match="times.model_malformed"):
            unpacked(bytes_)


@settings(max_examples=50)
@given(st.floats(0, 40_000))
def test_a_forecast_counts_for_the_longest_horizon_that_it_is_ahead(ahead_s: float) -> None:
    horizon = int(horizon_of(np.array([ahead_s]))[0])
    assert horizon * 60 <= ahead_s
    assert horizon in (0, 5, 15, 30, 60, 120, 240)
    if horizon < 240:
        assert not any(horizon < other and other * 60 <= ahead_s for other in (5, 15, 30, 60, 120, 240))
