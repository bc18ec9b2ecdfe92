"""The scope holds, and the database holds it a second time: on committed transactions, over one pooled connection."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from homestretch.accounts.models import Merchant, Organization
from homestretch.events.scope import Filters, OutsideScope, scope
from homestretch.kernel.actor import Actor, Kind, system
from homestretch.kernel.ids import uuid7
from homestretch.orders.models import Order, Recipient, Task

AT = datetime(2026, 11, 23, 6, 45, tzinfo=UTC)


def make_organization(name: str) -> Actor:
    """An organization, made as itself."""
    us = system(uuid7())
    with scope(us):
        Organization.objects.create(id=us.organization_id, name=name, slug=name.lower(), created_at=AT)
    return us


@pytest.fixture
def two(committed: Any) -> tuple[Actor, Actor]:
    """Two organizations with a merchant each."""
    pair = make_organization("Ours"), make_organization("Theirs")
    for actor in pair:
        with scope(actor):
            Merchant.objects.create(name=f"Shop of {actor.organization_id}", created_at=AT)
    return pair


@pytest.fixture
def unfiltered() -> Any:
    """The manager's own filters off: row-level security alone."""
    Filters.on = False
    yield
    Filters.on = True


def test_a_query_outside_a_scope_raises(two: Any) -> None:
    with pytest.raises(OutsideScope):
        list(Merchant.objects.all())
    with pytest.raises(OperationalError, match="no scope"), connection.cursor() as cursor:
        cursor.execute("select * from accounts_merchant")


def test_after_a_scope_the_pooled_connection_raises_again(two: Any) -> None:
    with scope(two[0]):
        assert Merchant.objects.count() == 1
    with pytest.raises(OperationalError, match="no scope"), connection.cursor() as cursor:
        cursor.execute("select * from accounts_merchant")


def test_row_level_security_alone_hides_the_neighbor(two: Any, unfiltered: Any) -> None:
    ours, theirs = two
    with scope(ours):
        assert [m.organization_id for m in Merchant.objects.all()] == [ours.organization_id]
        assert Organization.objects.count() == 1
        assert Merchant.objects.filter(organization_id=theirs.organization_id).update(name="x") == 0


def test_an_inner_scope_gives_the_outer_back(two: Any, unfiltered: Any) -> None:
    ours, theirs = two
    with scope(ours):
        with scope(theirs):
            assert Merchant.objects.get().organization_id == theirs.organization_id
        assert Merchant.objects.get().organization_id == ours.organization_id
        with pytest.raises(ZeroDivisionError), scope(theirs):
            raise ZeroDivisionError
        assert Merchant.objects.get().organization_id == ours.organization_id


def test_in_one_outer_transaction_nothing_stays_behind(two: Any) -> None:
    with transaction.atomic():
        with scope(two[0]):
            pass
        with pytest.raises(OperationalError, match="no scope"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select * from accounts_merchant")


def test_a_row_cannot_be_written_for_the_neighbor(two: Any) -> None:
    with pytest.raises(Exception, match="row-level security"), scope(two[0]):
        Merchant.objects.create(organization_id=two[1].organization_id, name="Intruder", created_at=AT)


def test_a_reference_to_the_neighbors_row_is_refused_by_the_composite_key(two: Any) -> None:
    with scope(two[1]):
        theirs = Merchant.objects.get().id
    with scope(two[0]):
        ours = Recipient.objects.create()
    with pytest.raises(IntegrityError), scope(two[0]):
        Order.objects.create(recipient=ours, merchant_id=theirs, state="ready", created_at=AT)


def test_a_merchant_sees_the_own_orders_alone_even_without_our_filters(two: Any, unfiltered: Any) -> None:
    ours = two[0]
    with scope(ours):
        mine = Merchant.objects.get()
        other = Merchant.objects.create(name="Another shop", created_at=AT)
        for merchant in (mine, other):
            Order.objects.create(recipient=Recipient.objects.create(), merchant=merchant, state="ready", created_at=AT)
    with scope(Actor(Kind.PERSON, ours.organization_id, merchant_id=mine.id)):
        assert [order.merchant_id for order in Order.objects.all()] == [mine.id]
        assert Task.objects.count() == 0


def test_the_app_can_neither_change_nor_delete_the_log(two: Any) -> None:
    for statement in ("update events_event set type = 'x'", "delete from events_event", "truncate events_event"):
        with pytest.raises(Exception, match="permission denied"), scope(two[0]), connection.cursor() as cursor:
            cursor.execute(statement)


def test_every_owned_table_has_its_policy_and_composite_references(
    committed: Any, superuser: psycopg.Connection[Any]
) -> None:
    from homestretch.events.models import Ref
    from homestretch.events.tenancy import owned_models

    guarded = {
        row[0]
        for row in superuser.execute("select relname from pg_class where relrowsecurity and relkind in ('r', 'p')")
    }
    policies = {row[0] for row in superuser.execute("select tablename from pg_policies")}
    keys = {
        row[0]: row[1]
        for row in superuser.execute("select conname, array_length(conkey, 1) from pg_constraint where contype = 'f'")
    }
    for model in owned_models():
        table = model._meta.db_table
        assert table in guarded, table
        assert table in policies, table
        for field in model._meta.local_fields:
            if isinstance(field, Ref):
                assert keys[f"{table}_{field.column}_tenant"[:63]] == 2, field
            elif field.is_relation:
                assert table == "accounts_membership", f"{field}: use Ref between tables of an organization"
