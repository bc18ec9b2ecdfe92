"""Orders on the road: dispatch says what happened to tasks, and the automaton what that makes of their orders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from homestretch.events.action import action
from homestretch.events.log import record
from homestretch.kernel.actor import Actor
from homestretch.kernel.facts import Fact
from homestretch.kernel.refusal import Refusal, not_found
from homestretch.orders import rules
from homestretch.orders.actions.create import locked, refuse_held, save, say_state
from homestretch.orders.events import (
    OrderCompleted,
    OrderFailed,
    OrderPartiallyCompleted,
    OrderReturned,
    OrderScheduled,
    OrderStarted,
)
from homestretch.orders.models import Order, Package, Task
from homestretch.orders.values import Outcome

PACKAGE_STATES = ("expected", "on_board", "delivered", "returned", "handed_over", "missing")


def _grouped(task_ids: Iterable[UUID]) -> list[tuple[Order, list[Task]]]:
    """The tasks by order, orders locked in the order of their ids. Refuses `task.not_found`."""
    wanted = set(task_ids)
    order_ids = set(Task.objects.filter(id__in=wanted).values_list("order_id", flat=True))
    orders = list(Order.objects.select_for_update().filter(id__in=order_ids).order_by("id"))
    tasks: dict[UUID, list[Task]] = {order.id: [] for order in orders}
    for task in Task.objects.filter(id__in=wanted).order_by("order_id", "number"):
        tasks[task.order_id].append(task)
        wanted.discard(task.id)
    if wanted:
        raise not_found("task", next(iter(wanted)))
    return [(order, tasks[order.id]) for order in orders]


@action
def schedule(task_ids: Sequence[UUID], route_id: UUID, *, by: Actor, at: datetime) -> list[Order]:
    """Put tasks on a released route: their orders are scheduled. On the same route again it changes nothing.

    Refuses `task.not_open`, `task.on_another_route`, `order.held`, `order.awaiting_pickup`,
    `order.state_conflict`.
    """
    orders = []
    for order, tasks in _grouped(task_ids):
        new = [task for task in tasks if task.route_id != route_id]
        for task in new:
            _check_free(task)
            task.route_id = route_id
            task.save()
        refuse_held(order)
        if order.state not in rules.ON_ROUTE:
            order.state = rules.step(order.state, "scheduled")
            save(order)
            record(OrderScheduled(order.id, route_id), by=by, at=at)
        orders.append(order)
    return orders


def _check_free(task: Task) -> None:
    if task.state != "open":
        raise Refusal("task.not_open", f"the task is {task.state}", remedy="take it out of the plan", task=str(task.id))
    if task.route_id is not None:
        raise Refusal(
            "task.on_another_route", "the task stands on another route", remedy="take it off there", task=str(task.id)
        )


@action
def unschedule(task_ids: Sequence[UUID], *, by: Actor, at: datetime) -> list[Order]:
    """Take tasks off their route; an order none of whose open tasks is on a route is ready again."""
    orders = []
    for order, tasks in _grouped(task_ids):
        Task.objects.filter(id__in=[task.id for task in tasks]).update(route_id=None)
        _back_if_off(order, by, at)
        orders.append(order)
    return orders


def _back_if_off(order: Order, by: Actor, at: datetime) -> None:
    open_tasks = order.tasks.filter(state="open")
    if order.state in rules.ON_ROUTE and open_tasks.exists() and not open_tasks.filter(route_id__isnull=False).exists():
        order.state = rules.step(order.state, "ready")
        save(order)
        say_state(order, by=by, at=at)


@action
def start(order_id: UUID, *, by: Actor, at: datetime) -> Order:
    """A driver set out to the order. Saying it again changes nothing."""
    order = locked(order_id)
    _started(order, by, at)
    return order


def _started(order: Order, by: Actor, at: datetime) -> None:
    if order.state != "in_progress":
        order.state = rules.step(order.state, "in_progress")
        save(order)
        record(OrderStarted(order.id), by=by, at=at)


@action
def finish_task(task_id: UUID, outcome: Outcome, *, by: Actor, at: datetime) -> Order:
    """Record how an attempt at a task ended. A failed one leaves it open, off its route, while attempts remain.

    The start's tap may be missing. A task that ended the same way already changes nothing; refuses `task.not_open` for
    any other that is not open, `task.result_unknown`, `order.state_conflict` for an order that is on no route.
    """
    if outcome.result not in rules.RESULTS:
        raise Refusal("task.result_unknown", outcome.result, remedy="completed, partial or failed", field="result")
    (order, (task,)) = _grouped([task_id])[0]
    if task.state != "open":
        if task.state == outcome.result:
            return order
        raise Refusal("task.not_open", f"the task is {task.state}", remedy="keep the late report as a fact alone")
    _started(order, by, at)
    tasks = list(order.tasks.order_by("number"))
    works = [rules.Work(t.state, t.kind, t.pair, t.route_id is not None) for t in tasks]
    index = next(i for i, t in enumerate(tasks) if t.id == task_id)
    ended = rules.finish(works, index, outcome.result, outcome.reason, (order.attempts, order.attempts_allowed))
    for each, state in zip(tasks, ended.tasks, strict=True):
        if each.state != state or each.id == task_id:
            each.state, each.route_id = state, None
            each.save()
    order.attempts = ended.attempts
    order.state = rules.step(order.state, ended.state) if ended.state != order.state else order.state
    save(order)
    _say(order, outcome.reason, by, at)
    return order


def _say(order: Order, reason: str, by: Actor, at: datetime) -> None:
    facts: dict[str, Fact] = {
        "completed": OrderCompleted(order.id),
        "partially_completed": OrderPartiallyCompleted(order.id),
        "failed": OrderFailed(order.id, reason),
    }
    if order.state in facts:
        record(facts[order.state], by=by, at=at)
    else:
        say_state(order, by=by, at=at)


@action
def mark_returned(order_id: UUID, *, by: Actor, at: datetime) -> Order:
    """The goods of a failed or partly completed order are back at the depot. Saying it again changes nothing."""
    order = locked(order_id)
    if order.state != "returned":
        order.state = rules.step(order.state, "returned")
        save(order)
        record(OrderReturned(order.id), by=by, at=at)
    return order


@action
def scan_package(task_id: UUID, barcode: str, state: str, *, by: Actor, at: datetime) -> Package:
    """Where a package is now; the scan itself is the caller's fact.

    Refuses `package.state_unknown`, `package.not_found`.
    """
    if state not in PACKAGE_STATES:
        raise Refusal("package.state_unknown", state[:20], remedy=f"one of {', '.join(PACKAGE_STATES)}", field="state")
    package = (
        Package.objects.select_for_update(of=("self",))
        .select_related("task")
        .filter(task_id=task_id, barcode=barcode)
        .first()
    )
    if package is None:
        raise not_found("package")
    if package.state != state:
        package.state = state
        package.save()
    return package
