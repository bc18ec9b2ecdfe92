"""What is kept, how long, and who is forgotten."""

from __future__ import annotations

from homestretch.accounts import actions as accounts
from homestretch.accounts import queries
from homestretch.doors.console.settings.forms import Field
from homestretch.doors.console.settings.page import Act, Look, Section, Shown
from homestretch.events.scope import scope
from homestretch.kernel.refusal import Refusal
from homestretch.orders import actions as orders
from homestretch.orders import queries as known
from homestretch.web.entry import OWN

KEPT = (
    ("Positions of vehicles", "as many days as is said here, then erased each hour"),
    ("A driver's position", "only while on duty: from the start of a route to its end"),
    ("Tracking links", "60 days; an order's page opens to nobody afterwards"),
    ("Answers kept for repeated requests", "7 days"),
    ("One-time codes", "15 minutes"),
    ("The log", "for ever: it holds ids, never names or addresses"),
    ("Orders, proofs, messages", "until the person is erased"),
)


def _show(look: Look) -> Shown:
    row = queries.organization()
    keep = look.form(
        "save",
        Field("version", kind="hidden", value=row.version),
        Field(
            "positions_days",
            "Positions are kept, days",
            kind="number",
            value=row.positions_days,
            least=1,
            most=3650,
            needed=True,
        ),
    )
    erase = look.form(
        "erase",
        Field("reference", "Order", needed=True, most=120, hint="The number or id of any order of that person."),
        Field(
            "sure",
            "Erase name, number, e-mail, messages, proofs and notes of this person, for good",
            kind="check",
            wide=True,
        ),
        title="Forget a person",
        button="Erase",
        danger=True,
        note="What is owed must be delivered or cancelled first. The log keeps that it happened, without the name.",
    )
    return "data", {"keep": keep, "erase": erase, "kept": KEPT}


def _save(act: Act) -> None:
    wanted = {"positions_days": act.given.needed("positions_days")}
    version = act.given.whole("version")
    accounts.update_organization(wanted, version=version, by=act.by, at=act.at, once=act.once)


def _erase(act: Act) -> None:
    if not act.given.ticked("sure"):
        raise Refusal("form.not_confirmed", "this can't be undone", remedy="tick the box", field="sure")
    reference = act.given.text("reference")
    with scope(act.by):
        rows = list(known.orders().filter(external_id=reference)[:2])
        ident = act.given.maybe_ident("reference")
        if ident is not None:
            rows = [known.get_order(ident)]
    if len(rows) != 1:
        cause = f"{'several orders' if rows else 'no order'} of that number"
        raise Refusal("recipient.unclear", cause, remedy="give the order's id", field="reference")
    orders.erase_recipient(rows[0].recipient_id, by=act.by, at=act.at, once=act.once)


SECTION = Section(
    "data",
    "Data kept",
    OWN("organization"),
    OWN("organization"),
    _show,
    {"save": _save, "erase": _erase},
    {"save": "Saved.", "erase": "The person is erased."},
)
