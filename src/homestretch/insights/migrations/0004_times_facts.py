"""What models of times are trained from: what made a halt long, how long travel said that a drive would take."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("insights", "0003_halts_and_etas"),
    ]

    operations = [
        migrations.AddField(
            model_name="haltfact",
            name="begun_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="haltfact",
            name="effort",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="haltfact",
            name="service_s",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="haltfact",
            name="windows",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="legfact",
            name="left_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="legfact",
            name="planned_m",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="legfact",
            name="planned_s",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="legfact",
            name="stop_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="legfact",
            name="weather",
            field=models.CharField(blank=True, max_length=10),
        ),
        migrations.AddIndex(
            model_name="legfact",
            index=models.Index(fields=["organization_id", "day", "route_id"], name="leg_fact_route"),
        ),
    ]
