"""Forecasts keep what they said at some horizons, so that it can be held against the arrival."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracking", "0002_positions")]

    operations = [migrations.AddField("forecast", "kept", models.JSONField(default=dict))]
