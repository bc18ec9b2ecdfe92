"""Blobs as files of a local folder: `ab/abcdef...`, written beside, made durable, then renamed into place."""

from __future__ import annotations

import errno
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from homestretch.providers.errors import ProviderError
from homestretch.providers.registry import adapter
from homestretch.providers.storage import checked_name, corrupt, missing, name_of

_ABANDONED_SECONDS = 24 * 3600
_FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True)
class DiskOptions:
    """`root` is made if it is missing; only its owner can read what is in it. `folder` is a store of its own in it."""

    root: Path
    folder: str = ""


@adapter("storage", "disk", DiskOptions)
class Disk:
    def __init__(self, options: DiskOptions) -> None:
        self._root = options.root / options.folder
        self._parts = self._root / "parts"
        with _failures():
            if not self._root.is_dir():
                self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
                _sync_folder(self._root.parent)
            self._parts.mkdir(mode=0o700, exist_ok=True)
            self._drop_abandoned_parts()

    def put(self, data: bytes) -> str:
        sha256 = name_of(data)
        path = self._path(sha256)
        with _failures():
            self._make_folder(path.parent)
            if _read(path) != data:  # absent, or rotten: the same bytes are at hand to mend it
                self._write(path, data)
            _sync_folder(path.parent)  # also when another process has just renamed it and not synced yet
        return sha256

    def get(self, sha256: str) -> bytes:
        with _failures():
            data = _read(self._path(sha256))
        if data is None:
            raise missing()
        if name_of(data) != sha256:
            raise corrupt()
        return data

    def exists(self, sha256: str) -> bool:
        return self._path(sha256).is_file()

    def verify(self, sha256: str) -> bool:
        with _failures():
            data = _read(self._path(sha256))
        return data is not None and name_of(data) == sha256

    def list(self) -> Iterator[str]:
        with _failures():
            folders = sorted(folder for folder in self._root.iterdir() if len(folder.name) == 2)
            for folder in folders:
                yield from sorted(path.name for path in folder.iterdir())

    def delete(self, sha256: str) -> bool:
        path = self._path(sha256)
        with _failures():
            try:
                path.unlink()
            except FileNotFoundError:
                return False
            _sync_folder(path.parent)
        return True

    def _path(self, sha256: str) -> Path:
        return self._root / checked_name(sha256)[:2] / sha256

    def _make_folder(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        _sync_folder(self._root)

    def _write(self, path: Path, data: bytes) -> None:
        descriptor, name = tempfile.mkstemp(dir=self._parts)
        part = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise

    def _drop_abandoned_parts(self) -> None:
        """What a killed process left half written; nothing refers to it."""
        for part in self._parts.iterdir():
            with suppress(FileNotFoundError):
                if part.stat().st_mtime < time.time() - _ABANDONED_SECONDS:
                    part.unlink()


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise ProviderError("deferred", "storage_full", "no space is left for blobs") from error
        raise ProviderError("deferred", "storage_failed", f"the blob folder failed ({error.errno})") from error
