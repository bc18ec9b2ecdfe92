"""What the town orders for a day: parcels with their people, drawn from the seed, and the fate of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from homestretch.kernel.geo import Point
from homestretch.simulation.chance import chance, dealt
from homestretch.simulation.scenario import Scenario
from homestretch.simulation.town.homes import Home, home
from homestretch.simulation.town.names import GOODS, LANGUAGES, MERCHANTS, TOWN, mailbox, person, phone
from homestretch.simulation.town.slips import misspelled

WINDOWS = (("09:00", "12:00"), ("10:00", "14:00"), ("12:00", "16:00"), ("13:00", "17:00"))
EARLY = ("08:30", "10:30")
SPLIT = (("09:00", "11:00"), ("14:00", "16:30"))
EVENING = ("18:00", "20:30")


@dataclass(frozen=True, slots=True)
class Parcel:
    """One order as the town means it. `lat`, `lon` None: told by address alone. Loads in grams, cm3 and pieces."""

    external_id: str
    kind: str  # deliver, collect, pair
    recipient: str
    phone: str
    email: str
    language: str
    address: str
    lat: float | None
    lon: float | None
    truth: Point  # where the door is
    goods: str
    quantity: int
    weight: int
    volume: int
    windows: tuple[tuple[str, str], ...]
    service_s: int
    priority: int = 0
    skills: tuple[str, ...] = ()
    merchant: str = ""
    pin: str = ""
    attempts: int = 2
    instructions: str = ""
    barcodes: tuple[str, ...] = ()
    origin: Home | None = None  # of a pair: where it is collected


@dataclass(frozen=True, slots=True)
class Demand:
    """The day's parcels: by file, by API in the morning, by API in the middle of the day; and what will befall them.

    `fates`: external id -> how its first attempt goes, where it does not simply go well.
    """

    by_file: list[Parcel]
    by_api: list[Parcel]
    urgent: list[Parcel]
    fates: dict[str, str] = field(default_factory=dict)

    @property
    def parcels(self) -> dict[str, Parcel]:
        """All of them by external id."""
        return {parcel.external_id: parcel for parcel in [*self.by_file, *self.by_api, *self.urgent]}


def demand(scenario: Scenario) -> Demand:
    """A day's orders: the same for the same seed and day."""
    numbers = range(scenario.orders)
    kinds = _kinds(scenario)
    homes = _homes(scenario)
    parcels = [_parcel(scenario, number, kinds.get(number, "deliver"), homes) for number in numbers]
    urgent = [_parcel(scenario, scenario.orders + n, "urgent", homes) for n in range(scenario.urgent)]
    api = max(1, round(scenario.by_api * scenario.orders))
    pairs = [parcel for parcel in parcels if parcel.kind == "pair"]  # a row of a file is one task
    singles = [parcel for parcel in parcels if parcel.kind != "pair"]
    told = [*pairs, *singles[:api]]
    return Demand(singles[api:], told, urgent, _fates(scenario, singles))


def _kinds(scenario: Scenario) -> dict[int, str]:
    """The orders that are something else than a delivery to a known place, by number."""
    shares = {
        "collect": scenario.collects,
        "pair": scenario.pairs,
        "evening": scenario.evenings,
        "unlocated": scenario.unlocated,
        "ambiguous": scenario.ambiguous,
        "misspelled": scenario.misspelled if scenario.directory else 0.0,
    }
    hands = dealt(chance(scenario.seed, scenario.day, "kinds"), list(range(scenario.orders)), shares)
    return {number: name for name, dealt_to in hands.items() for number in dealt_to}


def _homes(scenario: Scenario) -> list[Home]:
    """In a town that is on the map: whose door each order is for, then where the pairs are collected."""
    if scenario.directory is None:
        return []
    count = 2 * (scenario.orders + scenario.urgent)
    return chance(scenario.seed, scenario.day, "homes").sample(scenario.directory.homes, count)


def _fates(scenario: Scenario, parcels: list[Parcel]) -> dict[str, str]:
    plain = [parcel.external_id for parcel in parcels if parcel.kind == "deliver"]
    hands = dealt(chance(scenario.seed, scenario.day, "fates"), plain, scenario.fates)
    return {external_id: fate for fate, ids in hands.items() for external_id in ids}


def _parcel(scenario: Scenario, number: int, kind: str, homes: list[Home]) -> Parcel:
    random = chance(scenario.seed, scenario.day, "parcel", number)
    where = homes[number] if homes else home(random, number + 1, scenario.doors)
    located = kind not in ("unlocated", "ambiguous", "misspelled")
    address = _written(random, kind, number, where, homes)
    merchant = random.choice(("", "", *(code for code, _ in MERCHANTS)))
    heavy = random.random() < 0.06
    quantity = random.choice((1, 1, 1, 2, 3))
    name = person(random)
    external_id = f"{scenario.day:%m%d}-{number + 1:04d}"
    return Parcel(
        external_id=external_id,
        kind=kind if kind in ("collect", "pair") else "deliver",
        recipient=name,
        phone=phone(scenario.day.toordinal() * 1000 + number),
        email=mailbox(name, number) if random.random() < 0.6 else "",
        language=random.choice(LANGUAGES),
        address=address,
        lat=where.point.lat if located else None,
        lon=where.point.lon if located else None,
        truth=where.point,
        goods=random.choice(GOODS[merchant]),
        quantity=quantity,
        weight=random.randint(25_000, 60_000) if heavy else random.randint(300, 9_000),
        volume=random.randint(2_000, 60_000),
        windows=_windows(random, kind, scenario.windows),
        service_s=300 if heavy else random.choice((90, 120, 180)),
        priority=8 if kind == "urgent" else random.choice((0, 0, 0, 0, 2, 5)),
        skills=("lift",) if heavy and random.random() < 0.4 else (),
        merchant=merchant,
        pin=f"{random.randint(0, 9999):04d}" if random.random() < 0.05 else "",
        attempts=1 if random.random() < scenario.one_attempt else 2,
        instructions="Bell is broken" if random.random() < 0.04 else "",
        barcodes=tuple(f"HS{external_id}-{n}" for n in range(quantity)) if random.random() < 0.5 else (),
        origin=_origin(random, scenario, number, homes) if kind == "pair" else None,
    )


def _written(random: Random, kind: str, number: int, where: Home, homes: list[Home]) -> str:
    """The address as it is told."""
    if kind == "ambiguous":  # of a street that no map has, or of one that is there more than once
        return f"{number + 1} Ambiguous Row, {TOWN}" if homes else f"Ambiguous {where.address}"
    return misspelled(random, where.address) if kind == "misspelled" else where.address


def _origin(random: Random, scenario: Scenario, number: int, homes: list[Home]) -> Home:
    if homes:
        return homes[scenario.orders + scenario.urgent + number]
    return home(random, number + 5001, scenario.doors)


def _windows(random: Random, kind: str, share: float) -> tuple[tuple[str, str], ...]:
    if kind == "urgent":
        return ()
    if kind == "evening":
        return (EVENING,)
    if random.random() > share:
        return ()
    single = ((EARLY,), *((window,) for window in WINDOWS))
    return random.choice(single if kind == "pair" else (SPLIT, *single))  # the engine takes no split window in a pair
