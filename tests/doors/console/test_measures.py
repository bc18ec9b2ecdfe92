"""The measures' pages: empty, one day, filtered; each plot with its definition, its rows and its files."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from homestretch.dispatch import actions as dispatch
from homestretch.dispatch.values import StopOutcome
from homestretch.doors.console.measures.asked import asked, narrow_of
from homestretch.doors.console.measures.plots import CALIBRATION, PLOTS
from homestretch.events.scope import scope
from homestretch.insights.actions import digest
from homestretch.insights.models import HaltFact
from homestretch.kernel.actor import system
from homestretch.kernel.ids import uuid7
from tests.insights.test_calibration import plant
from tests.insights.test_facts import a_year, digested
from tests.town.accounts import a_member, a_merchant, an_organization, owner_of, signed_in
from tests.town.dispatch import FIRST, Road, a_road, an_owner
from tests.town.orders import DAY
from tests.town.places import AT

TODAY = f"first={DAY}&last={DAY}"


@pytest.fixture
def road(db: Any) -> Road:
    """One stop done, one failed."""
    road = a_road(an_owner(), 2).start()
    done, failed = road.stops
    dispatch.arrive_stop(done.id, by=road.driver, at=FIRST)
    dispatch.complete_stop(done.id, StopOutcome(left_with="recipient"), by=road.driver, at=FIRST + timedelta(minutes=3))
    dispatch.fail_stop(failed.id, StopOutcome(reason="no_access"), by=road.driver, at=FIRST + timedelta(minutes=30))
    digested(road)
    return road


def body_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_an_empty_span_says_so(db: Any) -> None:
    page = signed_in(an_owner()).get("/measures/").content.decode()
    assert "Nothing happened in these days" in page
    assert 'aria-current="page"' in page


def test_one_day_fills_the_plots_and_each_leads_to_its_rows(road: Road) -> None:
    page = signed_in(road.by).get(f"/measures/?{TODAY}").content.decode()
    assert "No access" in page
    assert "/measures/failures?first=" in page
    assert "reason=no_access" in page
    told = json.loads(page.split('id="measures-data" type="application/json">')[1].split("</script>")[0])
    assert {plot["name"] for plot in told["plots"]} >= {"failures", "attempts", "dwell"}


@pytest.mark.parametrize("plot", [*PLOTS, *CALIBRATION], ids=lambda plot: plot.name)
def test_every_plot_has_its_definition_and_its_files(road: Road, plot: Any) -> None:
    client = signed_in(road.by)
    page = client.get(f"/measures/{plot.name}?{TODAY}").content.decode()
    assert plot.definition[:40].split("`")[0] in page
    for form in ("csv", "xlsx", "json"):
        for address in (f"/measures/{plot.name}.{form}", f"/measures/{plot.name}/rows.{form}"):
            answer = client.get(f"{address}?{TODAY}")
            assert answer.status_code == 200
            assert body_of(answer)
            assert "attachment" in answer["Content-Disposition"]


def test_files_hold_the_same_rows_in_every_form(road: Road) -> None:
    client, address = signed_in(road.by), f"/measures/failures/rows.%s?{TODAY}&reason=no_access"
    lines = list(csv.DictReader(io.StringIO(body_of(client.get(address % "csv")).decode())))
    whole = json.loads(body_of(client.get(address % "json")))
    sheet = load_workbook(io.BytesIO(body_of(client.get(address % "xlsx")))).active
    names, row = sheet.iter_rows(values_only=True)
    assert [line["order_id"] for line in lines] == [str(road.orders[1].id)] == [one["order_id"] for one in whole]
    assert dict(zip(names, row, strict=True))["reason"] == "no_access"


def test_a_file_of_nothing_is_still_one(road: Road) -> None:
    answer = signed_in(road.by).get("/measures/failures/rows.json?first=2020-01-01&last=2020-01-02")
    assert json.loads(body_of(answer)) == []


def test_the_rows_of_a_bar_are_its_alone(road: Road) -> None:
    page = signed_in(road.by).get(f"/measures/attempts?{TODAY}&outcome=failed").content.decode()
    rows = page.split('id="rows"')[1]
    assert f"/orders/{road.orders[1].id}" in rows
    assert f"/orders/{road.orders[0].id}" not in rows


def test_calibration_says_what_held_and_what_is_too_little_to_judge(db: Any) -> None:
    by, depot = an_owner(), uuid7()
    plant(by, depot, errors_s=[60] * 280 + [-3600] * 120)
    plant(by, uuid7(), errors_s=[7200] * 8, horizon_min=240, ahead_s=60)
    client = signed_in(by)
    page = client.get(f"/measures/calibration?{TODAY}").content.decode()
    assert page.count("too few to judge</td>") == 2
    assert "surer than they should be" in page
    assert "enough to judge" in page
    told = json.loads(page.split('id="measures-data" type="application/json">')[1].split("</script>")[0])
    assert [plot["name"] for plot in told["plots"]] == ["forecasts-held", "windows-held"]
    assert "too few to judge</td>" not in client.get(f"/measures/calibration?{TODAY}&depot={depot}").content.decode()
    lines = body_of(client.get(f"/measures/forecasts-held.csv?{TODAY}&depot={depot}")).decode().splitlines()
    assert lines[0].startswith("horizon_min,count,inside,low,high,early,late,")
    assert lines[1].startswith("60,400,0.7,0.6534,0.7428,0.3,0.0,18.7,1.0,")
    rows = client.get(f"/measures/windows-held?{TODAY}&ahead_min=0").content.decode().split('id="rows"')[1]
    assert rows.count("<tr>") - 1 == 8


def test_of_days_of_which_nothing_was_said_calibration_says_so(db: Any) -> None:
    by = an_owner()
    assert "Nothing was said of these days" in signed_in(by).get(f"/measures/calibration?{TODAY}").content.decode()
    plant(owner_of(an_organization("Next door")), uuid7(), errors_s=[0] * 5)
    assert "Nothing was said of these days" in signed_in(by).get(f"/measures/calibration?{TODAY}").content.decode()


def test_rows_come_page_by_page(db: Any) -> None:
    by = an_owner()
    a_year(by)
    client, year = signed_in(by), f"first={DAY - timedelta(days=364)}&last={DAY}"
    seen, address = 0, f"/measures/attempts?{year}"
    for _ in range(3):
        page = client.get(address).content.decode()
        seen += page.count("<tr>") - page.split('id="rows"')[0].count("<tr>") - 1
        address = (
            "/measures/attempts?" + page.split('">Next rows')[0].rsplit('href="', 1)[1].split("?")[1].split("#")[0]
        )
        address = address.replace("&amp;", "&")
    assert seen == 300


def test_a_span_that_cannot_be_measured_is_refused_at_the_field(db: Any) -> None:
    page = signed_in(an_owner()).get("/measures/?first=2026-11-20&last=2026-11-01").content.decode()
    assert "measures.days_invalid" in page
    assert 'aria-invalid="true"' in page


def test_what_an_address_says_wrongly_does_not_narrow() -> None:
    narrow = narrow_of({"hour": "99", "weekday": "x", "place_id": "no", "due": "1", "reason": "no_access"})
    assert (narrow.hour, narrow.weekday, narrow.place_id, narrow.due, narrow.reason) == (
        None,
        None,
        None,
        True,
        "no_access",
    )
    assert asked({"first": "yesterday"}, DAY).refusal is not None
    assert asked({}, DAY).period.first == DAY - timedelta(days=27)


def test_nobody_sees_the_neighbors_numbers(road: Road) -> None:
    stranger = signed_in(owner_of(an_organization("Next door")))
    assert "No access" not in stranger.get(f"/measures/?{TODAY}").content.decode()
    assert Client().get("/measures/").status_code == 302
    shop = a_merchant(road.by)
    with scope(road.by):
        from homestretch.accounts import queries

        organization = queries.organization()
    led = signed_in(a_member(organization, "merchant", shop.id)).get("/measures/")
    assert (led.status_code, led["Location"]) == (302, "/merchant")
    assert signed_in(road.by).get("/measures/no-such-plot").status_code == 404


def test_a_stop_that_is_left_without_an_outcome_is_no_halt(db: Any) -> None:
    road = a_road(an_owner(), 1).start()
    (stop,) = road.stops
    dispatch.arrive_stop(stop.id, by=road.driver, at=FIRST)
    dispatch.skip_stop(stop.id, by=road.driver, at=FIRST + timedelta(minutes=1))
    with scope(system(road.by.organization_id)):
        from homestretch.events.log import history

        digest(history("stop", stop.id))
        assert not HaltFact.objects.exists()
    assert AT < FIRST
