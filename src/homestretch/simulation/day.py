"""A whole day, from the file of orders to the last van's return."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from homestretch.kernel.units import read_instant
from homestretch.simulation.agenda import Agenda
from homestretch.simulation.chance import chance
from homestretch.simulation.client import Client
from homestretch.simulation.clock import Clock
from homestretch.simulation.office import fleet, leftovers, orders, planning
from homestretch.simulation.office.desk import Desk
from homestretch.simulation.office.signing_in import Person, member_of
from homestretch.simulation.office.watch import Dispatcher
from homestretch.simulation.people.carrier import Carrier
from homestretch.simulation.people.recipients import Recipients
from homestretch.simulation.phones.driver import Driver
from homestretch.simulation.phones.knowledge import Knowledge
from homestretch.simulation.phones.phone import Phone
from homestretch.simulation.phones.road import Track
from homestretch.simulation.phones.round import beats
from homestretch.simulation.phones.signal import lose
from homestretch.simulation.phones.ways import Ways
from homestretch.simulation.scenario import Scenario
from homestretch.simulation.summary import Summary, summarize
from homestretch.simulation.town.demand import Demand, demand
from homestretch.simulation.town.fleet import hubs
from homestretch.simulation.trace import Trace

MOMENT = timedelta(minutes=1)


@dataclass(slots=True)
class Day:
    """One simulated day at an installation. `run` plays it and says how it went."""

    office: Client
    scenario: Scenario
    clock: Clock
    say: Callable[[str], None] = lambda _: None
    hook_secret: str = ""  # by which the phone company signs what it posts
    dispatcher: Person | None = None  # who looks after exceptions
    trace: Trace = field(default_factory=Trace)
    demand: Demand = field(init=False)
    desk: Desk = field(init=False)
    agenda: Agenda = field(init=False)
    knowledge: Knowledge = field(init=False)
    ways: Ways = field(init=False)
    phones: list[Phone] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.demand = demand(self.scenario)
        self.desk = Desk(self.office, self.scenario, self.demand, self.trace)
        self.agenda = Agenda(self.clock, self.scenario.hands)
        self.ways = Ways(self.office)
        self.knowledge = Knowledge(self.scenario.seed, self.demand.parcels, self.demand.fates)

    def run(self) -> Summary:
        """Play the day."""
        desk, local = self.desk, self.desk.local
        self.clock.jump(local(5, 5))
        leftovers.close(desk, self.clock.now)
        fleet.equip(desk)
        watch = Dispatcher(desk, local(6, 15), local(22, 0), urgent_at=local(11, 30), retry_from=local(17, 5))
        watch.member_id = member_of(self.office.line, self.dispatcher) if self.dispatcher else None
        carrier = Carrier(self.office, self.scenario.seed, self.trace, self.hook_secret)
        self.agenda.add(self._morning())
        self.agenda.add(self._evening())
        self.agenda.add(watch.rounds())
        self.agenda.add(carrier.rounds(local(6, 0), local(22, 30)))
        self.agenda.add(Recipients(desk, carrier).rounds(local(6, 2), local(22, 32)))
        self.agenda.add(self._progress())
        self.agenda.run(local(22, 40))
        orders.call_off(desk, self.clock.now, "could not be delivered today")
        self.clock.to(local(22, 45))
        self.clock.settle()
        return summarize(desk, self.phones)

    def _morning(self) -> Iterator[datetime]:
        desk, at = self.desk, self.desk.local(5, 30)
        yield at
        import_id = orders.upload(desk)
        orders.check(desk, import_id)
        yield (at := at + MOMENT)
        orders.confirm(desk, import_id)
        orders.tell(desk, self.demand.by_api)
        yield (at := at + MOMENT)
        self.say(f"{len(orders.of_day(desk))} orders are in")
        for _ in range(3):  # a pin that a person sets may take two looks
            orders.fix_places(desk, at)
            yield (at := at + MOMENT)
        fleet.open_day(desk)
        yield from self._plan(hubs(self.scenario)[0].external_id, at)

    def _evening(self) -> Iterator[datetime]:
        at = self.desk.local(16, 20)
        yield at
        yield from self._plan(hubs(self.scenario)[1].external_id, at)

    def _plan(self, hub: str, at: datetime) -> Iterator[datetime]:
        desk = self.desk
        plan_id = planning.ask_plan(desk, hub, 1)
        if plan_id is None:
            self.say(f"{hub}: nothing to plan")
            return
        yield (at := at + MOMENT)
        while not planning.is_solved(desk, plan_id):
            yield (at := at + MOMENT)
        revision = planning.tidy_plan(desk, plan_id)
        routes = planning.release(desk, plan_id, revision["number"])
        stops = sum(route["stops_total"] for route in routes)
        self.say(f"{hub}: {len(routes)} routes with {stops} stops, {len(revision['unassigned'])} left out")
        yield (at := at + MOMENT)
        for route in routes:
            self.agenda.add(self._drive(planning.pair(desk, route, at), at))

    def _drive(self, paired: planning.Paired, at: datetime) -> Iterator[datetime]:
        scenario, name = self.scenario, paired.driver
        random = chance(scenario.seed, scenario.day, "phone", name)
        track = Track(chance(scenario.seed, scenario.day, "gps", name), scenario.position_s)
        phone = Phone(paired.client, random, track, self.trace, scenario.slip)
        self.phones.append(phone)
        phone.speak(at)
        start, end = (read_instant(paired.route[name]) for name in ("planned_start", "planned_end"))
        phone.signal = lose(chance(scenario.seed, scenario.day, "signal", name), start, end, scenario.offline_s)
        luck = chance(scenario.seed, scenario.day, "road", name)
        driver = Driver(
            name, phone, self.knowledge, self.trace, luck, self.desk.zone, at, self.ways, scenario.disruption
        )
        yield from beats(driver, scenario.beat_s)

    def _progress(self) -> Iterator[datetime]:
        """A line an hour for whoever watches."""
        for hour in range(7, 23):
            yield self.desk.local(hour)
            states = self._states()
            self.say(f"{hour:02d}:00  " + ", ".join(f"{n} {state}" for state, n in sorted(states.items())))

    def _states(self) -> dict[str, Any]:
        counts: dict[str, int] = {}
        for order in orders.of_day(self.desk):
            counts[order["state"]] = counts.get(order["state"], 0) + 1
        return counts
