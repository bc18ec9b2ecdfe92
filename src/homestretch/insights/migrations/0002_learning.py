"""Facts to learn from: drives between stops, and passes of roads."""

from django.db import migrations, models

import homestretch.events.scope
import homestretch.kernel.ids

OPTIONS = {"abstract": False, "base_manager_name": "objects"}


def owned():
    return [
        (
            "id",
            models.UUIDField(default=homestretch.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
        ),
        ("organization_id", models.UUIDField(default=homestretch.events.scope.current_organization, editable=False)),
    ]


class Migration(migrations.Migration):
    dependencies = [("insights", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="LegFact",
            fields=[
                *owned(),
                ("day", models.DateField()),
                ("route_id", models.UUIDField()),
                ("profile", models.CharField(max_length=20)),
                ("straight_m", models.PositiveIntegerField()),
                ("cell_from", models.CharField(max_length=20)),
                ("cell_to", models.CharField(max_length=20)),
                ("hour", models.PositiveSmallIntegerField()),
                ("seconds", models.PositiveIntegerField()),
            ],
            options={
                **OPTIONS,
                "indexes": [models.Index(fields=["organization_id", "profile", "day"], name="leg_fact_day")],
            },
        ),
        migrations.CreateModel(
            name="RoadFact",
            fields=[
                *owned(),
                ("profile", models.CharField(max_length=20)),
                ("way", models.BigIntegerField()),
                ("direction", models.SmallIntegerField()),
                ("day_class", models.SmallIntegerField()),
                ("part", models.SmallIntegerField()),
                ("road_class", models.SmallIntegerField()),
                ("passes", models.PositiveIntegerField()),
                ("ratio_sum", models.FloatField()),
                ("ratio_square_sum", models.FloatField()),
            ],
            options={
                **OPTIONS,
                "constraints": [
                    models.UniqueConstraint(
                        fields=["organization_id", "profile", "way", "direction", "day_class", "part"],
                        name="one_road_fact",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RouteLearned",
            fields=[*owned(), ("route_id", models.UUIDField())],
            options={
                **OPTIONS,
                "constraints": [models.UniqueConstraint(fields=["organization_id", "route_id"], name="route_learned")],
            },
        ),
    ]
