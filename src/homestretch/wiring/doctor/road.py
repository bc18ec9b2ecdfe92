"""I2, I3: a task on one live route, a shift with one; states as the automata and the log say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from homestretch.dispatch.rules.automata import LIVE_ROUTE, OPEN_STOP, ROUTE, STOP
from homestretch.dispatch.rules.intents import ASKS
from homestretch.orders.rules.states import STATES as ORDER
from homestretch.wiring.doctor.look import Found, Look

_TASKS = """
select w.task_id, count(distinct s.route_id) from dispatch_stoptask w
join dispatch_stop s on s.organization_id = w.organization_id and s.id = w.stop_id
join dispatch_route r on r.organization_id = s.organization_id and r.id = s.route_id
where w.organization_id = %(org)s and w.live and r.state = any(%(live)s)
group by w.task_id having count(*) > 1
"""
_SHIFTS = """
select shift_id, count(*) from dispatch_route where organization_id = %(org)s and state = any(%(live)s)
group by shift_id having count(*) > 1
"""
_ASTRAY = """
select w.task_id, r.state, s.state from dispatch_stoptask w
join dispatch_stop s on s.organization_id = w.organization_id and s.id = w.stop_id
join dispatch_route r on r.organization_id = s.organization_id and r.id = s.route_id
where w.organization_id = %(org)s and w.live and (r.state <> all(%(live)s) or s.state <> all(%(open)s))
"""
_TOLD = """
select t.id, t.route_id, s.route_id from orders_task t
left join dispatch_stoptask w on w.organization_id = t.organization_id and w.task_id = t.id and w.live
left join dispatch_stop s on s.organization_id = w.organization_id and s.id = w.stop_id
where t.organization_id = %(org)s and t.state = 'open' and t.route_id is distinct from s.route_id
    and t.id not in (select task_id from dispatch_stoptask
        where organization_id = %(org)s and live group by task_id having count(*) > 1)
"""
_ASKED = """
select order_id, count(*) from recovery_offer where organization_id = %(org)s and state = 'open'
group by order_id having count(*) > 1
"""
_TAKEN = """
select o.id, o.order_id, o.route_id from recovery_offer o
where o.organization_id = %(org)s and o.state = 'accepted' and not exists (
    select from dispatch_stoptask w join dispatch_stop s on s.organization_id = w.organization_id and s.id = w.stop_id
    where w.organization_id = o.organization_id and w.order_id = o.order_id and s.route_id = o.route_id)
"""


def i2(look: Look) -> Found:
    """An open task is on at most one live route, a shift has one at most, an order at most one open offer."""
    known = {"live": list(LIVE_ROUTE), "open": list(OPEN_STOP)}
    for task, routes in look.rows(_TASKS, **known):
        yield f"task {task}", f"live on several stops, of {routes} routes"
    for shift, routes in look.rows(_SHIFTS, **known):
        yield f"shift {shift}", f"has {routes} live routes"
    for task, route_state, stop_state in look.rows(_ASTRAY, **known):
        yield f"task {task}", f"live on a stop that is {stop_state}, of a route that is {route_state}"
    for task, own, road in look.rows(_TOLD):
        yield f"task {task}", f"says that its route is {own}, and stands on {road}"
    for order, count in look.rows(_ASKED):
        yield f"order {order}", f"is offered to {count} drivers at once"
    for offer, order, route in look.rows(_TAKEN):
        yield f"offer {offer}", f"was accepted, and its order {order} was never on route {route}"


# Fact -> the state that its subject is in by it.
STEPS: Mapping[str, Mapping[str, str]] = {
    "stop": {f"stop.{state}": state for state in STOP if state != "planned"},
    "route": {f"route.{state}": state for state in ROUTE},
    "order": {f"order.{state}": state for state in ORDER if state not in ("draft", "in_progress")}
    | {"order.created": "draft", "order.started": "in_progress"},
}
AUTOMATA: Mapping[str, Mapping[str, Any]] = {"stop": STOP, "route": ROUTE, "order": ORDER}
BEGINS = {"stop": "planned", "route": "released", "order": "draft"}
TABLES = {"stop": "dispatch_stop", "route": "dispatch_route", "order": "orders_order"}
_WALK = """
select t.id, t.state, array_agg(e.type order by e.subject_seq) filter (where e.id is not null)
from {table} t left join events_event e on e.organization_id = t.organization_id and e.subject = %(kind)s
    and e.subject_id = t.id and e.type = any(%(types)s)
where t.organization_id = %(org)s group by t.id, t.state
"""
_LATE = """
select i.id, i.kind from dispatch_intent i
where i.organization_id = %(org)s and i.outcome = 'late' and i.kind = any(%(kinds)s) and not exists (
    select from events_event e where e.organization_id = i.organization_id
        and e.type = 'stop.reported_late' and e.key = i.id::text)
"""


def i3(look: Look) -> Found:
    """State changes follow the automaton, and what came late is a fact that overwrote nothing."""
    for kind, table in TABLES.items():
        types = list(STEPS[kind])
        for ident, state, facts in look.rows(_WALK.format(table=table), kind=kind, types=types):
            what = wrong_way(kind, state, facts or [])
            if what:
                yield f"{kind} {ident}", what
    for ident, kind in look.rows(_LATE, kinds=list(ASKS)):
        yield f"intent {ident}", f"{kind} came late, and no fact tells of it"


def wrong_way(kind: str, state: str, facts: list[str]) -> str:
    """What is wrong with a subject that is in `state` after these facts; '' for nothing."""
    at = BEGINS[kind]
    for fact in facts:
        to = STEPS[kind][fact]
        if to != at and to not in AUTOMATA[kind][at]:
            return f"the log has it go from {at} to {to}"
        if to == at and not AUTOMATA[kind][at]:
            return f"the log has it {to} twice"
        at = to
    return "" if at == state else f"it is {state}, and the log says {at}"
