"""One thing is spoilt as a superuser, past every constraint, and the doctor names that invariant and no other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from homestretch.wiring.doctor import log
from tests.wiring.doctor.conftest import Patient

Plant = Callable[[Patient], object]
PLANTS: list[tuple[str, str, Plant]] = []


def plant(invariant: str, *statements: str) -> None:
    """A plant that is SQL alone; its name in the output is its last statement."""

    def spoil(patient: Patient) -> None:
        for statement in statements:
            patient.plant(statement)

    PLANTS.append((invariant, statements[-1].strip().split("\n")[0][:70], spoil))


def planted(invariant: str) -> Callable[[Plant], Plant]:
    """A plant that is more than SQL."""

    def declare(spoil: Plant) -> Plant:
        PLANTS.append((invariant, spoil.__name__, spoil))
        return spoil

    return declare


def copied(table: str, where: str, **changes: str) -> str:
    """SQL that inserts a second row like the first that matches, with other values (SQL expressions)."""
    pairs = ", ".join(f"'{name}', {value}" for name, value in {"id": "gen_random_uuid()", **changes}.items())
    return (
        f"insert into {table} select (jsonb_populate_record(x, jsonb_build_object({pairs}))).*"
        f" from {table} x where id = (select id from {table} where {where} order by id limit 1)"
    )


plant("I1", "delete from orders_order where external_id = 'A-17'")
plant("I1", "delete from dispatch_proof where id = (select id from dispatch_proof limit 1)")
plant("I1", "update orders_recipient set erased_at = now() where phone = '+352621000017'")

plant(
    "I2",
    "alter table dispatch_route drop constraint if exists one_live_route",
    "drop index if exists one_live_route",
    """update dispatch_route set shift_id = (select shift_id from dispatch_route where state = 'started' limit 1)
    where id = (select r.id from dispatch_route r join dispatch_route s using (organization_id)
        where r.state = 'released' and s.state = 'started' limit 1)""",
)
plant(
    "I2",
    "drop index one_live_task",
    copied(
        "dispatch_stoptask",
        "live and stop_id in (select s.id from dispatch_stop s join dispatch_route r on r.id = s.route_id"
        " where r.state = 'started')",
        stop_id="(select s.id from dispatch_stop s join dispatch_route r on r.id = s.route_id"
        " where r.state = 'released' and r.organization_id = x.organization_id limit 1)",
    ),
)
plant("I2", "update orders_task set route_id = gen_random_uuid() where id = (select id from orders_task limit 1)")

AN_OFFER = """insert into recovery_offer (id, organization_id, order_id, route_id, driver_id, state, round, by_hand,
    tasks, position, arrive, seconds, meters, cost, promises, reason, actor, answered_by, asked_at, deadline, version)
    select gen_random_uuid(), r.organization_id, o.id, r.id, r.driver_id, '{state}', {round}, false, '[]',
        0, now(), 0, 0, 0, '[]', '', 'system', '', now(), now() + interval '1 hour', 1
    from dispatch_route r join orders_order o using (organization_id)
    where not exists (select from dispatch_stoptask w where w.order_id = o.id) order by r.id, o.id limit 1"""
plant("I2", AN_OFFER.format(state="accepted", round=1))
plant("I2", "drop index one_open_offer", *(AN_OFFER.format(state="open", round=number) for number in (1, 2)))

plant(
    "I3",
    """update dispatch_stop set state = 'failed'
    where id = (select id from dispatch_stop where state = 'completed' limit 1)""",
)
plant("I3", "update orders_order set state = 'ready' where state = 'completed'")
plant("I3", "update dispatch_route set state = 'accepted' where state = 'released'")

plant(
    "I4",
    "alter table messaging_message drop constraint said_once",
    copied("messaging_message", "state = 'sent'", provider_id="''"),
)
plant("I4", "update messaging_message set provider_id = 'the-same' where kind = 'delivered' and channel = 'sms'")

plant(
    "I5",
    """update messaging_message set sending_at = timestamptz '2026-11-23 11:50Z' where id = (
    select m.id from messaging_message m join orders_order o on o.id = m.order_id
    where m.kind = 'scheduled' and m.state = 'sent' and o.state = 'completed' limit 1)""",
)
plant(
    "I5",
    """update messaging_message set sending_at = timestamptz '2026-11-23 22:30Z' where id = (
    select id from messaging_message where kind = 'delivered' and state = 'sent' limit 1)""",
)
plant(
    "I5",
    """update messaging_message set sending_at = timestamptz '2026-11-23 11:55Z' where id = (
    select id from messaging_message where kind = 'delivered' and channel = 'sms' and state = 'sent'
        and recipient_id = (select id from orders_recipient where 'sms' = any(opted_out)))""",
)

plant("I6", f"update dispatch_proof set declared_sha256 = '{'0' * 64}' where blob_id is not null")
plant("I6", "update dispatch_proof set rendition_id = null where rendition_id is not null")


@planted("I6")
def bytes_that_changed(patient: Patient) -> None:
    path = patient.plant("select concat_ws('/', organization_id, left(sha256, 2), sha256) from dispatch_blob limit 1")
    (patient.folder / "blobs" / path).write_bytes(b"something else")


@planted("I6")
def a_file_that_is_gone(patient: Patient) -> None:
    name = "encode(sha256, 'hex')"
    path = patient.plant(f"select concat_ws('/', organization_id, left({name}, 2), {name}) from orders_import limit 1")
    (patient.folder / "blobs" / path).unlink()


plant(
    "I7",
    """update webhooks_delivery set state = 'waiting', ended_at = null
    where id = (select id from webhooks_delivery where state = 'delivered' limit 1)""",
)
plant("I7", "update webhooks_delivery set ended_at = null where state = 'delivered'")
plant("I7", "update events_due set job = 'nobody.knows' where job = 'tracking.sweep'")
plant(
    "I7",
    "insert into procrastinate_workers (last_heartbeat) values (now())",
    "update events_due set due_at = due_at - interval '3 hours' where job = 'tracking.sweep'",
)

plant("I8", "delete from webhooks_delivery where id = (select id from webhooks_delivery limit 1)")
plant("I8", "update events_subject set seq = seq + 1 where id = (select id from events_subject limit 1)")

plant("I9", "update tracking_forecast set made_at = made_at + interval '1 day'")
plant("I9", "delete from events_due where job = 'tracking.tick'")

plant("I10", "update orders_package set state = 'on_board' where state = 'returned'")
plant("I10", "update orders_package set state = 'missing' where state = 'returned'")

plant(
    "I11",
    """insert into tracking_position select organization_id, device_id, at - interval '3 hours', lat, lon, speed_mh,
    bearing_deg, accuracy_m, received_at from tracking_position limit 1""",
)
plant(
    "I11",
    """insert into tracking_held select organization_id, device_id, at, lat, lon, speed_mh, bearing_deg, accuracy_m,
    received_at - interval '3 days' from tracking_position limit 1""",
)
plant("I11", "update tracking_whereabouts set at = at - interval '1 minute' where at is not null")
plant(
    "I11",
    """create or replace function who_is_link(hash bytea)
    returns table (organization_id uuid, link_id uuid, order_id uuid)
    language sql stable security definer as $$
        select organization_id, id, order_id from accounts_trackinglink where token_hash = $1 $$""",
)

plant("I12", "alter table orders_order disable row level security")
plant("I12", "create policy anybody on fleet_driver using (true)")
plant("I12", "drop policy dispatch_route_narrow_driver on dispatch_route")
plant("I12", "alter table orders_task drop constraint orders_task_order_id_tenant")
plant("I12", "grant update on events_event to hs_app")
plant("I12", "grant select on tracking_position_20261123 to hs_app")
plant(
    "I12",
    """update fleet_vehicle v set depot_id = d.id from fleet_depot d where d.organization_id <> v.organization_id
    and v.id = (select id from fleet_vehicle limit 1)""",
)

plant("I13", "update events_event set actor = 'person:somebody' where id = (select id from events_event limit 1)")
plant("I13", "delete from events_seal where seq = 5")
plant("I13", "update events_seal set hash = decode(repeat('00', 32), 'hex') where seq = 7")


@planted("I13")
def a_tail_that_nobody_seals(patient: Patient) -> None:
    patient.plant(
        """with last as (
            delete from events_seal s where seq = (
                select max(seq) from events_seal o where o.organization_id = s.organization_id)
            returning organization_id, seq)
        update events_cursor c set tx = s.tx, event_id = s.event_id
        from events_seal s join last on last.organization_id = s.organization_id and s.seq = last.seq - 1
        where c.organization_id = s.organization_id and c.name = 'events.seal'"""
    )


plant("I14", "update plans_revision set routes = '[]'")
plant("I14", """update plans_revision set breaches = '[{"code": "time_window"}]'""")

plant(
    "I15",
    """update orders_promise set "end" = "end" + interval '2 hours'
    where id = (select id from orders_promise limit 1)""",
)
plant("I15", "update orders_settlement set kept = not kept where id = (select id from orders_settlement limit 1)")
plant(
    "I15",
    "delete from orders_promise where id = (select p.id from orders_promise p where not exists"
    " (select from orders_settlement s where s.promise_id = p.id) limit 1)",
)

plant("I16", "update recovery_deliveryexception set assigned_to_id = null where kind = 'unassigned'")
plant("I16", "update recovery_deliveryexception set reason = '' where kind = 'unassigned'")
plant(
    "I16",
    "update recovery_deliveryexception set state = 'resolved', resolved_at = raised_at - interval '1 day'"
    " where kind = 'unassigned'",
)


@pytest.mark.parametrize(
    ("invariant", "spoil"), [(i, s) for i, _, s in PLANTS], ids=[f"{i} {name}" for i, name, _ in PLANTS]
)
def test_what_is_planted_is_named_and_nothing_else(
    patient: Patient, invariant: str, spoil: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    if spoil is a_tail_that_nobody_seals:
        monkeypatch.setattr(log, "SEALED_WITHIN", timedelta(0))
    spoil(patient)
    report = patient.examined()
    broken = {name for name, state in report.invariants.items() if state == "broken"}
    assert broken == {invariant}, report.findings
    assert all(finding.what and finding.subject for finding in report.findings)


def test_every_invariant_has_a_plant() -> None:
    assert {invariant for invariant, _, _ in PLANTS} == {f"I{number}" for number in range(1, 17)}
