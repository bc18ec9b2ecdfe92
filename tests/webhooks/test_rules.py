"""Ten tries over about 75 hours; who listens to what; which addresses are taken."""

from __future__ import annotations

from datetime import timedelta

import pytest

from homestretch.kernel.refusal import Refusal
from homestretch.webhooks import rules
from tests.town.places import AT


def test_ten_tries_in_about_75_hours():
    at, tries = AT, 1
    while (verdict := rules.judge(500, tries, at)).state == "waiting":
        assert verdict.due_at > at
        at, tries = verdict.due_at, tries + 1
    assert (verdict.state, tries) == ("failed", 10)
    assert timedelta(hours=74) < at - AT < timedelta(hours=77)


@pytest.mark.parametrize(
    ("status", "state"),
    [(200, "delivered"), (204, "delivered"), (301, "waiting"), (404, "waiting"), (500, "waiting"), (None, "waiting")],
)
def test_only_a_2xx_is_taken(status, state):
    assert rules.judge(status, 1, AT).state == state


def test_gone_means_gone():
    assert rules.judge(410, 1, AT).state == "failed"
    assert rules.is_dead(AT, AT, 410)


def test_a_wait_that_is_asked_for_is_kept_up_to_a_day():
    assert rules.judge(503, 1, AT, asked_wait_s=600).due_at == AT + timedelta(minutes=10)
    assert rules.judge(503, 1, AT, asked_wait_s=1).due_at == AT + timedelta(seconds=5)
    assert rules.judge(503, 1, AT, asked_wait_s=10**6).due_at == AT + timedelta(hours=24)


@pytest.mark.parametrize(
    ("types", "type_", "wanted"),
    [
        ([], "stop.completed", True),
        (["stop.completed"], "stop.completed", True),
        (["stop.*"], "stop.failed", True),
        (["stop.*"], "stopover.made", False),
        (["order.created"], "stop.completed", False),
    ],
)
def test_who_listens_to_what(types, type_, wanted):
    assert rules.wants(types, type_) is wanted


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "https://",
        "https://user:secret@example.com/",
        "https://:@example.com/",
        "https://[::1/",
        "https://example.com:99999/",
        "https://example.com:0/",
        "https://exam ple.com/",
        "https://example.com/\r\nX: y",
        "ftp://example.com/",
        "",
    ],
)
def test_addresses_that_are_none(url):
    with pytest.raises(Refusal, match=r"endpoint\.url_invalid"):
        rules.read_url(url, plain_http=False)


def test_an_unknown_type_is_refused():
    assert rules.read_types(["stop.*", "order.created", "stop.*"]) == ["order.created", "stop.*"]
    with pytest.raises(Refusal, match=r"endpoint\.type_unknown"):
        rules.read_types(["customer.created"])
