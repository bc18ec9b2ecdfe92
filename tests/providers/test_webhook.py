"""Posting to strangers' programs: every adapter keeps one contract, and the real one reaches nothing of ours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Protocol

import pytest

from homestretch.providers import guard, inbox, registry
from homestretch.providers.errors import ProviderError
from homestretch.providers.webhook import Webhook
from homestretch.providers.webhook.http import HttpWebhook, HttpWebhookOptions
from tests.providers import listener as listening
from tests.providers.listener import Answer, Listener, closed_port

BODY = b'{"type": "stop.completed", "at": "2026-03-29T01:30:00Z"}'
HEADERS = {"webhook-id": "0190", "content-type": "application/json"}


class Endpoint(Protocol):
    webhook: Webhook
    url: str

    def will(self, status: int) -> None: ...

    def taken(self) -> list[tuple[str, bytes]]: ...


class Fake:
    url = "https://shop.example.com/hook"

    def __init__(self, folder: Path) -> None:
        self.inbox, self.plan = folder / "inbox.jsonl", folder / "faults.json"
        self.webhook = registry.make("webhook", "fake", {"inbox": str(self.inbox), "faults": str(self.plan)})

    def will(self, status: int) -> None:
        fault = {"status": status} if status else {"outcome": "unknown"}
        self.plan.write_text(json.dumps({"webhook": [] if status == 200 else [{"match": "https://shop*", **fault}]}))

    def taken(self) -> list[tuple[str, bytes]]:
        return [(entry["headers"]["webhook-id"], entry["body"].encode()) for entry in inbox.read(self.inbox)]


class Real:
    def __init__(self, listener: Listener) -> None:
        self.listener, self.url = listener, listener.url + "/hook"
        self.webhook = post_to_loopback()

    def will(self, status: int) -> None:
        self.listener.say(Answer(status) if status else listening.DROP)

    def taken(self) -> list[tuple[str, bytes]]:
        return [(request.headers["webhook-id"], request.body) for request in self.listener.received]


def post_to_loopback(seconds: float = 0.3) -> HttpWebhook:
    return HttpWebhook(HttpWebhookOptions(timeout_seconds=seconds, allow_loopback=True))


@pytest.fixture(params=sorted(registry.names("webhook")))
def endpoint(request: pytest.FixtureRequest, tmp_path: Path, listener: Listener) -> Endpoint:
    return Fake(tmp_path) if request.param == "fake" else Real(listener)


@pytest.mark.parametrize("status", [200, 204, 302, 410, 500])
def test_an_answer_is_an_answer_whatever_its_status(endpoint: Endpoint, status: int) -> None:
    endpoint.will(status)
    answer = endpoint.webhook.post(endpoint.url, HEADERS, BODY)
    assert (answer.status, answer.seconds >= 0) == (status, True)
    assert endpoint.taken() == [("0190", BODY)]


def test_a_lost_answer_is_unknown_and_was_taken(endpoint: Endpoint) -> None:
    endpoint.will(0)
    with pytest.raises(ProviderError) as raised:
        endpoint.webhook.post(endpoint.url, HEADERS, BODY)
    assert raised.value.kind == "unknown"
    assert endpoint.taken() == [("0190", BODY)]


def test_a_redirect_is_not_followed(listener: Listener) -> None:
    listener.say(Answer(307, headers={"Location": f"{listener.url}/elsewhere"}))
    assert post_to_loopback().post(listener.url, {}, BODY).status == 307
    assert len(listener.received) == 1


@pytest.mark.parametrize("fault", [listening.HANG, listening.DRIP])
def test_a_slow_endpoint_holds_us_no_longer_than_the_limit(listener: Listener, fault: str) -> None:
    listener.say(fault)
    with pytest.raises(ProviderError) as raised:
        post_to_loopback().post(listener.url, {}, BODY)
    assert (raised.value.kind, raised.value.code) == ("unknown", "no_answer")


def test_a_body_that_breaks_off_costs_only_its_rest(listener: Listener) -> None:
    listener.say(listening.HALF)
    answer = post_to_loopback().post(listener.url, {}, BODY)
    assert (answer.status, answer.excerpt) == (200, "only thi")


def test_only_an_excerpt_is_kept_and_the_database_can_keep_it(listener: Listener) -> None:
    listener.say(Answer(503, b"no\x00 \xff" + b"x" * 5_000_000, {"Retry-After": "120"}))
    answer = post_to_loopback(5).post(listener.url, {}, BODY)
    assert answer.excerpt.startswith("no �x")
    assert len(answer.excerpt) < 2_049
    assert answer.retry_after_seconds == 120


def test_an_endpoint_that_is_not_there_is_deferred() -> None:
    with pytest.raises(ProviderError) as raised:
        post_to_loopback().post(f"http://localhost:{closed_port()}/", {}, BODY)
    assert (raised.value.kind, raised.value.code) == ("deferred", "unreachable")


@pytest.mark.parametrize(
    "url",
    [
        *("ftp://example.com", "file:///etc/passwd", "ws://example.com", "//example.com", "http://", ""),
        *("http://a:b@example.com", "http://[::1", "http://example.com:70000/", "http://exa\nmple.com/"),
    ],
)
def test_what_is_no_plain_web_address_is_refused(url: str) -> None:
    with pytest.raises(ProviderError) as raised:
        post_to_loopback().post(url, {}, BODY)
    assert (raised.value.kind, raised.value.code) == ("permanent", "url_refused")


def test_a_body_beyond_the_limit_is_not_sent(listener: Listener) -> None:
    with pytest.raises(ProviderError) as raised:
        post_to_loopback().post(listener.url, {}, b"x" * 262_145)
    assert (raised.value.kind, raised.value.code, listener.received) == ("permanent", "body_too_large", [])


NOT_PUBLIC = [
    *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1"),
    *("169.254.169.254", "192.0.2.1", "198.18.0.1", "203.0.113.7", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1", "64:ff9b::7f00:1"),
    *("::ffff:127.0.0.1", "::ffff:8.8.8.8", "2002:7f00:1::", "::7f00:1", "2001:0:4136:e378::1", "no address"),
]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    assert not guard.is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "172.32.0.1", "2606:4700:4700::1111"])
def test_a_public_address_is_not(address: str) -> None:
    assert guard.is_public(address)


def test_loopback_is_allowed_only_by_name_and_nothing_else_with_it() -> None:
    assert guard.is_public("127.0.0.1", allow_loopback=True)
    assert guard.is_public("::1", allow_loopback=True)
    for address in ("10.0.0.1", "169.254.169.254", "::ffff:127.0.0.1", "0.0.0.0"):
        assert not guard.is_public(address, allow_loopback=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "127.1", "0", "[::]"])
def test_no_spelling_of_this_machine_is_reached(listener: Listener, host: str) -> None:
    webhook = HttpWebhook(HttpWebhookOptions(timeout_seconds=1))
    with pytest.raises(ProviderError) as raised:
        webhook.post(f"http://{host}:{listener.port}/", {}, BODY)
    assert (raised.value.code, listener.connections) in [("address_refused", 0), ("unreachable", 0)]
    if host not in ("[::1]", "[::]"):
        assert (raised.value.kind, raised.value.code) == ("permanent", "address_refused")


def test_one_bad_address_among_good_ones_refuses_the_name(listener: Listener) -> None:
    webhook = HttpWebhook(
        HttpWebhookOptions(timeout_seconds=1, allow_loopback=True), resolve=lambda host, port: ["127.0.0.1", "10.0.0.1"]
    )
    with pytest.raises(ProviderError) as raised:
        webhook.post(f"http://shop.example.com:{listener.port}/", {}, BODY)
    assert (raised.value.code, listener.connections) == ("address_refused", 0)


def test_the_name_is_resolved_once_and_the_checked_address_is_the_one_connected_to(listener: Listener) -> None:
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    webhook = HttpWebhook(HttpWebhookOptions(timeout_seconds=1, allow_loopback=True), resolve=rebinding)
    assert webhook.post(f"http://shop.example.com:{listener.port}/hook", {}, BODY).status == 200
    assert asked == ["shop.example.com"]
    assert listener.received[0].headers["host"] == f"shop.example.com:{listener.port}"


def test_the_next_address_is_tried_when_the_first_does_not_answer(listener: Listener) -> None:
    webhook = HttpWebhook(
        HttpWebhookOptions(timeout_seconds=1, allow_loopback=True),
        resolve=lambda host, port: ["127.9.9.9", "127.0.0.1"],
    )
    assert webhook.post(f"http://shop.example.com:{listener.port}/", {}, BODY).status == 200


def test_the_environment_does_not_lead_elsewhere(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{closed_port()}")
    monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{closed_port()}")
    assert post_to_loopback().post(listener.url, {}, BODY).status == 200
