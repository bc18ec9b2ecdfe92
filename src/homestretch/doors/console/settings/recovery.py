"""What recovery may do by itself, how far it may go, and what changing a running day is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from homestretch.accounts import queries as accounts
from homestretch.doors.console.settings.forms import Field, Form
from homestretch.doors.console.settings.page import Act, Look, Section, Shown
from homestretch.recovery import actions, queries
from homestretch.recovery.rules.proposing import BOUNDS
from homestretch.web.entry import READ, WRITE


@dataclass(frozen=True, slots=True)
class Said:
    """How a value of the policy is asked for. `scale`: of what is stored to one that is shown: 60 for minutes, 100 for
    money; money is written with its decimals."""

    label: str
    hint: str = ""
    scale: int = 1

    @property
    def is_money(self) -> bool:
        """Whether it is a price."""
        return self.scale == 100


PARTS: Mapping[str, tuple[str, Mapping[str, Said]]] = {
    "alone": (
        "Unasked",
        {
            "suggest_late_s": Said(
                "Propose by itself for a promise late by, minutes",
                "As it is forecast. 0: nothing is ever proposed unasked.",
                60,
            ),
            "most_alone": Said(
                "Stops that it may move without a yes",
                "Only if none is left and no promise more is broken; never for a van thought to be broken down. "
                "0: each waits for a yes.",
            ),
            "unread_s": Said(
                "A changed route may wait for its driver to read it, minutes",
                "Then it is listed under Today. 0: never.",
                60,
            ),
        },
    ),
    "offers": (
        "Orders that can't wait",
        {
            "offer_priority": Said(
                "Offered by itself from priority", "Of an order for today, while routes run. 0: none is."
            ),
            "offer_s": Said("A driver has to answer within, seconds"),
            "offer_drivers": Said("Drivers who are asked, at most", "Then it is an exception."),
        },
    ),
    "limits": (
        "How far a proposal may go",
        {
            "most_moved": Said("Stops that one may move", "One that moves more is dropped."),
            "overtime_s": Said("A shift may be exceeded by, minutes", "At most.", 60),
            "seconds": Said("Seconds of search", "Of CPU time, for each."),
        },
    ),
    "prices": (
        "What change is worth",
        {
            "per_moved": Said("A stop that comes behind another one than before", scale=100),
            "per_changed": Said("A stop that changes its driver", scale=100),
            "per_drift_minute": Said("A minute that a stop is served earlier or later than expected", scale=100),
            "per_late_minute": Said("A minute after the promise", scale=100),
            "per_box": Said("A piece that changes vehicles on the road", scale=100),
            "per_left": Said("A stop that is not served today", scale=100),
            "overtime_per_hour": Said("An hour of overtime, beside the vehicle's own price", scale=100),
        },
    ),
}
LEAD = (
    "When a day goes off plan, a proposal says what could be done. A change is proposed where it costs less than to go "
    "on: here stands what each costs, how far one may go, and what needs no yes."
)


def _show(look: Look) -> Shown:
    first, *more = [_form(look, part) for part in PARTS]
    return "one-form", {"form": first, "more": more, "lead": LEAD}


def _form(look: Look, part: str) -> Form:
    prices, version = queries.policy()
    stands, currency = asdict(prices), accounts.organization().currency
    title, values = PARTS[part]
    fields = [_field(name, said, stands[name], currency) for name, said in values.items()]
    hidden = (Field("part", kind="hidden", value=part), Field("version", kind="hidden", value=version))
    return look.form("save", *hidden, *fields, key=part, title=title)


def _field(name: str, said: Said, value: int, currency: str) -> Field:
    if said.is_money:
        return Field(name, f"{said.label}, {currency}", value=f"{value / 100:.2f}", hint=said.hint, needed=True)
    least, most = (bound // said.scale for bound in BOUNDS[name])
    whole = value // said.scale
    return Field(name, said.label, kind="number", value=whole, least=least, most=most, hint=said.hint, needed=True)


def _save(act: Act) -> None:
    given = act.given
    _, values = PARTS.get(given.text("part"), ("", {}))
    sent: dict[str, int] = {}
    for name, said in values.items():
        money = given.scaled(name, said.scale) if said.is_money else None
        sent[name] = given.needed(name) * said.scale if money is None else money
    actions.set_policy(sent, version=given.whole("version"), by=act.by, at=act.at, once=act.once)


SECTION = Section(
    "recovery",
    "Off plan",
    READ("organization"),
    WRITE("organization"),
    _show,
    {"save": _save},
    {"save": "Saved: the next proposals go by it."},
)
