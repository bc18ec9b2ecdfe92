"""Merchants: whose goods are moved."""

from __future__ import annotations

from uuid import UUID

from homestretch.accounts import actions, queries
from homestretch.doors.console.settings.forms import Field
from homestretch.doors.console.settings.page import Act, Look, Section, Shown
from homestretch.doors.console.settings.reading import ident_of
from homestretch.web.entry import READ, WRITE


def _show(look: Look) -> Shown:
    if look.subject:
        row = queries.merchant(ident_of("merchant", look.subject))
        form = look.form(
            "change",
            Field("version", kind="hidden", value=row.version),
            Field("name", "Name", value=row.name, needed=True, most=120),
            Field("external_id", "As another system calls it", value=row.external_id, most=120),
            Field("active", "Active", kind="check", value=row.active, hint="Off: its people and keys are shut out."),
        )
        return "one-form", {"form": form, "title": row.name}
    add = look.form(
        "add",
        Field("name", "Name", needed=True, most=120),
        Field("external_id", "As another system calls it", most=120),
        title="Add a merchant",
        button="Add",
    )
    rows = list(queries.merchants().order_by("-active", "name"))
    return "merchants", {"rows": rows, "add": add}


def _add(act: Act) -> None:
    name, external = act.given.text("name"), act.given.maybe("external_id")
    actions.create_merchant(name, external_id=external, by=act.by, at=act.at, once=act.once)


def _change(act: Act) -> None:
    given = act.given
    wanted = {
        "name": given.text("name"),
        "external_id": given.maybe("external_id"),
        "active": given.ticked("active"),
    }
    ident: UUID = ident_of("merchant", act.subject)
    actions.change_merchant(ident, wanted, version=given.whole("version"), by=act.by, at=act.at, once=act.once)


SECTION = Section(
    "merchants",
    "Merchants",
    READ("organization"),
    WRITE("organization"),
    _show,
    {"add": _add, "change": _change},
    {"add": "Added.", "change": "Changed."},
)
