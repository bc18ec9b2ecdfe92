"""Models of how long drives and services take."""

from django.db import migrations, models

import homestretch.events.scope
import homestretch.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("travel", "0002_roads"),
    ]

    operations = [
        migrations.CreateModel(
            name="TimesModel",
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
                ("version", models.PositiveIntegerField()),
                ("data", models.BinaryField()),
                ("source", models.CharField(max_length=120)),
                ("report", models.JSONField(default=dict)),
                ("trained_at", models.DateTimeField()),
                ("adopted_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("organization_id", "version"), name="times_version")],
            },
        ),
    ]
