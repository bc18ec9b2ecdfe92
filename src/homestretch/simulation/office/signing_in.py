"""The dispatcher signs in, as a person with an e-mail address and a password."""

from __future__ import annotations

from dataclasses import dataclass

from homestretch.simulation.client import Client, Line
from homestretch.simulation.office.desk import API

LOGIN = "/_allauth/app/v1/auth/login"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account."""

    email: str
    password: str


def member_of(line: Line, person: Person) -> str:
    """The membership of whoever signs in."""
    answer = Client(line, "dispatcher").post(LOGIN, {"email": person.email, "password": person.password})
    session = Client(line, "dispatcher", answer["meta"]["session_token"])
    return str(session.get(f"{API}/auth/me")["id"])
