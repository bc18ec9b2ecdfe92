"""The shared client: what a status means, how long it waits, what it asks of whom."""

from __future__ import annotations

import os

import httpx
import pytest

from homestretch.providers import http
from homestretch.providers.errors import ProviderError
from tests.providers import listener as listening
from tests.providers.listener import Answer, Listener


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7),
        ({"retry-after": "99999999999999999999"}, 24 * 3600),
        ({"retry-after": "-7"}, None),
        ({"retry-after": "٧"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Sun, 29 Mar 2026 01:30:30 GMT", "date": "Sun, 29 Mar 2026 01:30:00 GMT"}, 30),
        ({"retry-after": "Sun, 29 Mar 2026 01:29:00 GMT", "date": "Sun, 29 Mar 2026 01:30:00 GMT"}, 0),
        ({"retry-after": "Sun, 29 Mar 2026 01:30:30 GMT"}, None),
        ({"retry-after": "Sun, 29 Mar 2026 01:30:30 GMT", "date": "Sun, 29 Mar 2026 01:30:00 -0000"}, None),
    ],
)
def test_how_long_a_service_asks_us_to_wait(headers: dict[str, str], seconds: int | None) -> None:
    assert http.retry_after(headers) == seconds


def test_a_lookup_is_never_unknown() -> None:
    for status in (408, 425, 429, 500, 502, 503, 504):
        failed = http.failure(http.Reply(status, {}, b""), safe=True)
        assert failed is not None
        assert failed.kind == "deferred"


@pytest.mark.parametrize(
    ("fault", "safe", "kind"),
    [(listening.HANG, False, "unknown"), (listening.DRIP, True, "deferred"), (listening.HALF, False, "unknown")],
)
def test_the_limit_is_for_the_whole_request(listener: Listener, fault: str, safe: bool, kind: str) -> None:
    listener.say(fault)
    with pytest.raises(ProviderError) as raised:
        http.exchange(httpx.Request("GET", listener.url), timeout_seconds=0.2, safe=safe)
    assert raised.value.kind == kind


def test_an_endless_answer_is_cut_off(listener: Listener) -> None:
    listener.say(Answer(200, b"x" * (http.MAX_ANSWER_BYTES + 1)))
    with pytest.raises(ProviderError) as raised:
        http.exchange(httpx.Request("POST", listener.url), timeout_seconds=5)
    assert (raised.value.kind, raised.value.code) == ("unknown", "connection_lost")


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "/nowhere"])
def test_what_cannot_be_sent_is_permanent(url: str) -> None:
    with pytest.raises(ProviderError) as raised:
        http.exchange(httpx.Request("POST", url), timeout_seconds=1)
    assert (raised.value.kind, raised.value.code) == ("permanent", "request_malformed")


def test_the_environment_does_not_lead_elsewhere(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    http.client.cache_clear()
    assert http.exchange(httpx.Request("GET", listener.url), timeout_seconds=5).status == 200


def test_a_child_process_has_connections_of_its_own(listener: Listener) -> None:
    parents = http.client()
    child = os.fork()
    if child == 0:
        os._exit(0 if http.client() is not parents else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert http.client() is parents
