"""Closures, weather and observed speeds; models of travel by a power of the kilometers."""

import django.contrib.postgres.fields
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


def as_powers(apps, schema_editor):
    """A model of speeds becomes one of times: the mean working hour's speed at a kilometer, a power of 1."""
    for row in apps.get_model("travel", "TravelModel")._base_manager.all():
        mean = sum(row.speeds_mh[7:19]) / 12
        row.km_s = round(3600 * 1000 * row.circuity_pct / 100 / mean)
        row.power_milli = 1000
        row.hours_pct = [min(500, max(20, round(100 * mean / speed))) for speed in row.speeds_mh]
        row.save()


class Migration(migrations.Migration):
    dependencies = [("travel", "0001_initial")]

    operations = [
        migrations.AddField("travelmodel", "km_s", models.PositiveIntegerField(default=200), preserve_default=False),
        migrations.AddField(
            "travelmodel", "power_milli", models.PositiveIntegerField(default=750), preserve_default=False
        ),
        migrations.AddField("travelmodel", "hours_pct", models.JSONField(default=list), preserve_default=False),
        migrations.AddField("travelmodel", "cells_pct", models.JSONField(default=list)),
        migrations.RunPython(as_powers, migrations.RunPython.noop),
        migrations.RemoveField("travelmodel", "speeds_mh"),
        migrations.CreateModel(
            name="Closure",
            fields=[
                *owned(),
                ("name", models.CharField(max_length=120)),
                ("street", models.CharField(blank=True, max_length=200)),
                ("lat", models.FloatField(null=True)),
                ("lon", models.FloatField(null=True)),
                ("area", models.JSONField(null=True)),
                (
                    "profiles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                **OPTIONS,
                "indexes": [models.Index(fields=["organization_id", "ends_at"], name="closure_end")],
            },
        ),
        migrations.CreateModel(
            name="WeatherSpan",
            fields=[
                *owned(),
                ("kind", models.CharField(max_length=10)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("source", models.CharField(max_length=120)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                **OPTIONS,
                "indexes": [models.Index(fields=["organization_id", "ends_at"], name="weather_end")],
            },
        ),
        migrations.CreateModel(
            name="SpeedSet",
            fields=[
                *owned(),
                ("source", models.CharField(max_length=10)),
                ("version", models.PositiveIntegerField()),
                ("rows", models.PositiveIntegerField()),
                ("data", models.BinaryField()),
                ("as_of", models.DateTimeField()),
                ("ends_at", models.DateTimeField(null=True)),
            ],
            options={
                **OPTIONS,
                "constraints": [models.UniqueConstraint(fields=["organization_id", "source"], name="speed_source")],
            },
        ),
    ]
