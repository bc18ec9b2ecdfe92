"""Facts of halts and of forecasts, and whose each fact is: driver and depot. What was digested before is filled in."""

from django.db import migrations, models

import homestretch.events.scope
import homestretch.kernel.ids

OPTIONS = {"abstract": False, "base_manager_name": "objects"}

TASKS = """
update insights_taskfact f set driver_id = r.driver_id, depot_id = s.start_depot_id
from dispatch_route r join fleet_shift s on s.organization_id = r.organization_id and s.id = r.shift_id
where r.organization_id = f.organization_id and r.id = f.route_id
"""
ROUTES = """
update insights_routefact f set driver_id = r.driver_id, vehicle_id = r.vehicle_id, depot_id = s.start_depot_id
from dispatch_route r join fleet_shift s on s.organization_id = r.organization_id and s.id = r.shift_id
where r.organization_id = f.organization_id and r.id = f.route_id
"""
HALTS = """
insert into insights_haltfact (id, organization_id, day, stop_id, route_id, driver_id, depot_id, place_id, outcome,
    planned_arrive, arrived_at, ended_at, planned_s, dwell_s)
select gen_random_uuid(), t.organization_id, r.day, t.id, r.id, r.driver_id, s.start_depot_id, t.place_id, t.state,
    t.planned_arrive, t.arrived_at, t.ended_at, t.service_s,
    greatest(0, extract(epoch from coalesce(t.left_at, t.ended_at) - t.arrived_at))::integer
from dispatch_stop t
join dispatch_route r on r.organization_id = t.organization_id and r.id = t.route_id
join fleet_shift s on s.organization_id = r.organization_id and s.id = r.shift_id
where t.state in ('completed', 'partial', 'failed') and t.ended_at is not null
"""


def owned():
    return [
        (
            "id",
            models.UUIDField(default=homestretch.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
        ),
        ("organization_id", models.UUIDField(default=homestretch.events.scope.current_organization, editable=False)),
        ("day", models.DateField()),
        ("stop_id", models.UUIDField()),
        ("route_id", models.UUIDField()),
        ("driver_id", models.UUIDField()),
        ("depot_id", models.UUIDField()),
    ]


def filled(sql):
    return migrations.RunSQL(sql, migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [
        ("insights", "0002_learning"),
        ("dispatch", "0001_initial"),
        ("fleet", "0001_initial"),
    ]

    operations = [
        migrations.AddField("routefact", "depot_id", models.UUIDField(null=True)),
        migrations.AddField("routefact", "driver_id", models.UUIDField(null=True)),
        migrations.AddField("routefact", "vehicle_id", models.UUIDField(null=True)),
        migrations.AddField("taskfact", "depot_id", models.UUIDField(null=True)),
        migrations.AddField("taskfact", "driver_id", models.UUIDField(null=True)),
        migrations.CreateModel(
            name="EtaFact",
            fields=[
                *owned(),
                ("horizon_min", models.PositiveSmallIntegerField()),
                ("expected", models.DateTimeField()),
                ("arrived_at", models.DateTimeField()),
                ("error_s", models.IntegerField()),
                ("inside", models.BooleanField()),
            ],
            options={
                **OPTIONS,
                "indexes": [models.Index(fields=["organization_id", "day"], name="eta_fact_day")],
                "constraints": [
                    models.UniqueConstraint(fields=("organization_id", "stop_id", "horizon_min"), name="one_eta_fact")
                ],
            },
        ),
        migrations.CreateModel(
            name="HaltFact",
            fields=[
                *owned(),
                ("place_id", models.UUIDField()),
                ("outcome", models.CharField(max_length=10)),
                ("planned_arrive", models.DateTimeField()),
                ("arrived_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField()),
                ("planned_s", models.PositiveIntegerField()),
                ("dwell_s", models.PositiveIntegerField(null=True)),
            ],
            options={
                **OPTIONS,
                "indexes": [models.Index(fields=["organization_id", "day"], name="halt_fact_day")],
                "constraints": [models.UniqueConstraint(fields=("organization_id", "stop_id"), name="one_halt_fact")],
            },
        ),
        filled(TASKS),
        filled(ROUTES),
        filled(HALTS),
    ]
