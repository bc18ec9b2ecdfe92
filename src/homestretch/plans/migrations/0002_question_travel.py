"""A question knows where its travel times come from."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_initial")]

    operations = [migrations.AddField("question", "travel", models.JSONField(default=dict))]
