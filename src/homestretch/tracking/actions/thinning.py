"""From raw positions to a track that stays: once nothing more can come, until the organization's rule erases it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection

from homestretch.dispatch import queries as dispatch
from homestretch.events.action import action
from homestretch.kernel.actor import Actor
from homestretch.tracking import queries
from homestretch.tracking.actions.following import locked
from homestretch.tracking.models import Track
from homestretch.tracking.rules.thinning import RAW_FOR, cleaned, thin, to_rows

if TYPE_CHECKING:
    from homestretch.dispatch.models import Route

ERASE_RAW = """
delete from tracking_position p using tracking_duty d
where d.organization_id = app_organization() and d.route_id = %s and p.organization_id = d.organization_id
    and p.device_id = d.device_id and p.at between d.starts_at and d.ends_at and p.at < %s
    and not exists (
        select from tracking_duty o
        where o.organization_id = d.organization_id and o.device_id = d.device_id and o.route_id <> d.route_id
            and p.at between o.starts_at and o.ends_at and not exists (
                select from tracking_track t where t.organization_id = o.organization_id and t.route_id = o.route_id))
"""


@action
def thin_route(route_id: UUID, *, by: Actor, at: datetime) -> Track | None:
    """Keep a route's cleaned, thinned track in place of its raw positions, which are erased; None: it is too early.

    A position that another route's track is still to be made of stays until then.
    """
    locked(route_id)
    route: Route = dispatch.route(route_id)
    before = at - RAW_FOR
    until = queries.followed_until(route_id)
    if until is None or until >= before:
        return None
    track = Track.objects.filter(route_id=route_id).first()
    if track is None:
        driven, left_out = cleaned(queries.reported(route_id))
        first = driven[0].at if driven else route.planned_start
        track = Track(route_id=route_id, points=to_rows(thin(driven)), starts_at=first, left_out=left_out, made_at=at)
        track.save()
    with connection.cursor() as cursor:
        cursor.execute(ERASE_RAW, [route_id, before])
    return track
