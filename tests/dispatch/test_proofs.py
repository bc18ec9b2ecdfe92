"""Proof and its bytes: either may come first, the hash must hold, a rendition alone is shown, a bomb leaves nothing."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib

import pytest
from PIL import Image

from homestretch.dispatch import actions, queries
from homestretch.dispatch.jobs import keep_picture, picture_of
from homestretch.dispatch.models import Blob
from homestretch.dispatch.values import ProofData
from homestretch.events.log import history
from homestretch.events.scope import scope
from homestretch.kernel.refusal import Refusal
from homestretch.providers.storage.disk import Disk, DiskOptions
from tests.town.dispatch import a_road, an_owner
from tests.town.places import AT


def picture(color="red", size=(40, 30)):
    """A JPEG with EXIF that must not leave the house."""
    exif = Image.Exif()
    exif[0x010E] = "a secret description"
    output = io.BytesIO()
    Image.new("RGB", size, color).save(output, "JPEG", exif=exif)
    return output.getvalue()


def bomb():
    """A PNG of 20,000 x 20,000 pixels in a few bytes."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def name(data):
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def store(road, settings, tmp_path):
    settings.HOMESTRETCH_PROVIDERS = {**settings.HOMESTRETCH_PROVIDERS, "storage": ("disk", {"root": str(tmp_path)})}
    return Disk(DiskOptions(tmp_path, str(road.by.organization_id)))


@pytest.fixture
def road(db):
    return a_road(an_owner(), 1).start()


def photo(road, data):
    return actions.capture_proof(road.stops[0].id, ProofData("photo", name(data)), by=road.driver, at=AT)


def refused(code):
    return pytest.raises(Refusal, check=lambda refusal: refusal.code == code)


@pytest.mark.parametrize("bytes_first", [True, False])
def test_bytes_and_proof_find_each_other(road, store, bytes_first):
    data = picture()
    if bytes_first:
        keep_picture(name(data), data, by=road.driver, at=AT)
    proof = photo(road, data)
    if not bytes_first:
        with refused("proof.image_not_found"):
            picture_of(proof.id, by=road.by)
        keep_picture(name(data), data, by=road.driver, at=AT)
    shown, media_type = picture_of(proof.id, by=road.by)
    assert media_type == "image/jpeg"
    assert Image.open(io.BytesIO(shown)).size == (40, 30)
    assert b"secret" not in shown
    assert store.get(name(data)) == data
    with scope(road.by):
        kept = queries.proof(proof.id)
        assert (kept.blob.sha256, kept.rendition.rendition_of_id) == (name(data), kept.blob_id)
        assert kept.rendition.sha256 == name(shown)
        assert [e.type for e in history("proof", proof.id)] == ["proof.captured"]


def test_the_same_bytes_twice_are_kept_once(road, store):
    data = picture()
    first = keep_picture(name(data), data, by=road.driver, at=AT)
    assert keep_picture(name(data), data, by=road.driver, at=AT).id == first.id
    with scope(road.by):
        assert Blob.objects.count() == 2


def test_two_that_differ_in_metadata_alone_share_a_rendition(road, store):
    data = picture()
    plain = Image.open(io.BytesIO(data))
    output = io.BytesIO()
    plain.save(output, "JPEG", quality="keep")
    other = output.getvalue()
    assert other != data
    for one in (data, other):
        keep_picture(name(one), one, by=road.driver, at=AT)
    shown = [picture_of(photo(road, one).id, by=road.by)[0] for one in (data, other)]
    assert shown[0] == shown[1]
    assert shown[0] not in {data, other}


def test_a_rendition_that_is_uploaded_itself_is_a_proof_like_any(road, store):
    data = picture()
    keep_picture(name(data), data, by=road.driver, at=AT)
    drawn = picture_of(photo(road, data).id, by=road.by)[0]
    proof = photo(road, drawn)
    with refused("proof.image_not_found"):
        picture_of(proof.id, by=road.by)
    keep_picture(name(drawn), drawn, by=road.driver, at=AT)
    assert picture_of(proof.id, by=road.by)


@pytest.mark.parametrize(
    ("data", "declared", "code"),
    [
        (bomb(), None, "proof.too_many_pixels"),
        (b"not a picture", None, "proof.not_an_image"),
        (picture(), "0" * 64, "blob.hash_mismatch"),
        (picture(), "../../etc/passwd", "blob.hash_mismatch"),
        (b"x" * 15_000_001, None, "blob.too_large"),
    ],
)
def test_what_is_refused_leaves_nothing(road, store, data, declared, code):
    with refused(code):
        keep_picture(declared or name(data), data, by=road.driver, at=AT)
    assert list(store.list()) == []
    with scope(road.by):
        assert not Blob.objects.exists()


def test_a_picture_declares_a_hash(road):
    with refused("proof.hash_malformed"):
        actions.capture_proof(road.stops[0].id, ProofData("signature", "abc"), by=road.driver, at=AT)
    with refused("proof.text_missing"):
        actions.capture_proof(road.stops[0].id, ProofData("name"), by=road.driver, at=AT)
    with refused("proof.kind_unknown"):
        actions.capture_proof(road.stops[0].id, ProofData("dance", text="x"), by=road.driver, at=AT)


def test_a_stranger_finds_no_proof(road, store):
    data = picture()
    keep_picture(name(data), data, by=road.driver, at=AT)
    proof = photo(road, data)
    stranger = an_owner("Next Door")
    with refused("proof.not_found"):
        picture_of(proof.id, by=stranger)
    # The neighbor's bytes are not one's own, even under the same name.
    with scope(stranger):
        assert queries.blob(name(data)) is None
