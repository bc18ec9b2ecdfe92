"""A store in memory, for tests and for trying things out: it ends with the process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from homestretch.providers import faults
from homestretch.providers.registry import adapter
from homestretch.providers.storage import checked_name, corrupt, missing, name_of


@dataclass(frozen=True)
class FakeStorageOptions:
    faults: Path | None = None
    folder: str = ""  # each one made is a store of its own anyway


@adapter("storage", "fake", FakeStorageOptions)
class FakeStorage:
    def __init__(self, options: FakeStorageOptions) -> None:
        self._options = options
        self._blobs: dict[str, bytes] = {}

    def put(self, data: bytes) -> str:
        sha256 = name_of(data)
        fault = faults.next_fault(self._options.faults, "storage", sha256)
        if fault:
            raise fault.error()
        self._blobs[sha256] = bytes(data)
        return sha256

    def get(self, sha256: str) -> bytes:
        data = self._blobs.get(checked_name(sha256))
        if data is None:
            raise missing()
        if name_of(data) != sha256:
            raise corrupt()
        return data

    def exists(self, sha256: str) -> bool:
        return checked_name(sha256) in self._blobs

    def verify(self, sha256: str) -> bool:
        data = self._blobs.get(checked_name(sha256))
        return data is not None and name_of(data) == sha256

    def list(self) -> Iterator[str]:
        yield from sorted(self._blobs)

    def delete(self, sha256: str) -> bool:
        return self._blobs.pop(checked_name(sha256), None) is not None
