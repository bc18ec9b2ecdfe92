from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_muted"),
    ]

    operations = [
        migrations.AddField(
            model_name="organization",
            name="pickup_windows",
            field=models.JSONField(default=list),
        ),
    ]
