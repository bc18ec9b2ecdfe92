from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0006_order_held_for"),
    ]

    operations = [
        migrations.AddField(
            model_name="order",
            name="pickup_depot_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="order",
            name="picked_up_by",
            field=models.CharField(blank=True, default="", max_length=120),
            preserve_default=False,
        ),
    ]
