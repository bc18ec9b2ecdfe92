"""Which messages an organization does not send."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_saved_views")]

    operations = [
        migrations.AddField(
            "organization",
            "muted",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=24), default=list, size=None
            ),
        )
    ]
