"""I16: nothing that was on a released route is left over in silence."""

from __future__ import annotations

from homestretch.recovery.rules import LEFT_OPEN
from homestretch.wiring.doctor.look import Found, Look

# Begins with what is open and on no route, which is little, however long the history is. What recovery has not yet
# heard of is on its way: the job was deferred with the fact, and I7 says where one is stuck.
_LEFT = """
select o.id, w.reason, w.ended_at from orders_task t
join orders_order o on o.organization_id = t.organization_id and o.id = t.order_id
    and o.state in ('ready', 'scheduled', 'in_progress')
join dispatch_stoptask w on w.organization_id = t.organization_id and w.task_id = t.id
    and not w.live and w.outcome in ('cancelled', 'removed') and w.reason = any(%(reasons)s)
join dispatch_stop s on s.organization_id = w.organization_id and s.id = w.stop_id
join dispatch_route r on r.organization_id = s.organization_id and r.id = s.route_id
where t.organization_id = %(org)s and t.state = 'open' and t.route_id is null
    and (o.day is null or o.day <= r.day)
    and not exists (select from dispatch_stoptask n where n.organization_id = w.organization_id
        and n.task_id = w.task_id and n.id > w.id)
    and not exists (select from events_event e where e.organization_id = t.organization_id
        and e.subject = 'stop' and e.subject_id = s.id and e.type = 'stop.cancelled'
        and not exists (select from events_handled h where h.organization_id = e.organization_id
            and h.event_id = e.id and h.consumer = 'recovery.consider'))
    and not exists (select from events_event e where e.organization_id = t.organization_id
        and e.subject = 'route' and e.subject_id = r.id and e.type = 'route.updated'
        and not exists (select from events_handled h where h.organization_id = e.organization_id
            and h.event_id = e.id and h.consumer = 'recovery.consider'))
    and not exists (select from recovery_deliveryexception x where x.organization_id = o.organization_id
        and x.order_id = o.id and x.kind = 'unassigned' and x.reason <> '' and x.assigned_to_id is not null
        and (x.state = 'open' or x.resolved_at >= w.ended_at))
"""


def i16(look: Look) -> Found:
    """No stop of a released route is left on no route without an exception, a reason and an owner."""
    for order, reason, at in look.rows(_LEFT, reasons=list(LEFT_OPEN)):
        yield f"order {order}", f"off its route since {at.isoformat()} ({reason}), and nobody has it in charge"
