from django.db import migrations

GRADED = """
update tracking_forecast set at_risk = (
    select coalesce(jsonb_agg(jsonb_build_array(said, 1)), '[]') from jsonb_array_elements(at_risk) said)
where at_risk <> '[]'
"""
PLAIN = GRADED.replace("jsonb_build_array(said, 1)", "said -> 0")


class Migration(migrations.Migration):
    dependencies = [
        ("tracking", "0005_paces"),
    ]

    operations = [
        migrations.RunSQL(GRADED, PLAIN),
    ]
