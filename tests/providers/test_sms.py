"""Every SMS adapter, the fake too, keeps one contract: what arrives, what a failure means, what is believed."""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any, Protocol

import pytest

from homestretch.kernel.refusal import Refusal
from homestretch.providers import inbox, registry
from homestretch.providers.errors import ProviderError
from homestretch.providers.sms import Callback, DeliveryReport, InboundSms, Sms, SmsMessage
from tests.providers import listener as listening
from tests.providers.conftest import recording
from tests.providers.listener import Answer, Listener, closed_port

MESSAGE = SmsMessage("0190-key", "+4915112345678", "Votre colis arrive à 14:05 – déposé chez Zoë ✓\nSTOP = fin")


class Company(Protocol):
    """An adapter and the world behind it. `signed` makes a callback's signature as the company does."""

    sms: Sms
    errors: dict[str, str]

    def will(self, scenario: str) -> None: ...

    def taken(self) -> list[tuple[str, str]]: ...

    def callbacks(self) -> list[tuple[Callback, DeliveryReport | InboundSms]]: ...


class Fake:
    errors = {"refused": "fake_permanent", "opted_out": "fake_permanent", "busy": "fake_deferred"}
    outcomes = {"refused": "permanent", "opted_out": "permanent", "busy": "deferred", "lost": "unknown"}

    def __init__(self, folder: Path) -> None:
        self.inbox, self.plan = folder / "inbox.jsonl", folder / "faults.json"
        options = {"inbox": str(self.inbox), "faults": str(self.plan), "secret": "s3cret"}
        self.sms = registry.make("sms", "fake", options)

    def will(self, scenario: str) -> None:
        faults = [] if scenario == "accepted" else [{"match": "+49*", "outcome": self.outcomes[scenario], "times": 1}]
        self.plan.write_text(json.dumps({"sms": faults}))

    def taken(self) -> list[tuple[str, str]]:
        return [(entry["to"], entry["text"]) for entry in inbox.read(self.inbox)]

    def callbacks(self) -> list[tuple[Callback, DeliveryReport | InboundSms]]:
        report = [("id", "fake-1"), ("state", "failed"), ("code", "30003"), ("note", "")]
        inbound = [("id", "fake-2"), ("from", "+49151"), ("to", "+4930"), ("text", "STOP")]
        return [
            (self._signed(report), DeliveryReport("fake-1", "failed", "30003")),
            (self._signed(inbound), InboundSms("fake-2", "+49151", "+4930", "STOP")),
        ]

    def _signed(self, form: list[tuple[str, str]]) -> Callback:
        url = "https://hooks.example.com/sms"
        text = "\n".join([url, *(f"{name}={value}" for name, value in form)])
        signature = hmac.new(b"s3cret", text.encode(), hashlib.sha256).hexdigest()
        return Callback(url, {"X-Fake-Signature": signature}, form)


class Recorded:
    """An adapter against answers of its company from `recordings/sms/<name>.json`."""

    def __init__(self, name: str, listener: Listener) -> None:
        self.tape, self.listener = recording("sms", name), listener
        self.errors: dict[str, str] = self.tape["errors"]
        options = {key: value.replace("{url}", listener.url) for key, value in self.tape["options"].items()}
        self.sms = registry.make("sms", name, options)

    def will(self, scenario: str) -> None:
        if scenario == "lost":
            return self.listener.say(listening.DROP)
        answer: dict[str, Any] = self.tape["answers"][scenario]
        body = json.dumps(answer["json"]).replace("{to}", MESSAGE.to).encode()
        return self.listener.say(Answer(answer["status"], body, answer.get("headers", {})))

    def taken(self) -> list[tuple[str, str]]:
        assert all(request.target == self.tape["path"] for request in self.listener.received)
        return [(request.form[self.tape["to"]], request.form[self.tape["text"]]) for request in self.listener.received]

    def callbacks(self) -> list[tuple[Callback, DeliveryReport | InboundSms]]:
        found: list[tuple[Callback, DeliveryReport | InboundSms]] = []
        for entry in self.tape["callbacks"]:
            form = [(name, value) for name, value in entry["form"]]
            callback = Callback(entry["url"], {self.tape["signature"]: entry["signature"]}, form)
            meant = DeliveryReport(**entry["report"]) if "report" in entry else InboundSms(**entry["inbound"])
            found.append((callback, meant))
        return found


@pytest.fixture(params=sorted(registry.names("sms")))
def company(request: pytest.FixtureRequest, tmp_path: Path, listener: Listener) -> Company:
    return Fake(tmp_path) if request.param == "fake" else Recorded(request.param, listener)


def test_an_accepted_message_arrives_as_it_was_written(company: Company) -> None:
    company.will("accepted")
    assert company.sms.send(MESSAGE).provider_id
    assert company.taken() == [(MESSAGE.to, MESSAGE.text)]


@pytest.mark.parametrize(
    ("scenario", "kind"),
    [("refused", "permanent"), ("opted_out", "permanent"), ("busy", "deferred"), ("lost", "unknown")],
)
def test_a_failure_says_whether_the_message_may_be_sent_again(company: Company, scenario: str, kind: str) -> None:
    company.will(scenario)
    with pytest.raises(ProviderError) as raised:
        company.sms.send(MESSAGE)
    assert raised.value.kind == kind
    assert raised.value.code == company.errors.get(scenario, raised.value.code)
    assert "15112345678" not in str(raised.value)


def test_what_was_deferred_is_accepted_later(company: Company) -> None:
    company.will("busy")
    with pytest.raises(ProviderError):
        company.sms.send(MESSAGE)
    company.will("accepted")
    assert company.sms.send(MESSAGE).provider_id


def test_a_signed_callback_is_understood(company: Company) -> None:
    for callback, meant in company.callbacks():
        assert company.sms.hear(callback) == meant


def test_a_callback_that_was_tampered_with_is_refused(company: Company) -> None:
    for callback, _ in company.callbacks():
        changed = [(name, value + "1") for name, value in callback.form]
        for wrong in (
            Callback(callback.url, callback.headers, changed),
            Callback(callback.url + "?x", callback.headers, callback.form),
            Callback(callback.url, {}, callback.form),
            Callback(callback.url, dict.fromkeys(callback.headers, "é"), callback.form),
        ):
            with pytest.raises(Refusal) as refused:
                company.sms.hear(wrong)
            assert refused.value.code == "callback.forbidden"


def test_the_fake_without_a_secret_believes_nobody(tmp_path: Path) -> None:
    fake = registry.make("sms", "fake", {"inbox": tmp_path / "inbox"})
    signature = hmac.new(b"", b"https://hooks.example.com\nid=1", hashlib.sha256).hexdigest()
    with pytest.raises(Refusal) as refused:
        fake.hear(Callback("https://hooks.example.com", {"X-Fake-Signature": signature}, [("id", "1")]))
    assert refused.value.code == "callback.forbidden"


def test_an_unknown_outcome_of_the_fake_was_accepted_and_a_lost_one_was_not(tmp_path: Path) -> None:
    plan, box = tmp_path / "faults.json", tmp_path / "inbox.jsonl"
    plan.write_text(json.dumps({"sms": [{"outcome": "unknown", "times": 1}, {"outcome": "lost", "times": 1}]}))
    fake = registry.make("sms", "fake", {"inbox": box, "faults": plan})
    kinds = []
    for key in ("first", "second"):
        with pytest.raises(ProviderError) as raised:
            fake.send(SmsMessage(key, "+1", "hello"))
        kinds.append(raised.value.kind)
    fake.send(SmsMessage("third", "+1", "hello"))
    assert kinds == ["unknown", "unknown"]
    assert [entry["key"] for entry in inbox.read(box)] == ["first", "third"]


def twilio(url: str, **options: str) -> Sms:
    given = {"account_sid": "AC1", "auth_token": "12345", "sender": "+1500", "base_url": url, "timeout_seconds": "0.3"}
    return registry.make("sms", "twilio", {**given, **options})


@pytest.mark.parametrize("fault", [listening.HANG, listening.DROP, listening.HALF, listening.DRIP])
def test_a_message_whose_answer_never_came_is_unknown(listener: Listener, fault: str) -> None:
    listener.say(fault)
    with pytest.raises(ProviderError) as raised:
        twilio(listener.url).send(MESSAGE)
    assert raised.value.kind == "unknown"
    assert len(listener.received) == 1


@pytest.mark.parametrize("url", [f"http://127.0.0.1:{closed_port()}", "http://name.invalid"])
def test_a_message_that_never_left_is_deferred(url: str) -> None:
    with pytest.raises(ProviderError) as raised:
        twilio(url).send(MESSAGE)
    assert (raised.value.kind, raised.value.code) == ("deferred", "unreachable")


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        (Answer(200, b"<html>welcome"), "unknown", "answer_unreadable"),
        (Answer(201, b"[]"), "unknown", "answer_unreadable"),
        (Answer(401, b"{}"), "deferred", "credentials_refused"),
        (Answer(503), "deferred", "busy"),
        (Answer(500), "unknown", "server_failed"),
        (Answer(502, b'{"code": 21211}'), "unknown", "server_failed"),
        (Answer(404), "permanent", "refused"),
        (Answer(302, headers={"Location": "/elsewhere"}), "permanent", "redirected"),
        (Answer(400, b'{"code": 21611}'), "deferred", "too_many"),
        (Answer(400, b'{"code": [1]}'), "permanent", "refused"),
    ],
)
def test_the_status_decides_where_the_company_gives_no_code(
    listener: Listener, answer: Answer, kind: str, code: str
) -> None:
    listener.say(answer)
    with pytest.raises(ProviderError) as raised:
        twilio(listener.url).send(MESSAGE)
    assert (raised.value.kind, raised.value.code) == (kind, code)
    assert len(listener.received) == 1


def test_the_company_is_told_who_we_are_and_where_to_report(listener: Listener) -> None:
    listener.say(Answer(201, b'{"sid": "SM1"}'))
    twilio(listener.url, status_callback="https://ours.example/x", sender="MG7").send(MESSAGE)
    request = listener.received[0]
    assert request.headers["authorization"] == "Basic QUMxOjEyMzQ1"  # AC1:12345
    assert request.headers["user-agent"].startswith("homestretch")
    assert request.form["StatusCallback"] == "https://ours.example/x"
    assert request.form["MessagingServiceSid"] == "MG7"
    assert "From" not in request.form


@pytest.mark.parametrize("port", ["", ":443"])
def test_the_signature_agrees_with_the_example_that_the_company_publishes(port: str) -> None:
    form = [("Digits", "1234"), ("To", "+18005551212"), ("From", "+14158675309"), ("Caller", "+14158675309")]
    form.append(("CallSid", "CA1234567890ABCDE"))
    url = f"https://mycompany.com{port}/myapp.php?foo=1&bar=2"
    headers = {"x-TWILIO-signature": "RSOYDt4T1cUTdK1PDd93/VVr8B8="}
    with pytest.raises(Refusal) as refused:
        twilio("http://127.0.0.1").hear(Callback(url, headers, form))
    assert refused.value.code == "callback.malformed"  # believed, but a call is not a message


def test_connections_are_reused(listener: Listener) -> None:
    listener.say(Answer(201, b'{"sid": "SM1"}'))
    for _ in range(3):
        twilio(listener.url).send(MESSAGE)
    assert (len(listener.received), listener.connections) == (3, 1)


def test_secrets_do_not_show(tmp_path: Path) -> None:
    from homestretch.providers.sms.twilio import TwilioOptions

    assert "12345" not in repr(TwilioOptions("AC1", "12345", "+1500"))
    with pytest.raises(Refusal) as refused:
        twilio("http://127.0.0.1", auth_token="")
    assert refused.value.code == "provider.option_missing"
