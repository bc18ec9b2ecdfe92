"""Every setting an operator can give, in one table: the docs and a test are made from it.

Settings are environment variables. `DATABASE_URL` and its two companions keep the names that hosting platforms use; all
others begin with `HOMESTRETCH_`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from homestretch.kernel.refusal import Refusal

CLOCKS = ("real", "simulated")
LOGS = ("", "text", "json")
MODES = ("development", "demo", "production")


def _mode(text: str) -> str:
    if text not in MODES:
        raise ValueError(f"one of {', '.join(MODES)}")
    return text


def _clock(text: str) -> str:
    if text not in CLOCKS:
        raise ValueError(f"one of {', '.join(CLOCKS)}")
    return text


def _log(text: str) -> str:
    if text not in LOGS:
        raise ValueError("text or json")
    return text


def _yes_or_no(text: str) -> bool:
    if text.lower() not in {"yes", "no", "true", "false", "1", "0"}:
        raise ValueError("yes or no")
    return text.lower() in {"yes", "true", "1"}


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ValueError("a whole number above zero")
    return int(text)


def _rungs(text: str) -> tuple[str, ...]:
    rungs = _list(text)
    if not set(rungs) <= {"roads", "service"}:
        raise ValueError("some of roads, service, by comma")
    return rungs


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


@dataclass(frozen=True)
class Option:
    """One setting. `read` turns the text into the value or raises `ValueError` with what would be right."""

    name: str
    read: Callable[[str], Any]
    default: str
    help: str
    secret: bool = False

    @property
    def kind(self) -> str:
        """Type for the docs."""
        kinds: dict[Callable[[str], Any], str] = {
            _mode: " | ".join(MODES),
            _yes_or_no: "yes or no",
            _positive: "whole number",
            _clock: " | ".join(CLOCKS),
            _log: "text | json",
            _list: "list, by comma",
            _rungs: "list, by comma",
        }
        return kinds.get(self.read, "text")


OPTIONS = (
    Option("DATABASE_URL", str, "", "PostgreSQL 15+ as the role hs_app; empty: the embedded server.", secret=True),
    Option(
        "DATABASE_OWNER_URL", str, "", "The same database as hs_owner; only `migrate` and `backup` use it.", secret=True
    ),
    Option(
        "DATABASE_ADMIN_URL",
        str,
        "",
        "The same server as a superuser; only `migrate` uses it, to make the two roles and the database.",
        secret=True,
    ),
    Option("HOMESTRETCH_HOME", str, "", "Folder of the database, files and keys; empty: the user's data folder."),
    Option(
        "HOMESTRETCH_MODE",
        _mode,
        "development",
        "What may be on: production refuses the simulated clock, plain http and a fake that nobody named.",
    ),
    Option("HOMESTRETCH_CLOCK", _clock, "real", "`simulated` lets a simulation set the time; refused in production."),
    Option(
        "HOMESTRETCH_SECRET_KEY", str, "", "Signs sessions and links; empty: made once, kept in the home folder.", True
    ),
    Option(
        "HOMESTRETCH_URL", str, "http://127.0.0.1:8000", "Where people reach this installation; https in production."
    ),
    Option("HOMESTRETCH_HOSTS", _list, "", "Further host names that are answered, beside that of HOMESTRETCH_URL."),
    Option("HOMESTRETCH_TRUSTED_PROXY", _yes_or_no, "no", "Whether X-Forwarded-For and -Proto come from an own proxy."),
    Option("HOMESTRETCH_POOL", _positive, "20", "Most database connections of one process."),
    Option(
        "HOMESTRETCH_SEARCH_THREADS", _positive, "1", "Threads that search for one plan, each on a core if it is free."
    ),
    Option("HOMESTRETCH_BODY_BYTES", _positive, "20000000", "Largest request body, in bytes."),
    Option("HOMESTRETCH_LOG", _log, "", "Form of log lines: text, json; empty: json in production, text elsewhere."),
    Option(
        "HOMESTRETCH_METRICS_TOKEN",
        str,
        "",
        "Bearer that opens /metrics to other machines; empty: this one alone.",
        True,
    ),
    Option("HOMESTRETCH_RATE", _positive, "1", "Factor on all rate limits, for load tests."),
    Option(
        "HOMESTRETCH_SECOND_FACTOR",
        _yes_or_no,
        "no",
        "Whether staff must sign in with a second factor; in production they always must.",
    ),
    Option(
        "HOMESTRETCH_EMAIL_URL", str, "", "smtp://user:password@host:port or smtps://...; empty: kept, not sent.", True
    ),
    Option(
        "HOMESTRETCH_GEOCODER",
        str,
        "fake",
        "Who locates addresses that no map of ours knows: nominatim, photon, pelias, google, none; fake invents "
        "places, and only where no map is installed.",
    ),
    Option(
        "HOMESTRETCH_GEOCODER_URL",
        str,
        "",
        "Base address of the Nominatim, Photon or Pelias server, without /search or /api; of Google, in its place.",
    ),
    Option("HOMESTRETCH_GEOCODER_KEY", str, "", "Key of Google, or of a Pelias server that wants one.", secret=True),
    Option(
        "HOMESTRETCH_MATRIX",
        str,
        "",
        "Who is asked for travel times where no map of ours answers: osrm, osrm_local, valhalla, google, here, tomtom, "
        "fake; empty: nobody.",
    ),
    Option(
        "HOMESTRETCH_MATRIX_URL", str, "", "Base address of the OSRM or Valhalla server; of others, in their place."
    ),
    Option(
        "HOMESTRETCH_MATRIX_DATA", str, "", "File that ends in .osrm, of osrm_local: made by osrm extract, contract."
    ),
    Option("HOMESTRETCH_MATRIX_KEY", str, "", "Key of Google, HERE or TomTom for travel times.", secret=True),
    Option(
        "HOMESTRETCH_MATRIX_ZONE", str, "", "Zone of Valhalla's map, as Europe/Berlin; empty: asked without an hour."
    ),
    Option(
        "HOMESTRETCH_LADDER",
        _rungs,
        "roads,service",
        "Whose travel times are asked, in this order: roads (the installed map), service (HOMESTRETCH_MATRIX). "
        "Where none can answer, they are estimated from the great circle.",
    ),
    Option("HOMESTRETCH_TRAFFIC", str, "", "Who is asked how traffic moves: here, tomtom, fake; empty: nobody."),
    Option("HOMESTRETCH_TRAFFIC_KEY", str, "", "Key of HERE or TomTom for traffic.", secret=True),
    Option("HOMESTRETCH_WEATHER", str, "", "Who is asked for the weather: open_meteo, fake; empty: nobody."),
    Option("HOMESTRETCH_WEATHER_URL", str, "", "Where an Open-Meteo of one's own answers; empty: theirs."),
    Option("HOMESTRETCH_WEATHER_KEY", str, "", "Key of Open-Meteo's service for customers.", secret=True),
    Option(
        "HOMESTRETCH_GEOCODER_CACHE_DAYS",
        _positive,
        "30",
        "Days for which a geocoder's answer is kept, and given again to the same question.",
    ),
    Option("HOMESTRETCH_WEBHOOK_LOOPBACK", _yes_or_no, "no", "Whether webhooks may go to this machine, by plain http."),
    Option(
        "HOMESTRETCH_MAP_STYLE",
        str,
        "",
        "Another style of the map: a file, in which {tiles} stands for our tiles, or an https address; empty: our own.",
    ),
    Option("HOMESTRETCH_MAP_PMTILES", str, "", "A PMTiles file to draw instead of the maps that were added."),
    Option(
        "HOMESTRETCH_MAP_ORIGINS",
        _list,
        "",
        "Origins (https://host) that another style may load tiles, letters and pictures from.",
    ),
    Option("HOMESTRETCH_BLOBS", str, "", "Folder of proofs and import files; empty: `blobs` in the home folder."),
    Option("HOMESTRETCH_SMS", str, "fake", "Who carries SMS: fake (kept in a file, not sent), twilio."),
    Option("HOMESTRETCH_TWILIO_ACCOUNT", str, "", "Account of Twilio, or of a company that speaks like it."),
    Option("HOMESTRETCH_TWILIO_TOKEN", str, "", "Its token: signs in, and verifies what is called back.", secret=True),
    Option("HOMESTRETCH_TWILIO_SENDER", str, "", "Number, name or messaging service (MG...) that SMS come from."),
    Option("HOMESTRETCH_TWILIO_URL", str, "https://api.twilio.com", "Base address of its API."),
    Option(
        "HOMESTRETCH_EMAIL",
        str,
        "fake",
        "Who carries messages by e-mail: fake (kept in a file, not sent), smtp (the server of HOMESTRETCH_EMAIL_URL).",
    ),
    Option("HOMESTRETCH_FAULTS", str, "", "File with what the fake providers are to get wrong; empty: nothing."),
    Option(
        "HOMESTRETCH_FAKE_SECRET", str, "", "Signs callbacks of the fake SMS provider; empty: none is believed.", True
    ),
    Option("HOMESTRETCH_EMAIL_FROM", str, "homestretch@localhost", "Sender of e-mails."),
)

_BY_NAME = {option.name: option for option in OPTIONS}


def option(name: str, environment: Mapping[str, str] = os.environ) -> Any:
    """Value of a declared setting. Refuses `option.invalid`; an undeclared name is a `KeyError`, a bug."""
    declared = _BY_NAME[name]
    text = environment.get(name) or declared.default
    try:
        return declared.read(text)
    except ValueError as error:
        shown = "its value" if declared.secret else repr(text)
        raise Refusal("option.invalid", f"{name} does not take {shown}", remedy=f"set it to {error}") from error


def undeclared(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Names that begin like ours and are none of ours: misspelled settings."""
    ours = {*_BY_NAME, "HOMESTRETCH_DATA"}
    return sorted(name for name in environment if name.startswith("HOMESTRETCH_") and name not in ours)
