"""Raw positions: a table partitioned by day (UTC), its policy, and what may be done to its partitions.

A direct read of a partition would go past the parent's policy, so the app's role has no right on any partition.
What was heard ahead of a tap waits in `tracking_held`, which the app's role can fill and nobody can read through it.
"""

from django.db import migrations

COLUMNS = """
    organization_id uuid not null,
    device_id uuid not null,
    at timestamptz not null,
    lat double precision not null check (lat between -90 and 90),
    lon double precision not null check (lon between -180 and 180),
    speed_mh integer check (speed_mh >= 0),
    bearing_deg smallint check (bearing_deg between 0 and 360),
    accuracy_m integer check (accuracy_m >= 0),
    received_at timestamptz not null,
    primary key (organization_id, device_id, at)
"""

TENANT = "organization_id = (select app_organization())"
WHOLE = "app_principal('merchant') is null and app_principal('driver') is null and app_principal('order') is null"

TABLES = f"""
create table tracking_position ({COLUMNS}) partition by range (at);
alter table tracking_position enable row level security;
create policy tracking_position_tenant on tracking_position using ({TENANT}) with check ({TENANT});
create policy tracking_position_whole on tracking_position as restrictive using ({WHOLE}) with check ({WHOLE});
revoke update, truncate on tracking_position from hs_app;

create table tracking_held ({COLUMNS});
alter table tracking_held enable row level security;
create policy tracking_held_tenant on tracking_held for insert with check ({TENANT});
revoke select, update, delete, truncate on tracking_held from hs_app;
"""

MAKE_DAY = """
create function make_day(day date) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    name text := 'tracking_position_' || to_char(day, 'YYYYMMDD');
begin
    if to_regclass(name) is not null then
        return;
    end if;
    if day not between date '2000-01-01' and date '2199-12-31' then
        raise exception 'no positions are kept for %', day using errcode = 'HS002';
    end if;
    perform pg_advisory_xact_lock(hashtext('homestretch.make_day'));
    if to_regclass(name) is null then
        execute format('create table %I partition of tracking_position for values from (%L) to (%L)', name,
            day::timestamp at time zone 'UTC', (day + 1)::timestamp at time zone 'UTC');
        execute format('alter table %I enable row level security', name);
        execute format('revoke all on %I from public, hs_app', name);
    end if;
end $$;
"""

DROP_EMPTY_DAYS = """
create function drop_empty_days() returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    name text;
    holds boolean;
    dropped integer := 0;
begin
    for name in
        select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'tracking_position'::regclass
            and to_date(right(c.relname, 8), 'YYYYMMDD') < (app_now() at time zone 'UTC')::date - 31
    loop
        execute format('select exists (select from %I)', name) into holds;
        if not holds then
            execute format('drop table %I', name);
            dropped := dropped + 1;
        end if;
    end loop;
    return dropped;
end $$;
"""

HELD = """
create function release_held(device uuid) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare moved integer;
begin
    perform make_day(day) from (
        select distinct (h.at at time zone 'UTC')::date as day from tracking_held h
        where h.organization_id = app_organization() and h.device_id = device) days;
    with fit as (
        delete from tracking_held h
        where h.organization_id = app_organization() and h.device_id = device
            and exists (select from tracking_duty d
                where d.organization_id = h.organization_id and d.device_id = h.device_id
                    and h.at between d.starts_at and d.ends_at)
        returning h.*)
    insert into tracking_position select * from fit on conflict do nothing;
    get diagnostics moved = row_count;
    return moved;
end $$;

create function erase_held(before timestamptz) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare erased integer;
begin
    delete from tracking_held where organization_id = app_organization() and received_at < before;
    get diagnostics erased = row_count;
    return erased;
end $$;

revoke execute on function make_day(date), drop_empty_days(), release_held(uuid), erase_held(timestamptz) from public;
grant execute on function make_day(date), drop_empty_days(), release_held(uuid), erase_held(timestamptz) to hs_app;
"""

BACK = """
drop function erase_held(timestamptz); drop function release_held(uuid);
drop function drop_empty_days(); drop function make_day(date);
drop table tracking_held; drop table tracking_position;
"""


class Migration(migrations.Migration):
    """Positions, partitioned by day, and the waiting room."""

    dependencies = [("tracking", "0001_initial"), ("events", "0002_functions")]
    operations = [migrations.RunSQL(TABLES + MAKE_DAY + DROP_EMPTY_DAYS + HELD, BACK)]
