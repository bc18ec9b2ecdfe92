"""Raw positions keep two readings of one instant and what a wrong clock said; routes get a track that outlives them."""

import django.db.models.deletion
from django.db import migrations, models

import homestretch.events.models
import homestretch.events.scope
import homestretch.kernel.ids

# Of two readings of one instant the first to come used to win, so that the track hung on the order of arrival.
FORTH = """
alter table tracking_position add column said_at timestamptz;
alter table tracking_held add column said_at timestamptz;
alter table tracking_position drop constraint tracking_position_pkey,
    add primary key (organization_id, device_id, at, lat, lon);
alter table tracking_held drop constraint tracking_held_pkey,
    add primary key (organization_id, device_id, at, lat, lon);
"""
BACK = """
delete from tracking_position a using tracking_position b where a.organization_id = b.organization_id
    and a.device_id = b.device_id and a.at = b.at and (a.lat, a.lon) > (b.lat, b.lon);
delete from tracking_held a using tracking_held b where a.organization_id = b.organization_id
    and a.device_id = b.device_id and a.at = b.at and (a.lat, a.lon) > (b.lat, b.lon);
alter table tracking_position drop constraint tracking_position_pkey,
    add primary key (organization_id, device_id, at), drop column said_at;
alter table tracking_held drop constraint tracking_held_pkey,
    add primary key (organization_id, device_id, at), drop column said_at;
"""


class Migration(migrations.Migration):
    """What is there stays: a new column is empty, a wider key holds all that the narrow one held."""

    dependencies = [("tracking", "0003_kept_forecasts"), ("dispatch", "0003_upload_parts")]

    operations = [
        migrations.RunSQL(FORTH, BACK),
        migrations.CreateModel(
            name="Track",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=homestretch.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "organization_id",
                    models.UUIDField(default=homestretch.events.scope.current_organization, editable=False),
                ),
                ("points", models.JSONField(default=list)),
                ("starts_at", models.DateTimeField(null=True)),
                ("left_out", models.JSONField(default=dict)),
                ("made_at", models.DateTimeField()),
                (
                    "route",
                    homestretch.events.models.Ref(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="dispatch.route",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["organization_id", "starts_at"], name="track_starts")],
                "constraints": [
                    models.UniqueConstraint(fields=("organization_id", "route"), name="one_track"),
                ],
            },
        ),
    ]
