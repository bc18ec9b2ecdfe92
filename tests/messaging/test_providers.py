"""The same message through a real mail server and a company that speaks like Twilio, on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from homestretch.kernel.actor import Actor
from homestretch.providers import http
from tests.providers import mail_server
from tests.providers.listener import HANG, Answer, listening
from tests.providers.mail_server import DROP, MailServer
from tests.town.dispatch import a_road
from tests.town.messaging import Post, it_is, said, states
from tests.town.orders import an_order
from tests.town.places import AT

ROSA = {"name": "Rosa <R>", "email": "rosa@example.com", "language": "de", "consent": {"email": True}}
PHONED = {"name": "Rosa", "phone": "+352621000009", "consent": {"sms": True}}


@pytest.fixture
def mail(post: Post, tmp_path: Path) -> Iterator[MailServer]:
    """A real SMTP server with STARTTLS and a login, at which our e-mails arrive."""
    with mail_server.serving(security="starttls", folder=tmp_path, password="secret") as server:
        options = {
            "host": "127.0.0.1",
            "port": str(server.port),
            "sender": "Vans <vans@example.com>",
            "security": "starttls",
            "username": "ops",
            "password": "secret",
            "ca_file": str(mail_server.certificate(tmp_path)),
        }
        providers = {**post.providers(), "email": ("smtp", options)}
        with override_settings(HOMESTRETCH_PROVIDERS=providers, DEFAULT_FROM_EMAIL="Vans <vans@example.com>"):
            yield server


def test_an_email_arrives_with_words_link_and_a_way_to_end_it(us: Actor, mail: MailServer) -> None:
    a_road(us, orders=[an_order(us, 9, recipient=ROSA)])
    it_is(AT)
    assert states(us) == [("scheduled", "email", "sent", "")]
    (row,), ((envelope, message),) = said(us), mail.handler.taken
    assert envelope.rcpt_tos == ["rosa@example.com"]
    assert message["Message-ID"] == f"<{row.id}@example.com>" == row.provider_id
    assert message["Subject"] == "Ihre Bestellung A-9: Mo 23.11., 08:00-09:30"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = message["List-Unsubscribe"].strip("<>").removesuffix("/unsubscribe")
    assert link.startswith("https://vans.example.com/t/hst_")
    text = message.get_body(("plain",)).get_content()
    html = message.get_body(("html",)).get_content()
    assert "Guten Tag Rosa <R>," in text
    assert f"{link}\r\n" in text
    assert f"Keine E-Mails mehr: {link}/unsubscribe" in text
    assert "Guten Tag Rosa &lt;R&gt;," in html
    assert f'<a href="{link}">' in html


@pytest.mark.parametrize(
    ("step", "answer", "state"),
    [
        ("RCPT", "550 no such mailbox", "refused"),
        ("RCPT", "451 try later", "deferred"),
        ("DATA", "554 not wanted", "refused"),
        ("DATA", DROP, "unknown"),
    ],
)
def test_how_a_mail_server_fails_decides_whether_it_is_tried_again(
    us: Actor, mail: MailServer, step: str, answer: str, state: str
) -> None:
    mail.handler.at = {step: answer}
    a_road(us, orders=[an_order(us, 9, recipient=ROSA)])
    it_is(AT)
    assert [row.state for row in said(us)] == [state]


def test_wrong_options_send_nothing_and_are_tried_again_when_mended(us: Actor, post: Post) -> None:
    broken = {**post.providers(), "sms": ("twilio", {"account_sid": "", "auth_token": "t", "sender": "+1"})}
    with override_settings(HOMESTRETCH_PROVIDERS=broken):
        a_road(us, orders=[an_order(us, 9, recipient=PHONED)])
        it_is(AT)
    assert states(us) == [("scheduled", "sms", "deferred", "provider.option_missing")]


def test_an_sms_company_is_told_an_address_of_the_message_to_report_to(us: Actor, post: Post) -> None:
    with listening() as company:
        company.say(Answer(201, b'{"sid": "SM1"}'))
        options = {"account_sid": "AC1", "auth_token": "t", "sender": "+352621000000", "base_url": company.url}
        providers = {**post.providers(), "sms": ("twilio", {**options, "status_callback": ""})}
        with override_settings(HOMESTRETCH_PROVIDERS=providers):
            a_road(us, orders=[an_order(us, 9, recipient=PHONED)])
            it_is(AT)
        http.client().close()
        http.client.cache_clear()
    (row,), (request,) = said(us), company.received
    assert (row.state, row.provider_id) == ("sent", "SM1")
    there = f"https://vans.example.com/hooks/sms/twilio/{us.organization_id}/{row.id}"
    assert request.form["StatusCallback"] == there
    assert request.form["To"] == PHONED["phone"]


def test_a_company_that_does_not_answer_leaves_it_unknown(us: Actor, post: Post) -> None:
    with listening() as company:
        company.say(HANG)
        options = {"account_sid": "AC1", "auth_token": "t", "sender": "+352621000000", "base_url": company.url}
        providers = {**post.providers(), "sms": ("twilio", {**options, "timeout_seconds": "0.3"})}
        with override_settings(HOMESTRETCH_PROVIDERS=providers):
            a_road(us, orders=[an_order(us, 9, recipient=PHONED)])
            it_is(AT)
        http.client().close()
        http.client.cache_clear()
    assert states(us) == [("scheduled", "sms", "unknown", "no_answer")]
    assert len(company.received) == 1
