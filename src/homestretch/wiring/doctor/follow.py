"""I9, I11: what is shown of the future has its age, what is kept of the past has its shift."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

from homestretch.dispatch.rules.automata import OPEN_STOP
from homestretch.tracking.queries import forecasts
from homestretch.tracking.rules.duty import HELD_FOR
from homestretch.tracking.rules.forecast import STALE
from homestretch.wiring.doctor.look import Found, Look

AHEAD = timedelta(seconds=30)  # clocks of two machines

_SHOWN = """
select f.stop_id from tracking_forecast f
join dispatch_stop s on s.organization_id = f.organization_id and s.id = f.stop_id
join dispatch_route r on r.organization_id = s.organization_id and r.id = s.route_id
where f.organization_id = %(org)s and r.state = 'started' and s.state = any(%(open)s)
"""
_AHEAD = "select stop_id, made_at from tracking_forecast where organization_id = %(org)s and made_at > %(latest)s"
_DISORDERED = (
    "select stop_id from tracking_forecast where organization_id = %(org)s and not (p10 <= p50 and p50 <= p90)"
)
# A running route is refreshed by a due row of its own, or by a job that is about to make one.
_UNREFRESHED = """
select distinct r.id from dispatch_route r
join tracking_forecast f on f.organization_id = r.organization_id and f.route_id = r.id
join dispatch_stop s on s.organization_id = f.organization_id and s.id = f.stop_id and s.state = any(%(open)s)
where r.organization_id = %(org)s and r.state = 'started'
    and not exists (select from events_due d where d.organization_id = r.organization_id
        and d.job = 'tracking.tick' and d.args ->> 'route_id' = r.id::text)
    and not exists (select from procrastinate_jobs j where j.status in ('todo', 'doing')
        and j.args ->> 'organization_id' = r.organization_id::text
        and j.task_name in ('tracking.tick', 'tracking.duty'))
"""


def i9(look: Look) -> Found:
    """An ETA that is shown is never older than twice its refresh without saying so."""
    open_stops = list(OPEN_STOP)
    for view in forecasts([stop for (stop,) in look.rows(_SHOWN, open=open_stops)]):
        if look.now - view.made_at > STALE and not view.stale(look.now):
            yield f"stop {view.stop_id}", f"its forecast is of {view.made_at.isoformat()} and is shown as fresh"
    for stop, made_at in look.rows(_AHEAD, latest=look.now + AHEAD):
        yield f"stop {stop}", f"its forecast says it was made at {made_at.isoformat()}, so it would never seem old"
    for (stop,) in look.rows(_DISORDERED):
        yield f"stop {stop}", "its forecast's early, likely and late are out of order"
    for (route,) in look.rows(_UNREFRESHED, open=open_stops):
        yield f"route {route}", "it runs, and nothing will refresh its forecasts"


_OFF_SHIFT = """
select p.device_id, count(*), min(p.at), max(p.at) from tracking_position p
where p.organization_id = %(org)s and not exists (
    select from tracking_duty d
    where d.organization_id = p.organization_id and d.device_id = p.device_id
        and p.at between d.starts_at and d.ends_at)
group by p.device_id
"""
_BACK = """
select route_id, at, (motion ->> 'last')::timestamptz from tracking_whereabouts
where organization_id = %(org)s and at is not null and motion ->> 'last' is not null
    and at < (motion ->> 'last')::timestamptz
"""
_INVENTED = """
select w.route_id, w.at from tracking_whereabouts w
join accounts_organization o on o.id = w.organization_id
where w.organization_id = %(org)s and w.at > %(now)s - o.positions_days * interval '1 day' + interval '1 day'
    and not exists (select from tracking_track t where t.organization_id = w.organization_id
        and t.route_id = w.route_id)
    and exists (select from tracking_duty d where d.organization_id = w.organization_id
        and d.route_id = w.route_id and d.device_id = w.device_id and w.at between d.starts_at and d.ends_at)
    and not exists (select from tracking_position p where p.organization_id = w.organization_id
        and p.device_id = w.device_id and p.at = w.at)
"""
_OPEN_LINKS = """
select l.id from accounts_trackinglink l
where l.organization_id = %(org)s and (l.revoked_at is not null or l.expires_at <= %(now)s)
    and exists (select from who_is_link(l.token_hash) w where w.link_id = l.id)
"""


def i11(look: Look) -> Found:
    """A last known position never goes back; none is kept off shift; none is visible through a closed link."""
    for device, count, first, last in look.rows(_OFF_SHIFT):
        yield f"device {device}", f"{count} positions off shift, {first.isoformat()} to {last.isoformat()}"
    for route, shown, believed in look.rows(_BACK):
        yield f"route {route}", f"its last position went back from {believed.isoformat()} to {shown.isoformat()}"
    for route, at in look.rows(_INVENTED):
        yield f"route {route}", f"its last position, of {at.isoformat()}, was never kept"
    for (link,) in look.rows(_OPEN_LINKS):
        yield f"tracking link {link}", "revoked or expired, and still opens"


_HELD = """
select organization_id, device_id, count(*), min(received_at) from tracking_held
where received_at < %s group by organization_id, device_id limit 20
"""


def held_too_long(owner: psycopg.Connection[Any], now: datetime) -> Iterator[tuple[UUID, str, str]]:
    """Positions that wait for a tap longer than they may: only the tables' owner can see them."""
    for organization, device, count, since in owner.execute(_HELD, [now - HELD_FOR]).fetchall():
        yield organization, f"device {device}", f"{count} positions wait for a tap since {since.isoformat()}"
