"""The four questions before the scope: who is this e-mail, key, link, device.

SECURITY DEFINER, owned by the tables' owner, whom row-level security does not hold; each takes what only the principal
knows and returns organization and principal. `app_now()` is the clock that expiry is stated in; one-time codes count
real time.
"""

from django.db import migrations

_HEAD = "language sql stable security definer set search_path = pg_catalog, public, pg_temp as"

FUNCTIONS = {
    "who_is_email(email text)": f"""
        returns table (organization_id uuid, membership_id uuid, role text, merchant_id uuid) {_HEAD} $$
            select m.organization_id, m.id, m.role::text, m.merchant_id
            from accounts_membership m join accounts_user u on u.id = m.user_id
            left join accounts_merchant c on c.organization_id = m.organization_id and c.id = m.merchant_id
            where u.email = lower($1) and u.is_active and m.active and coalesce(c.active, true)
            order by m.organization_id
        $$""",
    "who_is_key(hash bytea)": f"""
        returns table (organization_id uuid, key_id uuid, scopes text[], merchant_id uuid) {_HEAD} $$
            select k.organization_id, k.id, k.scopes::text[], k.merchant_id from accounts_apikey k
            left join accounts_merchant c on c.organization_id = k.organization_id and c.id = k.merchant_id
            where k.hash = $1 and k.revoked_at is null and (k.expires_at is null or k.expires_at > app_now())
                and coalesce(c.active, true)
        $$""",
    "who_is_link(hash bytea)": f"""
        returns table (organization_id uuid, link_id uuid, order_id uuid) {_HEAD} $$
            select organization_id, id, order_id from accounts_trackinglink
            where token_hash = $1 and revoked_at is null and expires_at > app_now()
        $$""",
    "who_is_device(hash bytea)": f"""
        returns table (
            organization_id uuid, device_id uuid, kind text, driver_id uuid, vehicle_id uuid, waiting boolean
        ) {_HEAD} $$
            select organization_id, id, kind::text, driver_id, vehicle_id, false from accounts_device
            where token_hash = $1 and revoked_at is null
            union all
            select organization_id, id, kind::text, driver_id, vehicle_id, true from accounts_device
            where pairing_hash = $1 and revoked_at is null and pairing_expires_at > clock_timestamp()
        $$""",
}


def _statements() -> list[str]:
    return [
        statement
        for name, body in FUNCTIONS.items()
        for statement in (
            f"create function {name} {body}",
            f"revoke execute on function {name} from public",
            f"grant execute on function {name} to hs_app",
        )
    ]


class Migration(migrations.Migration):
    """Functions that the doors ask before a scope is open."""

    dependencies = [("accounts", "0001_initial"), ("events", "0002_functions")]
    operations = [
        migrations.RunSQL("; ".join(_statements()), "; ".join(f"drop function {name}" for name in reversed(FUNCTIONS)))
    ]
