"""Every table of an organization can be looked at in the back office, and changed in none."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.db import models

from homestretch.accounts.models import User
from homestretch.events.tenancy import owned_models
from tests.town.accounts import an_organization, email_of, owner_of, signed_in
from tests.town.dispatch import a_road


def test_no_table_is_left_out_and_no_secret_is_shown():
    for model in owned_models():
        page = admin.site.get_model_admin(model)
        assert not any(getattr(page, f"has_{verb}_permission")(None) for verb in ("add", "change", "delete"))
        binary = {f.name for f in model._meta.local_concrete_fields if isinstance(f, models.BinaryField)}
        assert binary <= set(page.get_exclude(None)), model
        assert not {"pin", "secret"} & set(page.list_display)


@pytest.mark.parametrize("page", ["orders/order", "events/event", "plans/revision", "tracking/whereabouts"])
def test_an_owner_sees_the_own_rows(db, page):
    us = an_organization()
    owner = owner_of(us)
    User.objects.filter(email=email_of(owner)).update(is_staff=True)
    a_road(owner)
    a_road(owner_of(an_organization("Next Door")))
    client = signed_in(owner)
    answer = client.get(f"/admin/{page}/")
    assert answer.status_code == 200
    rows = answer.context["cl"].result_list
    assert {row.organization_id for row in rows} <= {us.id}
    for row in rows[:1]:
        assert client.get(f"/admin/{page}/{row.pk}/change/").status_code == 200
        assert client.post(f"/admin/{page}/{row.pk}/change/", {}).status_code == 403


def test_an_orders_pin_is_nowhere(db):
    owner = owner_of(an_organization())
    User.objects.filter(email=email_of(owner)).update(is_staff=True)
    from tests.town.orders import an_order

    order = an_order(owner, pin="73911")
    client = signed_in(owner)
    assert b"A-1" in client.get("/admin/orders/order/").content
    assert b"73911" not in client.get(f"/admin/orders/order/{order.id}/change/").content
