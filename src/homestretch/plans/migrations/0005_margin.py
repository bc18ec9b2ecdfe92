from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("plans", "0004_edits"),
    ]

    operations = [
        migrations.AddField(
            model_name="optimization",
            name="quantile",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="question",
            name="margin",
            field=models.JSONField(default=dict),
        ),
    ]
