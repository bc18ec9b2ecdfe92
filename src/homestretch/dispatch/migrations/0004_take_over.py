from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dispatch", "0003_upload_parts"),
    ]

    operations = [
        migrations.AddField(
            model_name="drivermessage",
            name="take_over",
            field=models.JSONField(null=True),
        ),
    ]
