"""Message rules: which message goes out by which channel, when nobody is disturbed, and the brake on spend."""

from __future__ import annotations

from homestretch.accounts import actions, queries
from homestretch.doors.console.settings.forms import Field
from homestretch.doors.console.settings.page import Act, Look, Section, Shown
from homestretch.messaging.rules.kinds import CHANNELS, SAID_BY_US
from homestretch.web.entry import OWN, READ

WORDS = {
    "scheduled": "The order is on a route: when to expect it",
    "changed": "It comes later than was promised, and why",
    "cancelled": "It was called off after a time was told",
    "on_the_way": "The driver has set out to the stop",
    "approaching": "The driver is near",
    "delivered": "It was delivered or collected",
    "failed": "The attempt failed, and why",
    "invited": "They are asked for a time, before the order is planned",
    "survey": "How was it? half an hour after",
}
CHANNEL_WORDS = {"sms": "SMS", "email": "E-mail"}


def _show(look: Look) -> Shown:
    row = queries.organization()
    choices = [(channel, CHANNEL_WORDS[channel]) for channel in CHANNELS]
    rules = [
        Field(
            f"send-{kind}",
            WORDS.get(kind, kind.replace("_", " ").capitalize()),
            kind="checks",
            options=choices,
            values=tuple(channel for channel in CHANNELS if f"{kind}:{channel}" not in row.muted),
            wide=True,
        )
        for kind in SAID_BY_US
    ]
    form = look.form(
        "save",
        Field("version", kind="hidden", value=row.version),
        *rules,
        Field("quiet_from", "Nobody is disturbed from", kind="time", value=row.quiet_from, needed=True),
        Field(
            "quiet_to",
            "to",
            kind="time",
            value=row.quiet_to,
            needed=True,
            hint="In the organization's time zone. What can wait, waits; what can't is not sent.",
        ),
        Field(
            "message_cap",
            "Messages a day, at most",
            kind="number",
            value=row.message_cap,
            least=0,
            most=10_000_000,
            needed=True,
            hint="The brake on spend.",
        ),
    )
    lead = "Sent only to those who consented to the channel and did not say STOP. The words are in the templates."
    return "one-form", {"form": form, "lead": lead}


def _save(act: Act) -> None:
    given = act.given
    muted = [
        f"{kind}:{channel}" for kind in SAID_BY_US for channel in CHANNELS if channel not in given.all(f"send-{kind}")
    ]
    wanted = {
        "muted": muted,
        "quiet_from": given.clock("quiet_from"),
        "quiet_to": given.clock("quiet_to"),
        "message_cap": given.needed("message_cap"),
    }
    actions.update_organization(wanted, version=given.whole("version"), by=act.by, at=act.at, once=act.once)


SECTION = Section(
    "messages",
    "Message rules",
    READ("organization"),
    OWN("organization"),
    _show,
    {"save": _save},
    {"save": "Saved: it holds for what is planned from now on."},
)
