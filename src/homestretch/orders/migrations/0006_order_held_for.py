from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0005_bulk_act"),
    ]

    operations = [
        migrations.AddField(
            model_name="order",
            name="held_for",
            field=models.CharField(blank=True, default="", max_length=200),
            preserve_default=False,
        ),
    ]
