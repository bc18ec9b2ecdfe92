"""Positions into the database: the statement that checks duty, keeps, holds or drops, and how its values are written.

No Django here: the hot door runs this on its own connection, many organizations' batches in one transaction, the scope
set anew before each one's rows. Lists go in as array literals of text, which is the fastest way that was measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from homestretch.tracking.rules.fixes import Fix

CHANNEL = "homestretch_positions"  # payload: the organization in which a vehicle has moved


class Report(NamedTuple):
    """Good fixes of one device."""

    organization_id: UUID
    device_id: UUID
    fixes: Sequence[Fix]


# The lock is shared by all who bring positions; who changes a duty takes it alone (`actions.duty`), so that no position
# is kept by a duty that has just been cut.
SET_ORGANIZATION = """
select set_config('app.organization', %(organization)s, true),
    pg_advisory_xact_lock_shared(hashtextextended(%(organization)s, 0))
"""

TRY_ORGANIZATION = "select pg_try_advisory_xact_lock_shared(hashtextextended(%(organization)s, 0))"
WAIT_FOR_LOCKS = "set local lock_timeout = '100ms'"  # one organization's change of duty holds up all others no longer

LOCK_DUTIES = "select pg_advisory_xact_lock(hashtextextended(%s, 0))"

KEEP = """
with given as materialized (
    select g.*, exists (
        select from tracking_duty d
        where d.organization_id = %(organization)s::uuid and d.device_id = g.device_id
            and d.ends_at >= g.at and d.starts_at <= g.at) as on_duty
    from unnest(
        %(device)s::text::uuid[], %(at)s::text::timestamptz[], %(lat)s::text::float8[], %(lon)s::text::float8[],
        %(speed)s::text::integer[], %(bearing)s::text::smallint[], %(accuracy)s::text::integer[],
        %(said)s::text::timestamptz[]
    ) with ordinality as g (device_id, at, lat, lon, speed_mh, bearing_deg, accuracy_m, said_at, number)),
off as materialized (
    select g.number from given g
    where not g.on_duty and exists (
        select from tracking_duty d
        where d.organization_id = %(organization)s::uuid and d.device_id = g.device_id
            and d.ended_at < g.at and d.ended_at > g.at - interval '24 hours'
            and not exists (
                select from tracking_duty n
                where n.organization_id = d.organization_id and n.device_id = d.device_id
                    and n.started_at is null and n.starts_at > g.at and n.starts_at < g.at + interval '24 hours'))),
held as (
    insert into tracking_held
    select %(organization)s::uuid, g.device_id, g.at, g.lat, g.lon, g.speed_mh, g.bearing_deg, g.accuracy_m, %(now)s,
        g.said_at
    from given g where not g.on_duty and g.number not in (select number from off)
    on conflict do nothing),
kept as (
    insert into tracking_position
    select %(organization)s::uuid, g.device_id, g.at, g.lat, g.lon, g.speed_mh, g.bearing_deg, g.accuracy_m, %(now)s,
        g.said_at
    from given g where g.on_duty
    on conflict do nothing)
select number::integer - 1 from off order by number
"""


def keep_values(organization_id: UUID, reports: Iterable[Report], now: datetime) -> dict[str, object]:
    """Parameters of KEEP for one organization's reports. It answers with the places, among all their fixes, of those
    that are neither kept nor held: they were taken off shift, and no tap that is still to come can change that."""
    reports = list(reports)
    fixes = [fix for report in reports for fix in report.fixes]
    return {
        "organization": str(organization_id),
        "device": _array([str(report.device_id) for report in reports for _ in report.fixes]),
        "at": _array([fix[0].isoformat() for fix in fixes]),
        "lat": _array([repr(fix[1]) for fix in fixes]),
        "lon": _array([repr(fix[2]) for fix in fixes]),
        "speed": _array(["null" if fix[3] is None else str(fix[3]) for fix in fixes]),
        "bearing": _array(["null" if fix[4] is None else str(fix[4]) for fix in fixes]),
        "accuracy": _array(["null" if fix[5] is None else str(fix[5]) for fix in fixes]),
        "said": _array(["null" if fix[7] is None else fix[7].isoformat() for fix in fixes]),
        "now": now,
    }


def _array(values: list[str]) -> str:
    """An array literal; no value of ours holds a comma, a brace or a quote."""
    return "{" + ",".join(values) + "}"


def days_of(reports: Iterable[Report]) -> set[date]:
    """The partitions (UTC days) that the reports may need: from the oldest of a report to its newest."""
    days: set[date] = set()
    for report in reports:
        instants = [fix[0] for fix in report.fixes]
        if instants:
            first, last = min(instants).astimezone(UTC).date(), max(instants).astimezone(UTC).date()
            days.update(first + timedelta(days=n) for n in range((last - first).days + 1))
    return days
