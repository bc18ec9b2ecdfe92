"""The board's page: for whom it is meant, the day it shows, what its script is told."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from tests.town.accounts import a_member, a_merchant, an_organization, owner_of, signed_in


def told(page: str) -> dict[str, Any]:
    """The configuration in a page."""
    found = re.search(r'<script id="board-config" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found
    return dict(json.loads(found[1]))


@pytest.mark.django_db
def test_whoever_is_not_signed_in_is_sent_to_the_form() -> None:
    answer = Client().get("/board/2026-11-23")
    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]


@pytest.mark.django_db
def test_the_board_leads_to_the_present_day() -> None:
    answer = signed_in(a_member(an_organization(), "dispatcher")).get("/board")
    assert re.fullmatch(r"/board/\d{4}-\d\d-\d\d", answer["Location"])


@pytest.mark.django_db
def test_a_dispatcher_may_plan_and_a_viewer_may_look() -> None:
    organization = an_organization()
    for role, may in (("dispatcher", True), ("viewer", False)):
        config = told(signed_in(a_member(organization, role)).get("/board/2026-11-23").content.decode())
        assert config["day"] == "2026-11-23"
        assert config["may"] == {"plan": may, "release": may, "crew": may}
        assert config["basemap"] is None
        assert "route.released" in config["events"]
        assert "message.sent" not in config["events"]
        assert config["links"]["board"] == "/board/DAY"
        assert config["links"]["write"] == ("/orders/new?day=2026-11-23" if may else "")


@pytest.mark.django_db
def test_a_merchant_has_no_board() -> None:
    organization = an_organization()
    shop = a_merchant(owner_of(organization))
    answer = signed_in(a_member(organization, "merchant", shop.id)).get("/board/2026-11-23")
    assert (answer.status_code, answer["Location"]) == (302, "/merchant")  # to the own orders


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["2026-13-01", "2026-02-30", "today"])
def test_a_day_that_does_not_exist_has_no_board(day: str) -> None:
    assert signed_in(a_member(an_organization(), "dispatcher")).get(f"/board/{day}").status_code == 404
