"""How long before its window a promise was told. What was digested before is filled in."""

from django.db import migrations, models

TOLD = """
update insights_taskfact f set told_ahead_s = (
    select extract(epoch from p.start - t.at)::integer
    from orders_told t
    join orders_promise p on p.organization_id = t.organization_id and p.id = t.promise_id
    where p.organization_id = f.organization_id and p.task_id = f.task_id and p.attempt = o.attempt
    order by t.at, t.id limit 1)
from orders_settlement s
join orders_promise o on o.organization_id = s.organization_id and o.id = s.promise_id
where f.promise_told and s.organization_id = f.organization_id and o.task_id = f.task_id and s.at = f.ended_at
"""


class Migration(migrations.Migration):
    dependencies = [
        ("insights", "0004_times_facts"),
        ("orders", "0001_initial"),
    ]

    operations = [
        migrations.AddField("taskfact", "told_ahead_s", models.IntegerField(null=True)),
        migrations.RunSQL(TOLD, migrations.RunSQL.noop),
    ]
