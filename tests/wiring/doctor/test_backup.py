"""A backup of a running day, the database destroyed, a restore: all that was acknowledged before is there."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connections
from django.test import override_settings
from psycopg import sql

from homestretch.events.log import tail
from homestretch.events.models import Cursor, Event
from homestretch.events.scope import scope
from homestretch.events.subscribe import behind, known_organizations
from homestretch.kernel.actor import Actor, system
from homestretch.kernel.refusal import Refusal
from homestretch.orders.models import Order
from homestretch.wiring.backups import unpack
from tests import databases
from tests.conftest import _pointed_at
from tests.town.orders import an_order
from tests.wiring.doctor.conftest import Patient
from tests.work import run_drains

PROGRAM = [sys.executable, "-W", "error", "-m", "homestretch.wiring.main"]


class Shop(threading.Thread):
    """Orders come in without a pause; `acknowledged` are those that were committed."""

    def __init__(self, by: Actor) -> None:
        super().__init__(daemon=True)
        self.by, self.acknowledged, self.enough = by, list[UUID](), threading.Event()

    def run(self) -> None:
        number = 100
        while not self.enough.is_set():
            self.acknowledged.append(an_order(self.by, number).id)
            number += 1
        connections.close_all()


@pytest.fixture
def empty(patient: Patient) -> Iterator[databases.Clone]:
    """A database that does not exist yet."""
    made = databases.Clone(patient.clone.server, f"{databases.PREFIX}{os.getpid()}_{secrets.token_hex(4)}")
    yield made
    with psycopg.connect(made.server.dsn(), autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(made.name)))


def command(clone: databases.Clone, folder: Path, *words: str) -> tuple[int, dict[str, Any]]:
    """Run one of ours on that database and that folder of blobs."""
    environment = clone.environment | {
        "HOMESTRETCH_BLOBS": str(folder / "blobs"),
        "HOMESTRETCH_CLOCK": "simulated",
        "DATABASE_ADMIN_URL": clone.server.dsn(),
    }
    done = subprocess.run([*PROGRAM, *words, "--json"], env=environment, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout.splitlines()[-1])


def test_nothing_acknowledged_before_the_backup_is_missing(
    patient: Patient,
    empty: databases.Clone,
    tmp_path: Path,
) -> None:
    us = system(known_organizations()[0])
    shop = Shop(us)
    shop.start()
    while len(shop.acknowledged) < 5:
        shop.join(0.05)
    before = list(shop.acknowledged)
    code, made = command(patient.clone, patient.folder, "backup", str(tmp_path / "day.tar"))
    shop.enough.set()
    shop.join()
    assert (code, made["missing_blobs"]) == (0, [])
    assert len(shop.acknowledged) > len(before), "the day went on meanwhile"
    assert (tmp_path / "day.tar").stat().st_mode & 0o777 == 0o600
    shutil.rmtree(patient.folder / "blobs")

    code, restored = command(empty, tmp_path / "elsewhere", "restore", str(tmp_path / "day.tar"))
    assert restored["doctor"]["findings"] == []
    assert set(restored["doctor"]["invariants"].values()) == {"held"}
    assert (code, restored["blobs"] > 0) == (0, True)
    with _pointed_at(empty), override_settings(HOMESTRETCH_SIMULATED_CLOCK=True):
        with scope(us):
            assert set(before) <= set(Order.objects.values_list("id", flat=True))
            last = Event.objects.order_by("-tx", "-id").first()
        later = an_order(us, 99)
        with scope(us):
            told = [event.subject_id for event in tail((last.tx, last.id))]
        assert later.id in told, "a tail that stood at the end reads on"
        while "webhooks.relay" in behind(us.organization_id):
            run_drains(us.organization_id)
        cursor = Cursor.objects.get(organization_id=us.organization_id, name="webhooks.relay")
        assert cursor.tx > last.tx, "a drain that stood at the end reads on"
        assert cursor.tx > restored["era"] >= unpack.ERA


def test_a_restore_takes_nothing_away_unasked_and_from_nobody(patient: Patient, tmp_path: Path) -> None:
    code, made = command(patient.clone, patient.folder, "backup", str(tmp_path))
    assert code == 0
    code, said = command(patient.clone, patient.folder, "restore", made["file"], "--replace")
    assert (code, said["error"]["code"]) == (1, "restore.in_use")
    connections.close_all()
    connections["default"].close_pool()
    patient.superuser.close()
    code, said = command(patient.clone, patient.folder, "restore", made["file"])
    assert (code, said["error"]["code"]) == (1, "restore.not_empty")
    code, said = command(patient.clone, patient.folder, "restore", made["file"], "--replace")
    assert (code, said["doctor"]["findings"]) == (0, [])


def test_a_damaged_archive_and_a_stranger_are_refused(patient: Patient, tmp_path: Path) -> None:
    _, made = command(patient.clone, patient.folder, "backup", str(tmp_path / "whole.tar"))
    whole = Path(made["file"]).read_bytes()
    (tmp_path / "cut.tar").write_bytes(whole[: len(whole) // 2])
    with tarfile.open(made["file"]) as archive:
        offset = archive.getmember("database.dump").offset_data
    (tmp_path / "bent.tar").write_bytes(whole[: offset + 100] + b"????" + whole[offset + 104 :])
    (tmp_path / "other.tar").write_bytes(b"no archive")
    for name, code in (("cut", "not_a_backup"), ("bent", "damaged"), ("other", "not_a_backup")):
        with pytest.raises(Refusal) as refused, unpack.opened(tmp_path / f"{name}.tar"):
            pass
        assert refused.value.code == f"restore.{code}"
    code, said = command(patient.clone, patient.folder, "backup", made["file"])
    assert (code, said["error"]["code"]) == (1, "backup.exists")
