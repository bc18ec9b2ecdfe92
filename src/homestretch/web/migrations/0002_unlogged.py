"""Counting a call costs no flush: what was used of a limit may be forgotten in a crash."""

from django.db import migrations


class Migration(migrations.Migration):
    """The table of allowances is unlogged."""

    dependencies = [("web", "0001_initial")]
    operations = [
        migrations.RunSQL("alter table web_allowance set unlogged", "alter table web_allowance set logged"),
    ]
