"""What routes of today come to against a model's medians, and how much wider a depot's forecasts are said."""

import django.db.models.deletion
from django.db import migrations, models

import homestretch.events.models
import homestretch.events.scope
import homestretch.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("dispatch", "0003_upload_parts"),
        ("tracking", "0004_tracks"),
    ]

    operations = [
        migrations.AddField(
            model_name="forecast",
            name="after",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="forecast",
            name="leg_m",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="forecast",
            name="leg_s",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.CreateModel(
            name="DepotWidth",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=homestretch.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "organization_id",
                    models.UUIDField(default=homestretch.events.scope.current_organization, editable=False),
                ),
                ("depot_id", models.UUIDField()),
                ("horizon_min", models.PositiveSmallIntegerField()),
                ("wider", models.FloatField()),
                ("day", models.DateField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization_id", "depot_id", "horizon_min"), name="one_depot_width"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RoutePace",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=homestretch.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "organization_id",
                    models.UUIDField(default=homestretch.events.scope.current_organization, editable=False),
                ),
                ("day", models.DateField()),
                ("depot_id", models.UUIDField()),
                ("model", models.PositiveIntegerField()),
                ("leg_weight", models.FloatField()),
                ("leg_sum", models.FloatField()),
                ("service_weight", models.FloatField()),
                ("service_sum", models.FloatField()),
                (
                    "route",
                    homestretch.events.models.Ref(
                        db_constraint=False, on_delete=django.db.models.deletion.PROTECT, to="dispatch.route"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["organization_id", "day", "depot_id"], name="route_pace_day")],
                "constraints": [models.UniqueConstraint(fields=("organization_id", "route"), name="one_route_pace")],
            },
        ),
    ]
