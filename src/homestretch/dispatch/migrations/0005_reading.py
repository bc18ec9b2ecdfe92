from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dispatch", "0004_take_over"),
    ]

    operations = [
        migrations.AddField(model_name="route", name="known_stops", field=models.JSONField(null=True)),
        migrations.AddField(model_name="route", name="changed_version", field=models.PositiveIntegerField(default=0)),
        migrations.AddField(model_name="route", name="changed_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="route", name="read_version", field=models.PositiveIntegerField(default=0)),
        migrations.AddField(model_name="route", name="read_at", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="route",
            name="read_by",
            field=models.CharField(blank=True, default="", max_length=80),
            preserve_default=False,
        ),
    ]
