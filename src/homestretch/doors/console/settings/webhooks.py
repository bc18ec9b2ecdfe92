"""Webhooks: programs that are told what happens, what each was told, and telling it again."""

from __future__ import annotations

from typing import Any

from homestretch.doors.console.settings.forms import Field
from homestretch.doors.console.settings.page import Act, Look, Secret, Section, Shown
from homestretch.doors.console.settings.reading import ident_of
from homestretch.kernel.refusal import Refusal
from homestretch.web.entry import READ, WRITE
from homestretch.webhooks import actions, queries

SHOWN = 100
STATES = ("waiting", "sending", "delivered", "failed")
TYPES = "Types of events with commas between, as stop.*, order.completed. Empty: all."
NOTE = "Copy it now into the program: it proves that what comes is from us."


def _show(look: Look) -> Shown:
    if look.subject:
        return _one(look)
    add = look.form(
        "add",
        Field("url", "Address", needed=True, most=500, hint="Begins with https://", wide=True),
        Field("types", "Events", hint=TYPES, wide=True),
        title="Add an endpoint",
        button="Add",
    )
    return "webhooks", {"rows": list(queries.endpoints().order_by("url")), "add": add}


def _one(look: Look) -> Shown:
    row = queries.endpoint(ident_of("endpoint", look.subject))
    states = [("on", "On"), ("off", "Off")] + (
        [("dead", "Switched off: it failed for days")] if row.state == "dead" else []
    )
    change = look.form(
        "change",
        Field("version", kind="hidden", value=row.version),
        Field("url", "Address", value=row.url, needed=True, most=500, wide=True),
        Field("types", "Events", value=", ".join(row.types), hint=TYPES, wide=True),
        Field("state", "State", kind="select", value=row.state, options=states),
    )
    replay = look.form(
        "replay",
        Field("since", "From", kind="datetime-local", needed=True),
        Field("until", "to", kind="datetime-local", needed=True),
        title="Tell it again",
        button="Tell again",
        quiet=True,
        note="All events recorded in this span go out once more, with the same ids.",
    )
    rotate = look.form("rotate", button="Make a new secret", quiet=True)
    state = look.query.get("state", "")
    found = queries.deliveries(row.id, state if state in STATES else None).order_by("-id")[:SHOWN]
    context: dict[str, Any] = {"row": row, "change": change, "replay": replay, "rotate": rotate, "title": row.url}
    return "webhook", {**context, "deliveries": list(found), "states": STATES, "state": state, "most": SHOWN}


def _add(act: Act) -> Secret:
    given = act.given
    row, secret = actions.create_endpoint(given.text("url"), given.words("types"), by=act.by, at=act.at, once=act.once)
    return Secret(f"The secret of {row.url}", secret, NOTE)


def _change(act: Act) -> None:
    given = act.given
    changes: dict[str, Any] = {"url": given.text("url"), "types": list(given.words("types"))}
    if given.text("state") != "dead":
        changes["state"] = given.text("state")
    ident = ident_of("endpoint", act.subject)
    actions.change_endpoint(ident, changes, version=given.whole("version"), by=act.by, at=act.at, once=act.once)


def _rotate(act: Act) -> Secret:
    row, secret = actions.rotate_secret(ident_of("endpoint", act.subject), by=act.by, at=act.at, once=act.once)
    return Secret(f"The new secret of {row.url}", secret, NOTE)


def _replay(act: Act) -> None:
    since, until = (act.given.moment(name, act.zone) for name in ("since", "until"))
    for name, moment in (("since", since), ("until", until)):
        if moment is None:
            raise Refusal("form.missing", "a day and time is needed here", remedy="choose one", field=name)
    assert since is not None
    assert until is not None
    actions.replay(ident_of("endpoint", act.subject), since, until, by=act.by, at=act.at, once=act.once)


SECTION = Section(
    "webhooks",
    "Webhooks",
    READ("webhooks"),
    WRITE("webhooks"),
    _show,
    {"add": _add, "change": _change, "rotate": _rotate, "replay": _replay},
    {
        "add": "That endpoint was added already; its secret was shown then.",
        "change": "Changed.",
        "rotate": "A new secret was made already; it was shown then.",
        "replay": "The events of that span are told again.",
    },
)
