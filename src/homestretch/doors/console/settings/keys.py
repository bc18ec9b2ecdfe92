"""API keys: how programs come in. A key's secret is shown once."""

from __future__ import annotations

from datetime import time

from homestretch.accounts import actions, queries
from homestretch.accounts.rules import SCOPES
from homestretch.doors.console.settings.forms import Field, options
from homestretch.doors.console.settings.page import Act, Look, Secret, Section, Shown
from homestretch.kernel.windows import local_instant
from homestretch.web.entry import OWN


def _show(look: Look) -> Shown:
    shops = options(queries.merchants().filter(active=True).order_by("name"), none="of the organization")
    add = look.form(
        "add",
        Field("name", "Name", needed=True, most=120, hint="What uses it: shop, warehouse, reports."),
        Field(
            "scopes", "May", kind="checks", options=[(scope, scope.replace(":", ": ")) for scope in SCOPES], wide=True
        ),
        Field(
            "merchant_id", "Whose", kind="select", options=shops, hint="A merchant's key sees that merchant's orders."
        ),
        Field("until", "Until", kind="date", hint="Empty: until it is taken back."),
        title="Make a key",
        button="Make the key",
    )
    rows = queries.keys().select_related("merchant").order_by("revoked_at", "-created_at")
    return "keys", {"rows": list(rows), "add": add}


def _add(act: Act) -> Secret:
    given = act.given
    until = local_instant(given.day("until"), time(23, 59), act.zone, field="until") if given.text("until") else None
    made = actions.create_key(
        given.text("name") or "key",
        given.all("scopes"),
        given.maybe_ident("merchant_id"),
        until,
        by=act.by,
        at=act.at,
        once=act.once,
    )
    row, secret = made
    note = "Copy it now: it is kept as a fingerprint and can't be shown again."
    return Secret(f"The key “{row.name}”", secret, note)


def _revoke(act: Act) -> None:
    actions.revoke_key(act.given.ident("id"), by=act.by, at=act.at, once=act.once)


SECTION = Section(
    "keys",
    "API keys",
    OWN("organization"),
    OWN("organization"),
    _show,
    {"add": _add, "remove": _revoke},
    {"add": "That key was made already; its secret was shown then.", "remove": "Taken back: it opens nothing more."},
)
