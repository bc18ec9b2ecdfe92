"""What the screens are shown with: an organization that has just been made, and one in the middle of its day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Page

from homestretch.accounts import queries as accounts
from homestretch.accounts.actions import update_organization
from homestretch.events.scope import scope
from homestretch.kernel.actor import system
from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal
from homestretch.kernel.windows import local_window
from homestretch.messaging import actions as messaging
from homestretch.orders import actions as orders_actions
from homestretch.recovery import actions as recovery
from homestretch.recovery import searching
from homestretch.recovery.values import Wish
from tests.browser.day import NOW, PASSWORD, Scene, near, with_password
from tests.browser.site import Site, a_page, sign_in
from tests.town.accounts import a_link, a_member, a_merchant, a_phone
from tests.town.orders import DAY, an_order


@dataclass(frozen=True, slots=True)
class Stage:
    """Who can sign in, by role, and what addresses may name."""

    people: dict[str, str]
    names: dict[str, str]


def stages(scene: Scene, nobody: dict[str, str], crowd: Scene | None = None) -> dict[str, Stage]:
    """By state: empty, ordinary, and crowded where a crowd was made."""
    empty = Stage(nobody, {"day": "2026-11-23"})
    made = {"empty": empty, "ordinary": _stage(scene)}
    return {**made, "crowded": _stage(crowd)} if crowd else made


def _stage(scene: Scene) -> Stage:
    road = scene.roads[0]
    merchant, more = _more(scene)
    names = {
        "day": "2026-11-23",
        "tomorrow": "2026-11-24",
        "next": scene.next_link,
        "done": scene.done_link,
        "nothing": "hst_" + "0" * 64,
        "order": str(road.orders[0].id),
        "place": str(road.stops[0].place_id),
        "route": str(road.route_id),
        "loading": str(scene.roads[max(scene.cast.later, default=0)].route_id),
        "open": str(road.stops[scene.cast.done[0]].id),
        **more,
        "phone": a_phone(road.by, road.shift.driver_id, at=NOW),
        "depot": str(road.shift.start_depot_id),
        "driver": str(road.driver.driver_id),
    }
    return Stage({"dispatcher": scene.email, "owner": scene.owner_email, "merchant": merchant}, names)


_made: dict[str, tuple[str, dict[str, str]]] = {}


def _more(scene: Scene) -> tuple[str, dict[str, str]]:
    """Beside the morning, made once: a merchant with orders, recipients who may choose a time, words that wait."""
    if scene.next_link not in _made:
        owner, orders = scene.roads[0].by, scene.roads[0].orders
        choices = {"choice_days": 4, "choice_cutoff_s": 3600, "choice_places": ["neighbor"], "booking": True}
        choices["pickup_windows"] = [["16:00", "20:00"]]
        update_organization(choices, by=owner, at=NOW)
        with scope(owner):
            organization = accounts.organization()
        shop = a_merchant(owner, "Bloom & Co")
        numbers = range(9700, 9700 + scene.cast.merchant_orders)
        own = [_order(owner, number, merchant_id=str(shop.id)) for number in numbers]
        free = [
            _order(owner, 9900, day=None, recipient={"name": "Lea"}),
            _order(owner, 9901, day=None, recipient={"name": "ليلى", "language": "ar"}),
        ]
        fetched = _order(owner, 9902, day=None, recipient={"name": "Nora"})
        evening = local_window(DAY, time(16), time(20), ZoneInfo(organization.zone))
        orders_actions.set_aside(fetched.id, scene.roads[0].shift.start_depot_id, DAY, evening, by=owner, at=NOW)
        messaging.report_problem(orders[0].id, "damaged", "The box is crushed, two bottles broke.", by=owner, at=NOW)
        names = _proposed(scene) | {
            "own": str(own[0].id),
            "fetched": str(fetched.id),
            "pickup": a_link(owner, fetched.id, at=NOW),
            "choosing": a_link(owner, free[0].id, at=NOW),
            "arabic": a_link(owner, free[1].id, at=NOW),
        }
        email = with_password(a_member(organization, "merchant", shop.id))
        _made[scene.next_link] = (email, names)
    return _made[scene.next_link]


def _proposed(scene: Scene) -> dict[str, str]:
    """A van that fell silent, with a proposal that waits for a yes; one that was declined, and one that is searched."""
    owner, silent = scene.roads[0].by, scene.roads[min(scene.cast.silent)]
    recovery.set_policy({"seconds": 1, "suggest_late_s": 900}, by=owner, at=NOW)
    asked = (Wish("late", route_id=scene.roads[0].route_id), Wish("vehicle_down", route_id=scene.roads[1].route_id))
    for wish in asked:
        ident = _made_of(owner, wish)
        with suppress(Refusal):  # nothing better was found: it says so in the list
            recovery.decline(ident, "Mira calls: the road is free again", by=owner, at=NOW)
    made = _made_of(owner, Wish("vehicle_down", route_id=silent.route_id))
    searched = recovery.ask(Wish("late", route_id=scene.roads[2].route_id), by=owner, at=NOW)
    return {"proposal": str(made), "declined": str(ident), "searched": str(searched.id)}


def _made_of(owner: Any, wish: Wish) -> UUID:
    """A proposal, searched for here and now."""
    row, fence, by = recovery.ask(wish, by=owner, at=NOW), uuid7(), system(owner.organization_id)
    try:
        rest = recovery.begin(row.id, fence, by=by, at=NOW)
        assert rest is not None
        recovery.finish(row.id, fence, searching.answer_to(rest, by), by=by, at=NOW)
    except Refusal as refusal:
        recovery.fail(row.id, fence, refusal, by=by, at=NOW)
    return row.id


def _order(owner: Any, number: int, **more: Any) -> Any:
    return an_order(owner, number, at=NOW, task={"place": near(number)}, **more)


def walk(
    browser: Browser, site: Site, screens: Sequence[Any], stage: Stage, **options: Any
) -> Iterator[tuple[Any, Page]]:
    """Each screen of `screens`, drawn, with its page; whoever has to see it signs in once."""
    for who in dict.fromkeys(screen.who for screen in screens):
        with a_page(browser, site, **options) as (page, _):
            if who in stage.people:  # a driver signs in on the phone's own page
                sign_in(page, stage.people[who], PASSWORD)
            for screen in (screen for screen in screens if screen.who == who):
                page.goto(screen.path.format(**stage.names))
                page.locator(screen.ready).first.wait_for()
                screen.then(page, stage)
                yield screen, page
