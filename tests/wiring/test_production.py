"""Production does not start on what nobody chose, nor in the clear; an unknown adapter stops every start."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from homestretch.kernel.refusal import Refusal
from homestretch.wiring import production

SAFE = {
    "HOMESTRETCH_MODE": "production",
    "HOMESTRETCH_URL": "https://vans.example.com",
    "HOMESTRETCH_SMS": "twilio",
    "HOMESTRETCH_EMAIL": "smtp",
    "HOMESTRETCH_GEOCODER": "nominatim",
}


def test_what_was_chosen_starts() -> None:
    production.require(SAFE)
    production.require(SAFE | dict.fromkeys(production.ADAPTERS, "fake"))
    production.require(SAFE | {"HOMESTRETCH_SECRET_KEY": "k" * 32})


@pytest.mark.parametrize(
    ("changes", "code", "named"),
    [
        ({"HOMESTRETCH_SMS": ""}, "option.not_chosen", "HOMESTRETCH_SMS"),
        ({"HOMESTRETCH_EMAIL": ""}, "option.not_chosen", "HOMESTRETCH_EMAIL"),
        ({"HOMESTRETCH_GEOCODER": ""}, "option.not_chosen", "HOMESTRETCH_GEOCODER"),
        ({"HOMESTRETCH_URL": "http://vans.example.com"}, "option.insecure", "HOMESTRETCH_URL"),
        ({"HOMESTRETCH_URL": ""}, "option.insecure", "HOMESTRETCH_URL"),
        ({"HOMESTRETCH_SECRET_KEY": "secret"}, "option.insecure", "HOMESTRETCH_SECRET_KEY"),
        ({"HOMESTRETCH_CLOCK": "simulated"}, "clock.refused_in_production", "HOMESTRETCH_CLOCK"),
    ],
)
def test_production_refuses_what_nobody_chose_and_what_is_not_safe(changes, code, named) -> None:
    with pytest.raises(Refusal) as refused:
        production.require(SAFE | changes)
    assert (refused.value.code, named in refused.value.cause) == (code, True)
    assert refused.value.remedy
    production.require(SAFE | changes | {"HOMESTRETCH_MODE": "demo"})


def test_the_value_of_a_key_is_never_repeated() -> None:
    with pytest.raises(Refusal) as refused:
        production.require(SAFE | {"HOMESTRETCH_SECRET_KEY": "hunter2"})
    assert "hunter2" not in f"{refused.value} {refused.value.remedy}"


@pytest.mark.parametrize("name", production.ADAPTERS)
def test_an_adapter_that_does_not_exist_is_refused_in_every_mode(name) -> None:
    with pytest.raises(Refusal, match=r"provider\.name_unknown") as refused:
        production.require({name: "pigeon"})
    assert (refused.value.field, "fake" in refused.value.remedy) == (name, True)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"HOMESTRETCH_MODE": "production", "HOMESTRETCH_URL": "https://vans.example.com"}, "option.not_chosen"),
        ({"HOMESTRETCH_SMS": "pigeon"}, "provider.name_unknown"),
    ],
)
@pytest.mark.parametrize("command", ["serve", "work"])
def test_no_process_starts_on_it(command, changes, code, tmp_path) -> None:
    environment = os.environ | {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    environment |= {"HOMESTRETCH_HOME": str(tmp_path), **changes}
    words = [sys.executable, "-m", "homestretch.wiring.main", command]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert done.stderr.startswith(f"{code}: ")


@pytest.mark.parametrize(
    ("kind", "name", "options", "field"),
    [
        ("sms", "twilio", {"account_sid": "AC1", "auth_token": "", "sender": "+352621000001"}, "auth_token"),
        ("email", "smtp", {"host": "", "sender": "vans@example.com"}, "host"),
        ("geocoding", "nominatim", {"base_url": ""}, "base_url"),
        ("matrix", "osrm", {"base_url": ""}, "base_url"),
        ("traffic", "here", {"api_key": ""}, "api_key"),
    ],
)
def test_a_chosen_adapter_without_what_it_needs_stops_the_start(kind, name, options, field) -> None:
    with pytest.raises(Refusal, match=r"provider\.option_missing") as refused:
        production.require_options({kind: (name, options)})
    assert (refused.value.field, name in refused.value.cause) == (field, True)
    production.require_options({kind: (name, options | {field: "given"})})


def test_no_command_starts_on_an_adapter_that_lacks_its_key() -> None:
    environment = os.environ | {"HOMESTRETCH_SMS": "twilio", "DJANGO_SETTINGS_MODULE": "homestretch.wiring.settings"}
    command = [sys.executable, "-m", "homestretch.wiring.main", "manage", "check"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "account_sid" in done.stderr
    assert "Traceback" not in done.stderr


def test_travel_times_traffic_and_weather_are_asked_of_nobody_until_somebody_is_named() -> None:
    script = "from homestretch.wiring import settings; print(settings.HOMESTRETCH_PROVIDERS)"

    def providers(**changes: str) -> str:
        words = [sys.executable, "-c", script]
        return subprocess.run(words, env=os.environ | changes, capture_output=True, text=True, check=True).stdout

    assert "'matrix'" not in providers()
    assert "'matrix': ('osrm', {'base_url': 'http://osrm'})" in providers(
        HOMESTRETCH_MATRIX="osrm", HOMESTRETCH_MATRIX_URL="http://osrm"
    )
    assert "'weather'" not in providers()
    assert "'weather': ('open_meteo', {'api_key': '', 'base_url': 'http://own'})" in providers(
        HOMESTRETCH_WEATHER="open_meteo", HOMESTRETCH_WEATHER_URL="http://own"
    )
    assert "'traffic': ('here', {'api_key': 'k'})" in providers(HOMESTRETCH_TRAFFIC="here", HOMESTRETCH_TRAFFIC_KEY="k")
