"""Adapters are found by name and made from texts; what is wrong is refused with the option's name."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from homestretch.kernel.refusal import Refusal
from homestretch.providers import registry
from homestretch.providers.email.smtp import SmtpOptions
from homestretch.providers.sms.fake import FakeSmsOptions
from homestretch.providers.webhook.http import HttpWebhookOptions


@pytest.mark.parametrize("kind", registry.KINDS)
def test_every_kind_has_a_fake_and_something_real(kind: str) -> None:
    assert "fake" in registry.names(kind)
    assert len(registry.names(kind)) > 1


def test_texts_become_what_the_adapter_wants() -> None:
    given = {"host": "mail", "sender": "a@b.c", "port": "25", "timeout_seconds": "1.5", "ca_file": "/x.pem"}
    options = registry.read_options(SmtpOptions, given)
    assert (options.port, options.timeout_seconds, options.ca_file) == (25, 1.5, Path("/x.pem"))
    assert registry.read_options(SmtpOptions, {**given, "ca_file": ""}).ca_file is None
    assert registry.read_options(FakeSmsOptions, {"inbox": Path("box")}).inbox == Path("box")
    assert registry.read_options(HttpWebhookOptions, {"allow_loopback": "TRUE", "timeout_seconds": 3}).allow_loopback


@pytest.mark.parametrize(
    ("kind", "name", "options", "code", "field"),
    [
        ("sms", "pigeon", {}, "provider.name_unknown", None),
        ("sms", "fake", {}, "provider.option_missing", "inbox"),
        ("sms", "fake", {"inbox": "x", "sekret": "x"}, "provider.option_unknown", "sekret"),
        ("email", "smtp", {"host": "h", "sender": "a@b", "port": "many"}, "provider.option_invalid", "port"),
        ("email", "smtp", {"host": "h", "sender": "a@b", "port": None}, "provider.option_invalid", "port"),
        ("webhook", "http", {"allow_loopback": "maybe"}, "provider.option_invalid", "allow_loopback"),
    ],
)
def test_wrong_options_are_refused_by_name(kind, name, options, code, field) -> None:
    with pytest.raises(Refusal) as refused:
        registry.make(kind, name, options)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_providers_need_no_django() -> None:
    script = (
        "import sys; from homestretch.providers import registry; [registry.names(kind) for kind in registry.KINDS];"
        "bad = {m.split('.')[0] for m in sys.modules} & {'django', 'procrastinate', 'psycopg', 'ninja'};"
        "ours = {m.split('.')[1] for m in sys.modules if m.startswith('homestretch.')} - {'kernel', 'providers'};"
        "sys.exit(str(bad | ours) if bad | ours else 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
