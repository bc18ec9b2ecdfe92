"""Settings: each section opens, saves, refuses at the field, says a click twice once, and is shut to whom it is not."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from homestretch.accounts import queries as accounts
from homestretch.accounts.intake import MOST_BYTES
from homestretch.doors.console.settings.sections import SECTIONS
from homestretch.events.scope import scope
from homestretch.fleet import queries as fleet
from homestretch.kernel.actor import Actor
from homestretch.messaging import queries as messaging
from homestretch.messaging.rules.kinds import SAID_BY_US
from homestretch.places import queries as places
from homestretch.recovery import queries as recovery
from homestretch.travel import queries as travel
from homestretch.webhooks import queries as webhooks
from tests.town.accounts import a_member, an_organization, owner_of, signed_in
from tests.town.dispatch import an_owner
from tests.town.fleet import a_depot, a_driver, a_vehicle
from tests.town.orders import an_order

PRICES = {
    "per_moved": "1",
    "per_changed": "3",
    "per_drift_minute": "0.05",
    "per_late_minute": "0.50",
    "per_box": "0.20",
    "per_left": "30",
    "overtime_per_hour": "15",
}
SQUARE = "49.60, 6.10\n49.60, 6.20\n49.70, 6.20\n49.70, 6.10"


def a_png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "#446622").save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def owner(db: Any) -> Actor:
    return an_owner()


def post(by: Actor, section: str, act: str, client: Client | None = None, **form: Any) -> Any:
    """An act of a section, as its form sends it."""
    return (client or signed_in(by)).post(f"/settings/{section}", {"act": act, **form})


def done(answer: Any) -> None:
    """The act was done, and the page comes anew."""
    assert answer.status_code == 302, re.sub(r"<[^>]+>", " ", answer.content.decode())[:3000]
    assert "done=" in answer["Location"]


def refused(answer: Any, code: str, field: str = "") -> str:
    """The form came back with the refusal, at the field where it has one."""
    page = answer.content.decode()
    assert answer.status_code >= 400
    assert code in page
    if field:
        control = re.search(rf'<(?:input|select|textarea)[^>]*name="{field}"[^>]*>', page)
        assert control is not None
        assert 'aria-invalid="true"' in control[0], control[0]
    return page


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.name)
def test_every_section_opens_empty_and_each_field_has_a_name(owner: Actor, section: Any) -> None:
    answer = signed_in(owner).get(f"/settings/{section.name}")
    assert answer.status_code == 200
    page = answer.content.decode()
    assert 'aria-current="page"' in page
    for control in re.findall(r'<(?:input|select|textarea) id="([^"]+)"', page):
        assert f'<label for="{control}">' in page or f'id="{control}" name' in page


def test_the_organization_is_changed_and_said_so(owner: Actor) -> None:
    page = signed_in(owner).get("/settings/organization").content.decode()
    form = dict(re.findall(r'name="(\w+)" (?:type="\w+" )?value="([^"]*)"', page))
    form = {name: value for name, value in form.items() if name not in ("act", "nonce")}
    form |= {"zone": "Europe/Berlin", "language": "de", "name": "Rosen GmbH", "promise_late_s": "45"}
    done(post(owner, "organization", "save", **form))
    with scope(owner):
        row = accounts.organization()
    assert (row.name, row.zone, row.promise_late_s) == ("Rosen GmbH", "Europe/Berlin", 2700)
    assert "Rosen GmbH" in signed_in(owner).get("/settings/organization?done=save").content.decode()
    stale = post(owner, "organization", "save", **form)
    assert stale.status_code == 412
    assert "organization.stale" in stale.content.decode()


def test_what_is_refused_stands_at_its_field_with_what_was_typed(owner: Actor) -> None:
    page = refused(
        post(owner, "organization", "save", name="X", currency="euro", country="DE", zone="UTC", language="en",
             promise_early_s="30", promise_late_s="60", attempts="2", silent_after_s="15"),
        "organization.setting_invalid",
        "currency",
    )  # fmt: skip
    assert 'value="EURO"' in page or 'value="euro"' in page


def test_the_mark_is_taken_shown_and_taken_away_and_what_is_no_picture_is_refused(owner: Actor) -> None:
    refused(post(owner, "organization", "mark"), "form.missing", "logo")
    refused(post(owner, "organization", "mark", logo=SimpleUploadedFile("a.png", b"no picture")), "proof.not_an_image")
    huge = SimpleUploadedFile("a.png", bytes(MOST_BYTES + 1))
    assert "proof.too_large" in post(owner, "organization", "mark", logo=huge).content.decode()
    form = {"logo": SimpleUploadedFile("a.png", a_png()), "nonce": "form_1"}
    done(post(owner, "organization", "mark", **form))
    page = signed_in(owner).get("/settings/organization").content.decode()
    (address,) = set(re.findall(r'src="(/api/v1/organization/logo[^"]*)"', page))
    assert signed_in(owner).get(address)["Content-Type"] == "image/png"
    done(post(owner, "organization", "remove-mark"))
    assert "/api/v1/organization/logo" not in signed_in(owner).get("/settings/organization").content.decode()
    with scope(owner):
        assert accounts.organization().logo == ""
        dispatcher = a_member(accounts.organization(), "dispatcher")
    assert post(dispatcher, "organization", "mark", logo=SimpleUploadedFile("a.png", a_png())).status_code == 403


def test_people_are_invited_changed_and_taken_back(owner: Actor) -> None:
    done(post(owner, "people", "invite", email="mira@example.com", role="dispatcher"))
    with scope(owner):
        (invitation,) = accounts.invitations()
        organization = accounts.organization()
    done(post(owner, "people", "remove-invitation", id=str(invitation.id)))
    refused(
        post(owner, "people", "invite", email="m@example.com", role="merchant"),
        "member.merchant_mismatch",
        "merchant_id",
    )
    viewer = a_member(organization, "viewer")
    done(post(owner, f"people/{viewer.id}", "change", role="dispatcher", active="1"))
    with scope(owner):
        assert accounts.member(viewer.id).role == "dispatcher"
    refused(post(owner, f"people/{owner.id}", "change", role="viewer", active="1"), "member.last_owner")


def test_a_keys_secret_is_shown_once(owner: Actor) -> None:
    form = {"name": "Shop", "scopes": ["orders:write"], "nonce": "form_1"}
    shown = post(owner, "keys", "add", **form)
    secret = re.search(r"hsk_\w+", shown.content.decode())
    assert secret is not None
    assert shown["Cache-Control"] == "private, no-store"
    again = post(owner, "keys", "add", **form)  # the same click, or the page loaded again
    assert again.status_code == 302
    page = signed_in(owner).get("/settings/keys").content.decode()
    assert secret[0] not in page
    with scope(owner):
        (row,) = accounts.keys()
    done(post(owner, "keys", "remove", id=str(row.id)))
    refused(post(owner, "keys", "add", name="None"), "key.scope_unknown")


def test_a_webhook_is_added_watched_and_told_again(owner: Actor) -> None:
    refused(post(owner, "webhooks", "add", url="ftp://example.com"), "endpoint.url_invalid", "url")
    shown = post(owner, "webhooks", "add", url="https://example.com/in", types="order.*")
    assert "whsec_" in shown.content.decode()
    with scope(owner):
        (row,) = webhooks.endpoints()
    where = f"webhooks/{row.id}"
    an_order(owner)
    with scope(owner):
        assert row.types == ["order.*"]
    span = {"since": "2020-01-01T00:00", "until": "2040-01-01T00:00"}
    done(post(owner, where, "replay", **span))
    log = signed_in(owner).get(f"/settings/{where}").content.decode()
    assert "waiting" in log
    assert "again" in log
    done(post(owner, where, "change", url="https://example.com/in", types="", state="off"))
    refused(post(owner, where, "replay", **span), "endpoint.off_conflict")
    refused(post(owner, where, "replay", since=""), "form.missing", "since")


def test_a_template_is_previewed_saved_and_taken_back(owner: Actor) -> None:
    where = "templates/scheduled/sms/en"
    words = "{organization}: {reference} comes {window}. {link}"
    shown = post(owner, where, "preview", body=words)
    assert shown.status_code == 200
    assert "Greengrocer Vans" in shown.content.decode()
    with scope(owner):
        assert not messaging.template("scheduled", "sms", "en").own  # type: ignore[union-attr]
    refused(post(owner, where, "save", body="no link", version="0"), "template.link_missing", "body")
    done(post(owner, where, "save", body=words, version="0"))
    page = signed_in(owner).get(f"/settings/{where}").content.decode()
    assert "SMS</b> each" in page
    done(post(owner, where, "remove-own", version="1"))
    assert "Not written yet" in signed_in(owner).get("/settings/templates?language=pt").content.decode()


def test_messages_are_switched_off_by_kind_and_channel(owner: Actor) -> None:
    rules = {f"send-{kind}": ["sms", "email"] for kind in SAID_BY_US if kind != "survey"}
    done(post(owner, "messages", "save", **rules, quiet_from="20:00", quiet_to="08:00", message_cap="500"))
    with scope(owner):
        row = accounts.organization()
    assert row.muted == ["survey:sms", "survey:email"]
    refused(post(owner, "messages", "save", quiet_from="evening", quiet_to="8"), "form.not_a_time", "quiet_from")


def test_what_recipients_may_choose_is_set(owner: Actor) -> None:
    form = {"choice_days": "5", "choice_cutoff_s": "12", "choice_windows": "07:00-12:00, 12:00-19:00"}
    done(post(owner, "recipients", "save", **form, choice_places=["neighbor"], booking="1", accent="#0b6b53"))
    with scope(owner):
        row = accounts.organization()
    assert (row.choice_days, row.choice_cutoff_s, row.booking) == (5, 43_200, True)
    assert row.choice_windows == [["07:00", "12:00"], ["12:00", "19:00"]]
    wrong = post(owner, "recipients", "save", **{**form, "choice_windows": "noon"})
    refused(wrong, "organization.setting_invalid", "choice_windows")


def test_the_fleet_is_entered_and_a_phone_let_in(owner: Actor) -> None:
    done(post(owner, "fleet", "depot", name="North", address="Mill Lane 1", lat="49.61", lon="6.13", zone="UTC"))
    refused(post(owner, "fleet", "depot", name="South", lat="49.61", zone="UTC"), "place.coordinates_invalid", "lon")
    with scope(owner):
        (depot,) = fleet.depots()
    form = {
        "name": "Van 1",
        "depot_id": str(depot.id),
        "profile": "van",
        "capacity": "pieces 90",
        "cost_per_hour": "32.50",
    }
    done(post(owner, "fleet", "vehicle", **form))
    refused(post(owner, "fleet", "vehicle", **{**form, "capacity": "many"}), "form.load_unreadable", "capacity")
    done(post(owner, "fleet", "driver", name="Mira", phone="+352621123456"))
    with scope(owner):
        (van,), (driver,) = fleet.vehicles(), fleet.drivers()
    assert (van.capacity, van.cost_per_hour) == ({"pieces": 90}, 3250)
    where = f"fleet/driver/{driver.id}"
    shown = post(owner, where, "pair", name="Pixel").content.decode()
    assert re.search(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}\b", shown)
    assert 'class="qr"' in shown
    with scope(owner):
        (device,) = accounts.devices()
    done(post(owner, where, "revoke", id=str(device.id)))
    done(post(owner, where, "driver", name="Mira H.", phone="+352621123456", version="1"))
    with scope(owner):
        assert not fleet.driver(driver.id).active  # its box was not ticked
    refused(post(owner, where, "pair", name="Pixel"), "device.owner_inactive")


def test_a_week_of_shifts_is_drawn_and_made_ahead(owner: Actor) -> None:
    depot = a_depot(owner)
    van, driver = a_vehicle(owner, depot.id), a_driver(owner)
    form = {"vehicle_id": str(van.id), "driver_id": str(driver.id), "starts": "08:00", "ends": "16:30"}
    done(post(owner, "shifts", "add", weekday=["0", "1", "2", "3", "4", "5", "6"], **form))
    refused(post(owner, "shifts", "add", weekday=["0"], **form), "shift.rules_overlap")
    refused(post(owner, "shifts", "add", **form), "shift.when_unclear")
    done(post(owner, "shifts", "open"))
    with scope(owner):
        rules, shifts = list(fleet.shift_rules()), list(fleet.shifts())
    assert (len(rules), len(shifts)) == (7, 7)
    page = signed_in(owner).get("/settings/shifts").content.decode()
    assert page.count('class="shift"') == 7
    shift = shifts[0]
    done(post(owner, f"shifts/day/{shift.id}", "driver", driver_id="", version="1"))
    done(post(owner, f"shifts/rule/{rules[0].id}", "remove-rule", version="1"))
    with scope(owner):
        assert fleet.shift(shift.id).driver is None
        assert fleet.shift_rules().count() == 6


def test_areas_are_drawn_by_corners_or_geojson(owner: Actor) -> None:
    done(post(owner, "areas", "zone", name="North", geometry=SQUARE, priority="3"))
    drawn = {"type": "Polygon", "coordinates": [[[6.1, 49.6], [6.2, 49.6], [6.2, 49.7], [6.1, 49.6]]]}
    feature = json.dumps({"type": "Feature", "geometry": drawn})
    done(post(owner, "areas", "area", name="Town", geometry=feature))
    refused(post(owner, "areas", "zone", name="Bad", geometry="here, there"), "form.drawing_unreadable", "geometry")
    refused(post(owner, "areas", "zone", name="Point", geometry='{"type": "Point"}'), "area.type_unknown", "geometry")
    with scope(owner):
        (zone,), (area,) = places.zones(), places.service_areas()
    done(post(owner, f"areas/zone/{zone.id}", "zone", name="Far north", geometry=SQUARE, version="1"))
    done(post(owner, f"areas/area/{area.id}", "remove-area", version="1"))
    with scope(owner):
        assert places.zone(zone.id).name == "Far north"


def test_days_off_and_closed_roads(owner: Actor) -> None:
    done(post(owner, "days-off", "save", first="2040-12-25", last="2040-12-26", reason="Christmas"))
    assert "Christmas" in signed_in(owner).get("/settings/days-off").content.decode()
    refused(post(owner, "days-off", "save", first="2040-12-25", last="x", reason="?"), "form.not_a_day", "last")
    done(post(owner, "closures", "add", name="Market", area=SQUARE, reason="market day"))
    refused(post(owner, "closures", "add", name="Nothing"), "closure.nothing_named", "street")
    with scope(owner):
        (closure,) = travel.closures()
    done(post(owner, "closures", "remove", id=str(closure.id)))
    assert "No road is closed" in signed_in(owner).get("/settings/closures").content.decode()


def test_a_person_is_forgotten_only_by_a_yes(owner: Actor) -> None:
    order = an_order(owner, 7)
    refused(post(owner, "data", "erase", reference="A-7"), "form.not_confirmed", "sure")
    refused(post(owner, "data", "erase", reference="A-7", sure="1"), "recipient.has_open_orders")
    from homestretch.orders import actions as orders
    from tests.town.places import AT

    orders.cancel_order(order.id, "recipient_wish", by=owner, at=AT + timedelta(minutes=1))
    done(post(owner, "data", "erase", reference="A-7", sure="1"))
    refused(post(owner, "data", "erase", reference="none", sure="1"), "recipient.unclear", "reference")


def test_who_changed_what_is_told_by_name(owner: Actor) -> None:
    post(owner, "data", "save", positions_days="30")
    done(post(owner, "merchants", "add", name="Bloom"))
    page = signed_in(owner).get("/settings/changes").content.decode()
    with scope(owner):
        email = accounts.member(owner.id).user.email  # type: ignore[arg-type]
    assert email in page or accounts is None
    assert "positions days" in page
    assert "Bloom" in page
    assert "Bloom" not in signed_in(owner).get("/settings/changes?about=organization").content.decode()


def test_each_role_sees_and_changes_what_is_its_own(owner: Actor) -> None:
    with scope(owner):
        organization = accounts.organization()
    viewer, dispatcher = a_member(organization, "viewer"), a_member(organization, "dispatcher")
    assert signed_in(viewer).get("/settings/keys").status_code == 403
    assert signed_in(viewer).get("/settings/fleet").status_code == 200
    assert post(viewer, "fleet", "driver", name="Mira").status_code == 403
    assert post(dispatcher, "organization", "save", name="Mine").status_code == 403
    done(post(dispatcher, "fleet", "driver", name="Mira"))
    assert Client().get("/settings/fleet").status_code == 302


def test_the_neighbors_things_are_not_there(owner: Actor) -> None:
    driver = a_driver(owner)
    stranger = owner_of(an_organization("Next door"))
    assert signed_in(stranger).get(f"/settings/fleet/driver/{driver.id}").status_code == 404
    assert post(stranger, f"fleet/driver/{driver.id}", "pair", name="x").status_code == 404
    assert signed_in(owner).get("/settings/fleet/driver/none").status_code == 404
    assert signed_in(owner).get("/settings/nothing").status_code == 404
    assert post(owner, "fleet", "nothing").status_code == 404


def test_the_policy_of_recovery_is_changed_part_by_part(owner: Actor) -> None:
    page = signed_in(owner).get("/settings/recovery").content.decode()
    assert 'name="per_late_minute" type="text" value="2.00"' in page
    done(post(owner, "recovery", "save", part="prices", version="0", **{**PRICES, "per_late_minute": "0,75"}))
    done(post(owner, "recovery", "save", part="alone", version="1", suggest_late_s="15", most_alone="3", unread_s="5"))
    with scope(owner):
        prices, version = recovery.policy()
    assert (prices.per_late_minute, prices.suggest_late_s, prices.most_alone, version) == (75, 900, 3, 2)
    assert prices.unread_s == 300
    assert prices.seconds == 2, "what the part does not hold stays"
    again = post(owner, "recovery", "save", part="alone", version="1", suggest_late_s="0", most_alone="0", unread_s="0")
    assert (again.status_code, "policy.stale" in again.content.decode()) == (412, True)
    limits = {"part": "limits", "version": "2", "most_moved": "10", "overtime_s": "30"}
    refused(post(owner, "recovery", "save", **limits, seconds="61"), "policy.out_of_bounds", "seconds")
    refused(post(owner, "recovery", "save", **limits, seconds=""), "form.missing", "seconds")
    with scope(owner):
        viewer = signed_in(a_member(accounts.organization(), "viewer"))
    assert "Save" not in viewer.get("/settings/recovery").content.decode()
    assert post(owner, "recovery", "save", client=viewer, part="alone").status_code == 403
