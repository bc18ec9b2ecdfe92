"""Every store, the fake too, keeps one contract: what is named by its bytes is those bytes."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from pathlib import Path

import pytest

from homestretch.providers import registry
from homestretch.providers.errors import ProviderError
from homestretch.providers.storage import Storage
from homestretch.providers.storage.fake import FakeStorage

DATA = b"\x89PNG not really"
NAME = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "blobs"


@pytest.fixture(params=sorted(registry.names("storage")))
def storage(request: pytest.FixtureRequest, root: Path) -> Storage:
    return registry.make("storage", request.param, {"root": str(root)} if request.param == "disk" else {})


def spoil(storage: Storage, root: Path) -> None:
    if isinstance(storage, FakeStorage):
        storage._blobs[NAME] = b"rotten"
    else:
        (root / NAME[:2] / NAME).write_bytes(b"rotten")


def test_what_was_put_is_got_under_the_hash_of_its_bytes(storage: Storage) -> None:
    assert not storage.exists(NAME)
    assert storage.put(DATA) == NAME
    assert storage.get(NAME) == DATA
    assert storage.exists(NAME)
    assert storage.verify(NAME)


def test_twice_is_once(storage: Storage) -> None:
    assert storage.put(DATA) == storage.put(DATA) == NAME
    assert list(storage.list()) == [NAME]


def test_two_folders_of_a_root_are_two_stores(root: Path) -> None:
    ours, theirs = (registry.make("storage", "disk", {"root": root, "folder": name}) for name in ("ours", "theirs"))
    for disk in (ours, theirs):
        disk.put(DATA)
    assert ours.delete(NAME)
    assert (ours.exists(NAME), theirs.verify(NAME), list(theirs.list())) == (False, True, [NAME])
    assert stat.S_IMODE((root / "ours").stat().st_mode) == 0o700


def test_nothing_is_a_blob_too(storage: Storage) -> None:
    assert storage.get(storage.put(b"")) == b""


def test_all_names_are_listed_in_order(storage: Storage) -> None:
    names = [storage.put(str(n).encode()) for n in range(50)]
    assert list(storage.list()) == sorted(names)


def test_what_was_deleted_is_missing(storage: Storage) -> None:
    storage.put(DATA)
    assert storage.delete(NAME)
    assert not storage.delete(NAME)
    assert (storage.exists(NAME), storage.verify(NAME), list(storage.list())) == (False, False, [])
    with pytest.raises(ProviderError) as raised:
        storage.get(NAME)
    assert (raised.value.kind, raised.value.code) == ("permanent", "blob_missing")


def test_rotten_bytes_are_never_handed_out_and_are_mended_by_the_next_put(storage: Storage, root: Path) -> None:
    storage.put(DATA)
    spoil(storage, root)
    assert not storage.verify(NAME)
    with pytest.raises(ProviderError) as raised:
        storage.get(NAME)
    assert (raised.value.kind, raised.value.code) == ("permanent", "blob_corrupt")
    storage.put(DATA)
    assert storage.get(NAME) == DATA


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", NAME.upper(), NAME + "\n", NAME[:-1], "/" + NAME[1:]])
def test_what_is_no_hash_is_no_name(storage: Storage, name: str) -> None:
    for verb in (storage.get, storage.exists, storage.verify, storage.delete):
        with pytest.raises(ProviderError) as raised:
            verb(name)
        assert (raised.value.kind, raised.value.code) == ("permanent", "blob_name_invalid")


def test_a_full_disk_keeps_nothing_half_done(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = registry.make("storage", "disk", {"root": root})

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ProviderError) as raised:
        disk.put(DATA)
    assert (raised.value.kind, raised.value.code) == ("deferred", "storage_full")
    assert not disk.exists(NAME)
    assert list((root / "parts").iterdir()) == []


def test_a_blob_is_durable_before_it_has_its_name_and_its_name_before_put_returns(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = registry.make("storage", "disk", {"root": root})
    steps: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def noted_fsync(descriptor: int) -> None:
        steps.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        fsync(descriptor)

    def noted_replace(self: Path, target: Path) -> Path:
        steps.append("rename")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(Path, "replace", noted_replace)
    disk.put(DATA)
    assert steps == ["folder", "file", "rename", "folder"]


def test_only_the_owner_reads_the_files_and_old_leftovers_go(root: Path) -> None:
    disk = registry.make("storage", "disk", {"root": root})
    disk.put(DATA)
    old, young = root / "parts" / "old", root / "parts" / "young"
    for part in (old, young):
        part.write_bytes(b"half")
    os.utime(old, (0, 0))
    registry.make("storage", "disk", {"root": root})
    assert (old.exists(), young.exists()) == (False, True)
    assert stat.S_IMODE((root / NAME[:2] / NAME).stat().st_mode) == 0o600
    assert stat.S_IMODE((root / NAME[:2]).stat().st_mode) == 0o700
    assert list(disk.list()) == [NAME]
