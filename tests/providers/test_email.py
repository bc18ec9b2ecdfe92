"""Every mail adapter, the fake too, keeps one contract; SMTP is spoken with a real server."""

from __future__ import annotations

import dataclasses
import json
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message as mime
from pathlib import Path
from typing import Protocol

import pytest

from homestretch.kernel.refusal import Refusal
from homestretch.providers import inbox, registry
from homestretch.providers.email import Email, EmailMessage
from homestretch.providers.errors import ProviderError
from tests.providers import mail_server
from tests.providers.listener import closed_port
from tests.providers.mail_server import MailServer, serving

MESSAGE = EmailMessage(
    key="0190-key",
    to="zoë.müller@example.com".replace("ë", "e").replace("ü", "u"),
    subject="Ihre Lieferung kommt heute zwischen 14:05 und 15:05 – Straße 7",
    text="Guten Tag Zoë,\n.\n.Ein Punkt am Anfang und eine " + "sehr " * 60 + "lange Zeile.\n",
    html="<p>Guten Tag <b>Zoë</b>,</p>\n<p>.</p>\n",
    message_id="<0190-key@mail.example.org>",
    sent_at=datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
    headers={"List-Unsubscribe": "<https://example.org/stop>", "Reply-To": "ops@example.org"},
)


class Post(Protocol):
    email: Email

    def will(self, scenario: str) -> None: ...

    def taken(self) -> list[dict[str, str]]: ...


class Fake:
    outcomes = {"refused": "permanent", "content_refused": "permanent", "busy": "deferred", "lost": "unknown"}

    def __init__(self, folder: Path) -> None:
        self.inbox, self.plan = folder / "inbox.jsonl", folder / "faults.json"
        self.email = registry.make("email", "fake", {"inbox": str(self.inbox), "faults": str(self.plan)})

    def will(self, scenario: str) -> None:
        faults = [] if scenario == "accepted" else [{"match": "*@example.com", "outcome": self.outcomes[scenario]}]
        self.plan.write_text(json.dumps({"email": faults}))

    def taken(self) -> list[dict[str, str]]:
        return [{**entry, **entry["headers"]} for entry in inbox.read(self.inbox)]


class Real:
    steps = {
        "accepted": {},
        "refused": {"RCPT": "550 no such user zoe.muller@example.com"},
        "content_refused": {"DATA": "554 spam"},
        "busy": {"RCPT": "450 later"},
        "lost": {"DATA": mail_server.DROP},
    }

    def __init__(self, server: MailServer) -> None:
        self.server = server
        self.email = smtp(server.port)

    def will(self, scenario: str) -> None:
        self.server.handler.at = self.steps[scenario]

    def taken(self) -> list[dict[str, str]]:
        found = []
        for envelope, message in self.server.handler.taken:
            text, html = message.get_body(("plain",)), message.get_body(("html",))
            assert text is not None
            entry = {name: str(message[name]) for name in ("List-Unsubscribe", "Reply-To")}
            entry |= {"to": envelope.rcpt_tos[0], "subject": message["Subject"], "text": _lines(text)}
            entry |= {"html": _lines(html) if html else "", "provider_id": message["Message-ID"]}
            found.append(entry)
        return found


def _lines(part: mime.EmailMessage) -> str:
    """Its text; on the wire a line ends with CR LF."""
    return str(part.get_content()).replace("\r\n", "\n")


def smtp(port: int, **options: str) -> Email:
    given = {"host": "127.0.0.1", "port": str(port), "security": "none", "timeout_seconds": "0.5"}
    return registry.make("email", "smtp", {**given, "sender": "Möbel & Mehr <post@example.org>", **options})


@pytest.fixture(params=sorted(registry.names("email")))
def post(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Post]:
    if request.param == "fake":
        yield Fake(tmp_path)
        return
    with serving() as server:
        yield Real(server)


def test_an_accepted_message_arrives_as_it_was_written(post: Post) -> None:
    post.will("accepted")
    assert post.email.send(MESSAGE).provider_id == MESSAGE.message_id
    (taken,) = post.taken()
    for name in ("to", "subject", "text", "html"):
        assert taken[name] == getattr(MESSAGE, name)
    assert taken["provider_id"] == MESSAGE.message_id
    assert taken["List-Unsubscribe"] == MESSAGE.headers["List-Unsubscribe"]


@pytest.mark.parametrize(
    ("scenario", "kind"),
    [("refused", "permanent"), ("content_refused", "permanent"), ("busy", "deferred"), ("lost", "unknown")],
)
def test_a_failure_says_whether_the_message_may_be_sent_again(post: Post, scenario: str, kind: str) -> None:
    post.will(scenario)
    with pytest.raises(ProviderError) as raised:
        post.email.send(MESSAGE)
    assert raised.value.kind == kind
    assert "example.com" not in str(raised.value)


def test_a_message_without_html_is_plain_text(post: Post) -> None:
    post.will("accepted")
    post.email.send(dataclasses.replace(MESSAGE, html=""))
    assert post.taken()[0]["html"] == ""


@pytest.fixture
def server() -> Iterator[MailServer]:
    with serving() as server:
        yield server


@pytest.mark.parametrize(
    ("step", "answer", "kind", "code"),
    [
        ("MAIL", "553 not your domain", "permanent", "sender_refused"),
        ("MAIL", "451 later", "deferred", "sender_refused"),
        ("RCPT", "550 no such user", "permanent", "recipient_refused"),
        ("RCPT", "421 closing", "deferred", "recipient_refused"),
        ("RCPT", mail_server.DROP, "deferred", "unreachable"),
        ("RCPT", mail_server.HANG, "deferred", "unreachable"),
        ("DATA", "452 full", "deferred", "content_refused"),
        ("DATA", mail_server.HANG, "unknown", "no_answer"),
        ("DATA", mail_server.DROP, "unknown", "no_answer"),
        ("DATA", mail_server.BABBLE, "unknown", "answer_unreadable"),
    ],
)
def test_only_a_loss_after_the_content_is_unknown(
    server: MailServer, step: str, answer: str, kind: str, code: str
) -> None:
    server.handler.at = {step: answer}
    with pytest.raises(ProviderError) as raised:
        smtp(server.port).send(MESSAGE)
    assert (raised.value.kind, raised.value.code) == (kind, code)
    assert server.handler.taken == []


def test_a_server_that_is_not_there_or_says_nothing_took_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        for port in (closed_port(), silent.getsockname()[1]):
            with pytest.raises(ProviderError) as raised:
                smtp(port).send(MESSAGE)
            assert (raised.value.kind, raised.value.code) == ("deferred", "unreachable")


def test_a_server_that_is_not_a_mail_server_took_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        thread = threading.Thread(target=_greet, args=(other, b"HTTP/1.1 400 Bad Request\r\n\r\n"))
        thread.start()
        with pytest.raises(ProviderError) as raised:
            smtp(other.getsockname()[1]).send(MESSAGE)
        thread.join()
    assert (raised.value.kind, raised.value.code) == ("deferred", "unreachable")


def _greet(server: socket.socket, greeting: bytes) -> None:
    connection, _ = server.accept()
    with connection:
        connection.sendall(greeting)


def test_the_message_says_who_sends_it_and_when(server: MailServer) -> None:
    smtp(server.port).send(MESSAGE)
    envelope, message = server.handler.taken[0]
    assert envelope.mail_from == "post@example.org"
    assert message["From"] == "Möbel & Mehr <post@example.org>"
    assert message["Date"].datetime == MESSAGE.sent_at
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "multipart/alternative"
    assert isinstance(envelope.content, bytes)
    assert envelope.content.isascii()  # so that it needs no server that speaks 8BITMIME


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_mail_goes_over_tls_and_only_to_a_server_that_we_trust(tmp_path: Path, security: str) -> None:
    trusted = str(mail_server.certificate(tmp_path))
    with serving(security=security, folder=tmp_path) as server:
        smtp(server.port, security=security, ca_file=trusted).send(MESSAGE)
        assert server.handler.secure == [True]
        with pytest.raises(ProviderError) as raised:
            smtp(server.port, security=security).send(MESSAGE)
    assert (raised.value.kind, raised.value.code) == ("deferred", "tls_failed")


def test_a_server_without_starttls_is_not_spoken_to_in_the_clear(server: MailServer) -> None:
    with pytest.raises(ProviderError) as raised:
        smtp(server.port, security="starttls").send(MESSAGE)
    assert (raised.value.kind, raised.value.code) == ("deferred", "tls_missing")
    assert server.handler.taken == []


def test_credentials_are_used_and_wrong_ones_lose_no_message(tmp_path: Path) -> None:
    secure = {"security": "starttls", "ca_file": str(mail_server.certificate(tmp_path)), "username": "ops"}
    with serving(security="starttls", folder=tmp_path, password="right") as server:
        smtp(server.port, password="right", **secure).send(MESSAGE)
        with pytest.raises(ProviderError) as raised:
            smtp(server.port, password="wrong", **secure).send(MESSAGE)
    assert len(server.handler.taken) == 1
    assert (raised.value.kind, raised.value.code) == ("deferred", "credentials_refused")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"subject": "Hello\r\nBcc: everyone@example.com"}, "message_malformed"),
        ({"message_id": "<a@b>\nX: y"}, "message_malformed"),
        ({"to": "nobody"}, "address_invalid"),
        ({"to": "@example.com"}, "address_invalid"),
        ({"to": "a@b..c"}, "address_invalid"),
        ({"to": "zoë@example.com"}, "address_invalid"),
        ({"to": "a@example.com>\r\nRCPT TO:<b@example.com"}, "address_invalid"),
    ],
)
def test_nothing_is_smuggled_into_headers_or_commands(server: MailServer, change: dict[str, str], code: str) -> None:
    with pytest.raises(ProviderError) as raised:
        smtp(server.port).send(dataclasses.replace(MESSAGE, **change))
    assert (raised.value.kind, raised.value.code) == ("permanent", code)
    assert server.handler.taken == []


def test_a_domain_beyond_ascii_is_written_to(server: MailServer) -> None:
    smtp(server.port).send(dataclasses.replace(MESSAGE, to="zoe@müller.example"))
    assert server.handler.taken[0][0].rcpt_tos == ["zoe@xn--mller-kva.example"]


@pytest.mark.parametrize("options", [{"security": "perhaps"}, {"sender": "nobody"}])
def test_wrong_options_are_refused(options: dict[str, str]) -> None:
    with pytest.raises(Refusal) as refused:
        smtp(1, **options)
    assert refused.value.code == "provider.option_invalid"
