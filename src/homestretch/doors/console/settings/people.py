"""People and their roles, and who is invited."""

from __future__ import annotations

from typing import Any

from homestretch.accounts import actions, queries
from homestretch.doors.console.settings.forms import Field, options
from homestretch.doors.console.settings.page import Act, Look, Section, Shown
from homestretch.doors.console.settings.reading import ident_of
from homestretch.kernel.actor import Role
from homestretch.web.entry import OWN

ROLES = (
    (Role.DISPATCHER.value, "Dispatcher: plans and runs the day"),
    (Role.VIEWER.value, "Viewer: sees, changes nothing"),
    (Role.OWNER.value, "Owner: everything, these settings too"),
    (Role.MERCHANT.value, "Merchant: the own orders of one merchant"),
)


def _show(look: Look) -> Shown:
    members = list(queries.members().select_related("user", "merchant").order_by("-active", "user__email"))
    if look.subject:
        return _one(look, queries.member(ident_of("member", look.subject)))
    waiting = queries.invitations().filter(accepted_at=None, revoked_at=None, expires_at__gt=look.at)
    shops = options(queries.merchants().filter(active=True).order_by("name"), none="none")
    invite = look.form(
        "invite",
        Field("email", "E-mail", kind="email", needed=True, most=254),
        Field("role", "Role", kind="select", options=ROLES, value=Role.DISPATCHER.value),
        Field("merchant_id", "Merchant", kind="select", options=shops, hint="With the role merchant."),
        title="Invite somebody",
        button="Send the invitation",
    )
    return "people", {"members": members, "invitations": list(waiting.order_by("email")), "invite": invite}


def _one(look: Look, row: Any) -> Shown:
    shops = options(queries.merchants().order_by("name"), none="none")
    form = look.form(
        "change",
        Field("role", "Role", kind="select", options=ROLES, value=row.role),
        Field("merchant_id", "Merchant", kind="select", options=shops, value=row.merchant_id or ""),
        Field("active", "May sign in", kind="check", value=row.active),
    )
    return "one-form", {"form": form, "title": row.user.name or row.user.email, "lead": row.user.email}


def _invite(act: Act) -> None:
    given = act.given
    merchant = given.maybe_ident("merchant_id")
    actions.invite(given.text("email"), given.text("role"), merchant, by=act.by, at=act.at, once=act.once)


def _take_back(act: Act) -> None:
    actions.revoke_invitation(act.given.ident("id"), by=act.by, at=act.at, once=act.once)


def _change(act: Act) -> None:
    given = act.given
    actions.change_member(
        ident_of("member", act.subject),
        given.text("role"),
        given.maybe_ident("merchant_id"),
        active=given.ticked("active"),
        by=act.by,
        at=act.at,
        once=act.once,
    )


SECTION = Section(
    "people",
    "People",
    OWN("organization"),
    OWN("organization"),
    _show,
    {"invite": _invite, "remove-invitation": _take_back, "change": _change},
    {"invite": "Invited: an e-mail is on its way.", "remove-invitation": "Taken back.", "change": "Changed."},
)
