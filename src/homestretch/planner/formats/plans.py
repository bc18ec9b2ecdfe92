"""Plans as files: ours (`homestretch.plan/1`), what `solve --json` prints, and the .sol files of CVRPLIB.

A .sol file numbers customers by their place in the instance, the depot being 0: the first node behind the depot is 1.
In a Solomon file that is CUST NO.; in a VRPLIB file, whose nodes count from 1, it is the node's id less one. Where
vehicles are told apart, line by line they are the file's.
"""

import json
import re

from homestretch.planner.formats.guess import parsed_json, wire_refusal
from homestretch.planner.formats.instance import Instance
from homestretch.planner.formats.text import decoded, refuse, whole
from homestretch.planner.problem import Plan, Problem, Route
from homestretch.planner.wire import WireError, plan_from_json, plan_to_json

_ROUTE = re.compile(r"route\s*#?\s*[0-9]+\s*:(.*)", re.IGNORECASE)
_COST = re.compile(r"(cost|optimal|time|date|name|comment|authors?)\b.*", re.IGNORECASE)


def read_plan(data: bytes, asked: Instance | Problem) -> Plan:
    """The plan in a file, with the ids of `asked` as text. Refuses `format.*`, `wire.*` and `format.shift_unnamed`."""
    text = decoded(data)
    if text.lstrip()[:1] != "{":
        if not isinstance(asked, Instance):
            raise refuse("unknown", "a .sol file answers only benchmark files", "give a plan in JSON", line=1)
        return _sol(text, asked)
    body = parsed_json(text)
    try:
        return plan_from_json(body) if "format" in body else _printed(body, asked)
    except WireError as error:
        raise wire_refusal(error) from error


def written_plan(plan: Plan) -> str:
    """The file of a plan."""
    return json.dumps(plan_to_json(plan), indent=1) + "\n"


def _sol(text: str, instance: Instance) -> Plan:
    routes: list[Route] = []
    for line, raw in enumerate(text.split("\n"), 1):
        found = _ROUTE.fullmatch(raw.strip())
        if found:
            routes.append(_route(str(len(routes) + 1), found.group(1).split(), line, instance))
        elif raw.strip() and not _COST.fullmatch(raw.strip()):
            raise refuse("unknown", f"{raw.strip()[:40]!r} is no route", "write: Route #1: 3 5 9", line=line)
    if not routes:
        raise refuse("truncated", "there is no route", "write: Route #1: 3 5 9")
    return Plan(tuple(routes))


def _route(shift: str, tokens: list[str], line: int, instance: Instance) -> Route:
    """A depot between customers is where the vehicle reloads."""
    visits: list[str] = []
    reloads = []
    for token in tokens:
        if instance.fleet is not None and token.isdecimal() and int(token) < instance.depots:
            reloads.append(len(visits))
        else:
            visits.append(_customer(token, line, instance))
    return Route(shift, tuple(visits), tuple(reloads))


def _customer(token: str, line: int, instance: Instance) -> str:
    place = whole(token, line, "a customer")
    if not instance.depots <= place < len(instance):
        cause = f"customer {place}, where there are {instance.depots} to {len(instance) - 1}"
        raise refuse("unknown_customer", cause, "count the nodes behind the depot from 1", line=line)
    return str(instance.ids[place])


def _printed(body: object, asked: Instance | Problem) -> Plan:
    """What `solve --json` prints: `routes` as lists of ids."""
    if not isinstance(asked, Instance) or asked.fleet is not None:
        raise refuse("shift_unnamed", "the routes do not name their shifts", "give the file that solve --out wrote")
    routes = body.get("routes") if isinstance(body, dict) else None
    if not isinstance(routes, list):
        raise refuse("truncated", "there is no list of routes", "write routes as lists of node ids")
    lists = [_ids(route) for route in routes]
    left_out = _ids(body.get("unassigned", [])) if isinstance(body, dict) else ()
    return Plan(tuple(Route(str(number), visits) for number, visits in enumerate(lists, 1)), left_out)


def _ids(route: object) -> tuple[str, ...]:
    if not isinstance(route, list) or not all(isinstance(ident, int | str) for ident in route):
        raise refuse("unknown_customer", "a route is no list of node ids", "write routes as lists of node ids")
    return tuple(str(ident) for ident in route)
