"""`homestretch restore`: put a backup back, into an empty database, or with --replace over what stands."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from homestretch.wiring import database
from homestretch.wiring.django import set_up

NAME = "restore"
HELP = "put a backup back (serve and work are stopped)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the file that `backup` wrote")
    parser.add_argument("--replace", action="store_true", help="lose what the database has in it now")


def run(args: argparse.Namespace) -> int:
    """Restore, then ask the doctor. JSON: `{"blobs", "era", "doctor": {...}}`; exit 1 where an invariant is broken.

    Refuses `restore.not_a_backup`, `restore.damaged`, `restore.in_use`, `restore.not_empty`, `restore.other_key`,
    `backup.tool_missing`, `backup.tool_failed`.
    """
    from homestretch.wiring.backups import unpack

    with unpack.opened(args.file) as (archive, manifest), database.connected(as_owner=True) as address:
        owner = address.owner or ""
        database.prepare(address)
        unpack.require_room(owner, replace=args.replace)
        unpack.put_key(archive, manifest)
        set_up()
        from django.conf import settings

        from homestretch.providers.storage.own import store_of

        blobs = unpack.put_blobs(archive, partial(store_of, chosen=settings.HOMESTRETCH_PROVIDERS["storage"]))
        with tempfile.TemporaryDirectory() as folder:
            unpack.put_database(archive, owner, Path(folder))
        era = unpack.begin_era(owner)
        _finish()
    return _examine(args, blobs, era)


def _finish() -> None:
    """Bring it to this version, harden it again, and seal what the dump caught unsealed."""
    from django.db import connections

    from homestretch.events.worker import seal_all
    from homestretch.wiring import schema

    schema.migrate()
    seal_all()
    connections.close_all()
    for connection in connections.all():
        connection.close_pool()


def _examine(args: argparse.Namespace, blobs: int, era: int) -> int:
    """The doctor is the app's role: a process of its own."""
    command = [sys.executable, "-m", "homestretch.wiring.main", "doctor", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = done.stdout.strip().splitlines()
    report: Any = json.loads(lines[-1]) if lines else {"error": done.stderr[-2000:]}
    if args.json:
        print(json.dumps({"blobs": blobs, "era": era, "doctor": report}))
    else:
        print(f"restored, with {blobs} blobs")
        for finding in report.get("findings", []):
            print(f"{finding['invariant']} is broken: {finding['subject']}: {finding['what']}")
        print("every invariant is held" if done.returncode == 0 else "see `homestretch doctor`")
    return done.returncode
