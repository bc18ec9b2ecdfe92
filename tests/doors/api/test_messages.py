"""The messages' log and templates: staff of the own organization read them, owners and dispatchers alone the words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from homestretch.kernel.actor import system
from homestretch.messaging import actions
from homestretch.messaging.rules.kinds import WORDED
from homestretch.messaging.rules.speech import LANGUAGES
from tests.town.accounts import a_key, a_member, a_merchant, bearing, signed_in
from tests.town.dispatch import Road, a_road, an_owner
from tests.town.messaging import a_post, it_is
from tests.town.orders import an_order
from tests.town.places import AT

JSON = "application/json"
PATH = "/api/v1/messages"
OURS = f"{PATH}/templates/delivered/sms/en"


class Named:
    """What `a_member` wants of an organization."""

    def __init__(self, ident: Any) -> None:
        self.id = ident


@pytest.fixture
def road(db: Any, tmp_path: Path) -> Any:
    """Two orders, one of them a merchant's; both recipients were told by SMS and e-mail."""
    with a_post(tmp_path):
        us = an_owner("Greengrocer Vans")
        shop = a_merchant(us)
        road = a_road(us, orders=[an_order(us, 1), an_order(us, 2, merchant_id=str(shop.id))])
        road.shop = shop
        it_is(AT)
        yield road


def member(road: Road, role: str, merchant_id: Any = None) -> Any:
    return signed_in(a_member(Named(road.by.organization_id), role, merchant_id, at=AT))


def test_messages_are_listed_newest_first_by_order_kind_state_and_channel(road: Road) -> None:
    us = signed_in(road.by)
    everything = us.get(PATH).json()["items"]
    assert len(everything) == 4
    assert [row["id"] for row in everything] == sorted((row["id"] for row in everything), reverse=True)
    assert "body" not in everything[0]
    found = us.get(PATH, {"order_id": str(road.orders[0].id), "channel": "sms", "state": "sent", "kind": "scheduled"})
    (row,) = found.json()["items"]
    assert (row["segments"], row["tries"], row["why"]) == (2, 1, "")
    assert us.get(PATH, {"state": "unknown"}).json()["items"] == []
    assert us.get(PATH, {"state": "eaten"}).json()["code"] == "request.invalid"
    first = us.get(PATH, {"limit": 3}).json()
    assert len(us.get(PATH, {"limit": 3, "cursor": first["next"]}).json()["items"]) == 1


def test_the_words_are_for_owners_and_dispatchers(road: Road) -> None:
    ident = signed_in(road.by).get(PATH).json()["items"][0]["id"]
    for role, reads in (("owner", True), ("dispatcher", True), ("viewer", False)):
        shown = member(road, role).get(f"{PATH}/{ident}").json()
        assert (shown["body"] is not None) == reads
        assert "hst_..." in (shown["body"] or "hst_...")
    program = bearing(a_key(road.by, "messages:read", at=AT))
    assert program.get(f"{PATH}/{ident}").json()["body"] is None


def test_a_merchant_sees_the_messages_of_the_own_orders(road: Road) -> None:
    shop = member(road, "merchant", road.shop.id)
    rows = shop.get(PATH).json()["items"]
    assert {row["order_id"] for row in rows} == {str(road.orders[1].id)}
    assert shop.get(f"{PATH}/{rows[0]['id']}").json()["body"] is None
    foreign = signed_in(road.by).get(PATH, {"order_id": str(road.orders[0].id)}).json()["items"][0]["id"]
    assert shop.get(f"{PATH}/{foreign}").status_code == 404
    assert shop.get(f"{PATH}/templates").status_code == 403


def test_a_stranger_finds_nothing(road: Road) -> None:
    stranger = signed_in(an_owner("Next Door Vans"))
    ident = signed_in(road.by).get(PATH).json()["items"][0]["id"]
    assert stranger.get(PATH).json()["items"] == []
    assert stranger.get(f"{PATH}/{ident}").status_code == 404


def test_what_people_wrote_back(road: Road) -> None:
    actions.hear("in-1", "+352621000001", "Later please", by=system(road.by.organization_id), at=AT)
    (row,) = signed_in(road.by).get(f"{PATH}/heard").json()["items"]
    assert (row["meaning"], row["text"]) == ("other", "Later please")
    assert member(road, "viewer").get(f"{PATH}/heard").json()["items"][0]["text"] is None


def test_own_words_are_put_changed_and_taken_back(road: Road) -> None:
    us = signed_in(road.by)
    ours = us.get(OURS)
    assert (ours.json()["own"], ours["ETag"]) == (False, '"0"')
    body = {"body": "Order {reference}: {done}."}
    assert us.put(OURS, body, content_type=JSON).status_code == 428
    made = us.put(OURS, body, content_type=JSON, headers={"If-Match": '"0"'})
    assert (made.status_code, made.json()["version"], made["ETag"]) == (200, 1, '"1"')
    assert us.put(OURS, body, content_type=JSON, headers={"If-Match": '"0"'}).status_code == 412
    listed = us.get(f"{PATH}/templates").json()["items"]
    assert {item["kind"] for item in listed} == set(WORDED)
    by_language = [{(i["kind"], i["channel"]) for i in listed if i["language"] == one} for one in LANGUAGES]
    assert all(words == by_language[0] for words in by_language)
    assert len(listed) == len(LANGUAGES) * len(by_language[0])
    assert us.delete(OURS, headers={"If-Match": '"1"'}).status_code == 204
    assert us.get(OURS).json()["own"] is False
    assert us.delete(OURS, headers={"If-Match": '"0"'}).status_code == 404
    assert us.get(f"{PATH}/templates/delivered/sms/nl").status_code == 404


def test_wrong_words_are_refused_with_field_and_remedy(road: Road) -> None:
    us = signed_in(road.by)
    answer = us.put(OURS, {"body": "{nobody}"}, content_type=JSON, headers={"If-Match": '"0"'})
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["field"]) == (422, "template.variable_unknown", "body")
    assert "reference" in problem["remedy"]
    assert member(road, "viewer").put(OURS, {"body": "x"}, content_type=JSON).status_code == 403


def test_a_preview_shows_the_price(road: Road) -> None:
    data = {"kind": "delivered", "channel": "sms", "language": "fr", "body": "Reçu {reference}"}
    shown = signed_in(road.by).post(f"{PATH}/templates/preview", data, content_type=JSON).json()
    assert shown == {"subject": "", "body": "Reçu A-10423", "characters": 12, "segments": 1, "encoding": "UCS-2"}
    assert signed_in(road.by).get(OURS).json()["own"] is False
