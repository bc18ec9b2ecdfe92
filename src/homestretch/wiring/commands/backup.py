"""`homestretch backup`: everything into one file, while everything runs."""

from __future__ import annotations

import argparse
import json
from functools import partial
from importlib.metadata import version
from pathlib import Path

from homestretch.wiring import database
from homestretch.wiring.django import set_up

NAME = "backup"
HELP = "write database, blobs and key into one file (the system may run meanwhile)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", type=Path, help="the file to write, or a folder for it")


def run(args: argparse.Namespace) -> int:
    """Back up. JSON: `{"file", "bytes", "blobs", "missing_blobs"}`; whoever has the file has the data and the key.

    Refuses `backup.exists`, `backup.no_folder`, `backup.tool_missing`, `backup.tool_failed`,
    `backup.store_unavailable`, `database.behind`.
    """
    with database.connected(as_owner=True) as address:
        set_up()
        from django.conf import settings
        from django.db import connection

        from homestretch.providers.storage.own import store_of
        from homestretch.wiring import schema
        from homestretch.wiring.backups import pack

        target = pack.place_for(args.target.absolute())
        schema.require_current()
        connection.close()
        stores = partial(store_of, chosen=settings.HOMESTRETCH_PROVIDERS["storage"])
        manifest = pack.pack(address.owner or "", stores, target, version("homestretch"))
    size = target.stat().st_size
    if args.json:
        answer = {"file": str(target), "bytes": size, "blobs": manifest.blobs, "missing_blobs": manifest.missing}
        print(json.dumps(answer))
    else:
        print(f"{target}: {size:,} bytes, {manifest.blobs} blobs. It holds personal data and the key: keep it safe")
        for sha256 in manifest.missing:
            print(f"note: blob {sha256} is named by the database and not in the store")
    return 0
