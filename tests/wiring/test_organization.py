"""A real installation is set up on the command line: an organization and its owner, once."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from homestretch.accounts import queries
from homestretch.accounts.models import User
from homestretch.accounts.principals import who_is_email
from homestretch.events.scope import scope
from homestretch.events.subscribe import known_organizations

EMAIL = "owner@town.example"
WORDS = ("Town Vans", "--owner", EMAIL)


def organization(committed: Any, *words: str, said: str = "") -> tuple[int, dict[str, Any]]:
    """The command in a process of its own: exit code and its JSON."""
    command = [sys.executable, "-m", "homestretch.wiring.main", "organization", *words, "--json"]
    done = subprocess.run(
        command, env=committed.environment, input=said, capture_output=True, text=True, check=False, timeout=60
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, json.loads(done.stdout.splitlines()[-1])


def test_an_owner_can_sign_in_with_the_password_that_is_shown_and_a_second_time_is_refused(committed: Any) -> None:
    code, made = organization(committed, *WORDS, "--zone", "Europe/Luxembourg", "--country", "LU", "--currency", "CHF")
    assert (code, made["slug"], made["owner"]) == (0, "town-vans", EMAIL)
    (owner,) = who_is_email(EMAIL)
    assert str(owner.organization_id) == made["organization"]
    assert owner.role == "owner"
    assert User.objects.get(email=EMAIL).check_password(made["password"])
    with scope(owner):
        row = queries.organization()
    assert (row.name, row.zone, row.country, row.currency) == ("Town Vans", "Europe/Luxembourg", "LU", "CHF")
    again = [
        organization(committed, *WORDS),
        organization(committed, "town  VANS!", "--owner", "other@town.example"),
        organization(committed, "Other", "--owner", EMAIL.upper()),
    ]
    assert [(code, told["error"]["code"]) for code, told in again] == [
        (1, "organization.name_taken"),
        (1, "organization.name_taken"),
        (1, "organization.owner_taken"),
    ]
    assert len(known_organizations()) == 1


def test_a_password_may_be_given_and_what_is_refused_leaves_nothing(committed: Any) -> None:
    refused = [
        organization(committed, *WORDS, "--password-stdin", said="short\n"),
        organization(committed, *WORDS, "--zone", "Europe/Nowhere"),
        organization(committed, "Town Vans", "--owner", ""),
    ]
    assert [code for code, _ in refused] == [1, 1, 1]
    assert [refused[number][1]["error"]["code"] for number in (0, 2)] == ["password.weak", "contact.email_invalid"]
    assert (known_organizations(), User.objects.exists()) == ([], False)
    code, made = organization(committed, *WORDS, "--password-stdin", said="a long word of no use elsewhere\n")
    assert (code, made["password"]) == (0, None)
    assert User.objects.get(email=EMAIL).check_password("a long word of no use elsewhere")


@pytest.mark.parametrize("words", [(), ("Town Vans",)])
def test_a_name_and_an_owner_are_needed(words: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "homestretch.wiring.main", "organization", *words]
    assert subprocess.run(command, capture_output=True, check=False, timeout=60).returncode == 2
