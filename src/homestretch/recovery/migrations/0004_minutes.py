from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("recovery", "0003_suggesting"),
    ]

    operations = [
        migrations.AddField(
            model_name="proposal",
            name="minutes",
            field=models.JSONField(default=dict),
        ),
    ]
