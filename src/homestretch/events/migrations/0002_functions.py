"""The database's own words: who is asking, what time it is, which transaction this is."""

from django.db import migrations

FORWARD = """
create function app_organization() returns uuid language plpgsql stable as $$
declare value text := current_setting('app.organization', true);
begin
    if value is null or value = '' then
        raise exception 'no scope: a query of an organization''s table outside scope()' using errcode = 'HS001';
    end if;
    return value::uuid;
end $$;

create function app_principal(kind text) returns uuid language sql stable as
$$ select nullif(current_setting('app.' || kind, true), '')::uuid $$;

create function app_now() returns timestamptz language sql volatile as $$
    select coalesce(
        (select shown_at + (clock_timestamp() - real_at) * speed from events_clock where id = 1), clock_timestamp())
$$;

create function app_tx() returns bigint language sql volatile as
$$ select coalesce((select "offset" from events_era where id = 1), 0) + pg_current_xact_id()::text::bigint $$;

-- Stable, or it would look with a snapshot of its own, later than that of the statement which asks: what committed in
-- between would be below it and yet unseen, and a reader would pass it by for ever.
create function app_xmin() returns bigint language sql stable as $$
    select coalesce((select "offset" from events_era where id = 1), 0)
        + pg_snapshot_xmin(pg_current_snapshot())::text::bigint
$$;
"""

BACK = """
drop function app_xmin(); drop function app_tx(); drop function app_now();
drop function app_principal(text); drop function app_organization();
"""


class Migration(migrations.Migration):
    """Functions that policies, readers and the clock stand on."""

    dependencies = [("events", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
