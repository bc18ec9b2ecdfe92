"""Two organizations with everything in both, and everybody who could ask: the matrix's world."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.test import Client

from homestretch.accounts import queries as accounts
from homestretch.accounts.rules import SCOPES
from homestretch.events.later import known_jobs
from homestretch.events.models import Owned
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor, system
from homestretch.kernel.ids import uuid7
from homestretch.plans import actions as plans
from tests.town import accounts as people
from tests.town.dispatch import a_road
from tests.town.fleet import a_shift
from tests.town.orders import DAY, an_order
from tests.work import waiting

# What an id is called in the API -> the table that it is of. Ids called otherwise are of the table of that name.
TABLES = {
    "member": "accounts.Membership",
    "invitation": "accounts.Invitation",
    "merchant": "accounts.Merchant",
    "key": "accounts.ApiKey",
    "device": "accounts.Device",
    "link": "accounts.TrackingLink",
    "place": "places.Place",
    "zone": "places.Zone",
    "blackout": "places.Blackout",
    "closure": "travel.Closure",
    "area": "places.ServiceArea",
    "order": "orders.Order",
    "task": "orders.Task",
    "recipient": "orders.Recipient",
    "package": "orders.Package",
    "promise": "orders.Promise",
    "import": "orders.Import",
    "depot": "fleet.Depot",
    "vehicle": "fleet.Vehicle",
    "driver": "fleet.Driver",
    "rule": "fleet.ShiftRule",
    "shift": "fleet.Shift",
    "plan": "plans.Plan",
    "visit": "orders.Task",
    "route": "dispatch.Route",
    "stop": "dispatch.Stop",
    "proof": "dispatch.Proof",
    "exception": "recovery.DeliveryException",
    "proposal": "recovery.Proposal",
    "offer": "recovery.Offer",
    "message": "messaging.Message",
    "template": "messaging.Template",
    "survey": "messaging.Survey",
    "endpoint": "webhooks.Endpoint",
    "delivery": "webhooks.Delivery",
    "event": "events.Event",
}
A_SQUARE = {"type": "Polygon", "coordinates": [[[6.0, 49.5], [6.3, 49.5], [6.3, 49.8], [6.0, 49.8], [6.0, 49.5]]]}
# What a planted row says where any text will not do.
WORDS = {
    "Zone.geometry": A_SQUARE,
    "ServiceArea.geometry": A_SQUARE,
    "DeliveryException.kind": "attempt_failed",
    "DeliveryException.severity": "low",
    "DeliveryException.reason": "other",
    "Proposal.kind": "insert",
    "Proposal.scope": "insert",
    "Proposal.state": "made",
    "Offer.state": "open",
    "Message.kind": "scheduled",
    "Message.channel": "sms",
    "Message.state": "sent",
    "Template.kind": "scheduled",
    "Template.channel": "sms",
    "Template.language": "en",
    "Delivery.state": "waiting",
    "Import.state": "checked",
    "Package.state": "expected",
    "Proof.kind": "note",
    "Endpoint.url": "https://town.example/hook",
}
OTHER_NAMES = {
    "assignee": "member",
    "assigned_to": "member",
    "subject": "order",
    "source": "import",
}


def kind_of(name: str) -> str | None:
    """`depot_ids`, `depot_id` -> `depot`; None for what names no row."""
    for ending in ("_ids", "_id"):
        if name.endswith(ending):
            kind = name.removesuffix(ending)
            last = kind.rsplit("_", 1)[-1]  # `end_depot` is a depot
            return OTHER_NAMES.get(kind, kind if kind in TABLES or last not in TABLES else last)
    return OTHER_NAMES.get(name)


def table_of(kind: str) -> type[Owned]:
    """The model behind a kind of id. A new kind is added to `TABLES`."""
    assert kind in TABLES, f"the matrix does not know whose id {kind!r} is: add it to TABLES"
    return apps.get_model(TABLES[kind])


@dataclass
class Town:
    """One organization: one row of each kind, by its id."""

    owner: Actor
    shop: Any
    other_shop: Any
    roads: list[Any]
    ids: dict[str, UUID] = field(default_factory=dict)

    def id_of(self, kind: str) -> UUID:
        """A row of that kind; planted bare where the town has none."""
        if kind not in self.ids:
            with scope(system(self.owner.organization_id)):
                self.ids[kind] = first_or_bare(table_of(kind)).pk
        return self.ids[kind]


def a_town(name: str) -> Town:
    """An organization in which two merchants' orders are on two drivers' routes."""
    owner = people.owner_of(people.an_organization(name))
    shop, other = people.a_merchant(owner, "Bloom & Co"), people.a_merchant(owner, "Wheels")
    roads = []
    for number, merchant in enumerate((shop, other)):
        orders = [an_order(owner, 1 + number, merchant_id=str(merchant.id))]
        roads.append(a_road(owner, orders=orders))
    town = Town(owner, shop, other, roads)
    order, stop = roads[0].orders[0], roads[0].stops[0]
    with scope(owner):
        town.ids = {
            "organization": owner.organization_id,
            "merchant": shop.id,
            "order": order.id,
            "task": order.tasks.first().id,
            "visit": order.tasks.first().id,
            "route": roads[0].route_id,
            "stop": stop.id,
            "place": stop.place_id,
            "driver": roads[0].driver.driver_id,
            "shift": roads[0].shift.id,
            "vehicle": roads[0].shift.vehicle_id,
        }
    an_order(owner, 3, merchant_id=str(shop.id))
    a_shift(owner)
    town.ids["plan"] = plans.ask(DAY, [], options={"seconds": 1}, by=owner, at=people.AT).id
    for job, args in waiting():
        if job == "plans.solve":
            known_jobs()[job](**{key: UUID(value) if key.endswith("_id") else value for key, value in args.items()})
    return town


def first_or_bare(model: type[Owned]) -> Any:
    """A row of the open scope: the first, or one that fits its columns and means nothing."""
    return model.objects.order_by("pk").first() or model.objects.create(**bare(model))


def bare(model: type[Owned]) -> dict[str, Any]:
    """A value for each column that must have one."""
    return {
        column.name: value_for(column)
        for column in model._meta.concrete_fields
        if not column.has_default() and not column.null and not column.primary_key
    }


def value_for(column: Any) -> Any:
    """Some value that the column holds."""
    if isinstance(column, models.ForeignKey):
        return first_or_bare(column.related_model)
    word = WORDS.get(f"{column.model.__name__}.{column.name}")
    if word or column.choices:
        return word or column.choices[0][0]
    by_type: dict[type, Any] = {
        models.UUIDField: uuid7(),
        models.DateTimeField: people.AT,
        models.DateField: people.AT.date(),
        models.TimeField: people.AT.time(),
        models.BooleanField: False,
        models.JSONField: {},
        models.BinaryField: bytes(32),
        ArrayField: [],
    }
    for kind, value in by_type.items():
        if type(column) is kind:
            return value
    return 1 if isinstance(column, (models.IntegerField, models.FloatField)) else "x" if column.max_length else ""


@dataclass(frozen=True)
class Asker:
    """Somebody who asks. `group` says whose rows they see: ours, some of ours, none of ours."""

    name: str
    client: Client
    role: str
    group: str = "ours"
    scopes: frozenset[str] = frozenset()


def everybody(ours: Town, theirs: Town) -> list[Asker]:
    """Staff of each role, keys, two drivers, two merchants, a recipient, the stranger next door, and nobody."""
    owner = ours.owner
    with scope(owner):
        organization = accounts.organization()

    def member(role: str, merchant: Any = None) -> Client:
        return people.signed_in(people.a_member(organization, role, merchant.id if merchant else None))

    all_scopes, odd = frozenset(SCOPES), frozenset({"measures:write"})
    merchants_key = people.a_key(owner, *SCOPES, merchant_id=ours.other_shop.id)
    link = people.a_link(owner, ours.roads[0].orders[0].id)
    drivers = [people.bearing(people.a_phone(owner, road.driver.driver_id)) for road in ours.roads]
    askers = [
        Asker("owner", people.signed_in(owner), "owner"),
        Asker("dispatcher", member("dispatcher"), "dispatcher"),
        Asker("viewer", member("viewer"), "viewer"),
        Asker("key", people.bearing(people.a_key(owner, *SCOPES)), "key", scopes=all_scopes),
        Asker("wrong-scope key", people.bearing(people.a_key(owner, *odd)), "key", scopes=odd),
        Asker("driver", drivers[0], "driver", "some"),
        Asker("other driver", drivers[1], "driver", "other driver"),
        Asker("merchant", member("merchant", ours.shop), "merchant", "some"),
        Asker("other merchant", member("merchant", ours.other_shop), "merchant", "other merchant"),
        Asker("other merchant's key", people.bearing(merchants_key), "merchant key", "other merchant", all_scopes),
        Asker("tracking link", people.bearing(link), "link", "some"),
        Asker("stranger's owner", people.signed_in(theirs.owner), "owner", "stranger"),
        Asker("nobody", Client(), "nobody", "stranger"),
    ]
    for asker in askers:
        asker.client.raise_request_exception = False  # a fault of ours is one finding among others
    return askers
