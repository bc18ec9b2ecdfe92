from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("recovery", "0005_offers"),
    ]

    operations = [
        migrations.AddField(model_name="policy", name="unread_s", field=models.PositiveIntegerField(default=600)),
    ]
