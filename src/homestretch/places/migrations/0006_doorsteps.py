"""Whose word a place's entrance is: a person's, or that of the phones that stood there."""

from django.db import migrations, models

PERSONS = "update places_place set entrance_source = 'person' where entrance_lat is not null"


class Migration(migrations.Migration):
    dependencies = [("places", "0005_blackouts")]

    operations = [
        migrations.AddField("place", "entrance_source", models.CharField(blank=True, default="", max_length=10)),
        migrations.AddField("place", "entrance_visits", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("place", "entrance_unlearned", models.BooleanField(default=False)),
        migrations.RunSQL(PERSONS, migrations.RunSQL.noop),
    ]
