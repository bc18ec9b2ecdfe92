"""Who is erased is erased at the door too: words and pictures go, that it happened stays (I1), nothing comes back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from homestretch.dispatch import actions, queries
from homestretch.dispatch.jobs import keep_picture, picture_of
from homestretch.dispatch.models import Blob, Intent, Proof, StopTask
from homestretch.dispatch.values import IntentData
from homestretch.events.idempotency import Once, Replayed
from homestretch.events.log import history
from homestretch.events.scope import scope
from homestretch.kernel.ids import uuid7
from homestretch.orders import actions as orders
from homestretch.providers.storage.disk import Disk, DiskOptions
from tests.dispatch.test_proofs import name, picture, refused
from tests.town.dispatch import Road, a_road, an_owner
from tests.town.orders import order_data
from tests.town.places import AT
from tests.work import run_jobs

SECRETS = ("Rosa Parcel", "leave it with her son", "gave it to the son")


@pytest.fixture
def road(db: Any) -> Road:
    return a_road(an_owner(), 2).start()


@pytest.fixture
def store(road: Road, settings: Any, tmp_path: Any) -> Disk:
    settings.HOMESTRETCH_PROVIDERS = {**settings.HOMESTRETCH_PROVIDERS, "storage": ("disk", {"root": str(tmp_path)})}
    return Disk(DiskOptions(tmp_path, str(road.by.organization_id)))


def tap(road: Road, kind: str, number: int = 0, counter: int = 1, **body: Any) -> Any:
    stop_id = str(road.stops[number].id).upper()
    intent = IntentData(uuid7(), kind, counter, AT, {"stop_id": stop_id, **body})
    (outcome,) = actions.apply_intents([intent], by=road.driver, at=AT)
    return outcome


def deliver(road: Road, data: bytes, number: int = 0) -> None:
    """Photo, name, note, and the outcome with a note."""
    tap(road, "proof", number, proof="photo", sha256=name(data))
    tap(road, "proof", number, proof="name", text=SECRETS[0])
    tap(road, "note", number, text=SECRETS[1])
    tap(road, "complete", number, note=SECRETS[2], left_with="recipient")
    keep_picture(name(data), data, by=road.driver, at=AT)


def erase(road: Road, number: int = 0) -> None:
    orders.erase_recipient(road.order(number).recipient_id, by=road.by, at=AT)
    run_jobs()


def kept(road: Road) -> str:
    """All that dispatch keeps in words."""
    with scope(road.by):
        rows = [*Proof.objects.values_list("text"), *StopTask.objects.values_list("note")]
        return json.dumps([rows, list(Intent.objects.values_list("body", flat=True))])


def test_words_and_pictures_of_an_erased_person_go_and_the_tombstones_stay(road: Road, store: Disk) -> None:
    data = picture()
    deliver(road, data)
    assert all(secret in kept(road) for secret in SECRETS)
    assert len(list(store.list())) == 2
    erase(road)
    assert not any(secret in kept(road) for secret in SECRETS)
    assert list(store.list()) == []
    with scope(road.by):
        assert not Blob.objects.exists()
        proofs = queries.proofs_of([road.stops[0].id])
        assert {proof.kind for proof in proofs} == {"photo", "name", "note"}
        assert all(proof.erased_at for proof in proofs)
        assert [e.type for e in history("proof", proofs[0].id)] == ["proof.captured", "proof.erased"]
        assert Intent.objects.count() == 4


def test_a_phone_that_was_away_brings_nothing_of_it_back(road: Road, store: Disk) -> None:
    data = picture()
    deliver(road, data)
    erase(road)
    with refused("blob.erased"):
        keep_picture(name(data), data, by=road.driver, at=AT)
    tap(road, "proof", counter=9, proof="name", text=SECRETS[0])
    tap(road, "proof", counter=10, proof="photo", sha256=name(data))
    assert SECRETS[0] not in kept(road)
    assert list(store.list()) == []


def test_a_picture_that_another_proof_shows_is_kept(road: Road, store: Disk) -> None:
    data = picture()
    for number in (0, 1):
        deliver(road, data, number)
    erase(road, 0)
    with scope(road.by):
        (theirs,) = [proof for proof in queries.proofs_of([road.stops[1].id]) if proof.kind == "photo"]
    assert picture_of(theirs.id, by=road.by)
    assert store.verify(name(data))
    erase(road, 1)
    assert list(store.list()) == []


def test_kept_answers_lose_their_body_and_the_request_is_still_not_done_twice(db: Any) -> None:
    us = an_owner()

    def once() -> Once:
        return Once(
            f"create_order {us}", "key", b"0" * 32, lambda made: {"status": 201, "body": {"id": str(made.recipient_id)}}
        )

    order = orders.create_order(order_data(1), by=us, at=AT, once=once())
    orders.cancel_order(order.id, "", by=us, at=AT)
    orders.erase_recipient(order.recipient_id, by=us, at=AT)
    with pytest.raises(Replayed) as again:
        orders.create_order(order_data(1), by=us, at=AT, once=once())
    assert again.value.answer == {"status": 201, "body": None}
