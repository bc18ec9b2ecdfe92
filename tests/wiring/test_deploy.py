"""What compose.yaml says exists: its settings, commands and files; and its database works with our roles, over TCP."""

from __future__ import annotations

import json
import os
import re
import runpy
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml

from homestretch.wiring import options
from homestretch.wiring.embedded.account import Account
from homestretch.wiring.embedded.programs import Programs
from homestretch.wiring.main import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = [sys.executable, "-m", "homestretch.wiring.main"]
OF_THE_IMAGE = {"POSTGRES_PASSWORD", "DOMAIN"}  # read by deploy/database and deploy/Caddyfile


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The file, read."""
    return yaml.safe_load((ROOT / "compose.yaml").read_text())


def test_web_worker_and_database_are_one_image(compose):
    services = compose["services"]
    assert {"db", "web", "worker", "migrate"} <= set(services)
    assert {s["image"] for name, s in services.items() if name != "proxy"} == {"homestretch"}
    assert services["proxy"]["profiles"] == ["tls"]


def test_every_setting_is_declared_and_every_command_exists(compose):
    known = {option.name for option in options.OPTIONS} | OF_THE_IMAGE
    for name, service in compose["services"].items():
        assert set(service.get("environment", {})) <= known, name
        command = service.get("command", ["homestretch-database"])
        if command[0] == "homestretch":
            assert command[1] in COMMANDS, name
    image = (ROOT / "Dockerfile").read_text()
    assert "deploy/database /usr/local/bin/homestretch-database" in image
    assert set(re.findall(r"HOMESTRETCH_\w+", image)) <= known


def test_every_file_and_volume_that_is_mounted_is_there(compose):
    for service in compose["services"].values():
        for mount in service.get("volumes", []):
            source = mount.split(":")[0]
            there = source in compose["volumes"] or (ROOT / source).exists() or source == "./backups"
            assert there, mount
    for source in re.findall(r"^COPY (?!--)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE):
        assert all((ROOT / name).exists() for name in source.split()), source


def test_every_variable_of_the_example_is_asked_for_and_none_is_missing():
    asked = set(re.findall(r"\$\{(\w+):\?\}", (ROOT / "compose.yaml").read_text()))
    given = set(re.findall(r"^(\w+)=", (ROOT / "deploy" / "example.env").read_text(), re.MULTILINE))
    assert asked == given


def test_the_images_lock_is_the_servers_part_of_the_lock():
    lock = runpy.run_path(str(ROOT / "deploy" / "lock.py"))
    assert (ROOT / "deploy" / "requirements.lock").read_text() == lock["text"](), "run deploy/lock.py"
    names = set(re.findall(r"^([a-z0-9.-]+)==", lock["text"](), re.MULTILINE))
    assert {"django", "granian", "numpy", "psycopg"} <= names
    assert not {"pytest", "playwright", "mypy"} & names


@pytest.fixture
def database() -> Iterator[dict[str, str]]:
    """`deploy/database`, run as the image runs it, on a port of this machine; the environment of the other services."""
    account = Account.current()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        os.chown(folder, account.uid, account.gid)
        environment = os.environ | {
            "POSTGRES_PASSWORD": "admin1",
            "POSTGRES_PROGRAMS": str(Programs.reachable_by(account).bin),
            "POSTGRES_LISTEN": "127.0.0.1",
            "POSTGRES_PORT": str(port),
            "PGDATA": f"{folder}/data",
            "TMPDIR": folder,
        }
        switch = {"user": account.uid, "group": account.gid, "extra_groups": []} if account.switched else {}
        script = (ROOT / "deploy" / "database").read_text()
        server = subprocess.Popen(
            ["/bin/sh", "-c", script],
            env=environment,
            cwd=folder,
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            **switch,
        )
        try:
            at = f"127.0.0.1:{port}"
            _wait(f"postgresql://postgres:admin1@{at}/postgres", server)
            yield os.environ | {
                "DATABASE_URL": f"postgresql://hs_app:app1@{at}/homestretch",
                "DATABASE_OWNER_URL": f"postgresql://hs_owner:owner1@{at}/homestretch",
                "DATABASE_ADMIN_URL": f"postgresql://postgres:admin1@{at}/postgres",
                "HOMESTRETCH_HOME": f"{folder}/home",
                "HOMESTRETCH_MODE": "production",
                "HOMESTRETCH_URL": "https://vans.example.com",
                "HOMESTRETCH_LOG": "json",
                "HOMESTRETCH_SECRET_KEY": "k" * 40,
                **dict.fromkeys(("HOMESTRETCH_SMS", "HOMESTRETCH_EMAIL", "HOMESTRETCH_GEOCODER"), "fake"),
            }
        finally:
            server.terminate()
            server.wait(20)


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(address, connect_timeout=2).close()
        except psycopg.OperationalError:
            assert server.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)
        else:
            return


def test_the_services_commands_work_on_its_database(database, tmp_path):
    def run(*words: str, said: str = "") -> Any:
        command = [*PROGRAM, *words, "--json"]
        done = subprocess.run(command, env=database, input=said, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout.splitlines()[-1])

    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(database["DATABASE_ADMIN_URL"].replace("admin1", "wrong"))
    assert run("migrate")["applied"] > 50
    words = ("organization", "Town Vans", "--owner", "owner@town.example", "--zone", "Europe/Luxembourg")
    assert run(*words, "--password-stdin", said="a long word of no use\n")["owner"] == "owner@town.example"
    report = run("doctor")
    assert set(report["invariants"].values()) == {"held"}
    assert report["system"]["role"] == "hs_app"
    assert any("no worker" in note for note in report["notes"])
    assert run("backup", str(tmp_path))["bytes"] > 10_000
