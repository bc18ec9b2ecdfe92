"""Whose data a command is for."""

from __future__ import annotations

from uuid import UUID

from homestretch.kernel.actor import system
from homestretch.kernel.refusal import Refusal


def organization_named(slug: str) -> UUID:
    """The organization of a slug, the only one where none is given.

    Refuses `organization.not_found`, `organization.unclear`.
    """
    from homestretch.accounts import queries
    from homestretch.events.scope import scope
    from homestretch.events.subscribe import known_organizations

    slugs = {}
    for organization_id in known_organizations():
        with scope(system(organization_id)):
            slugs[queries.organization().slug] = organization_id
    if slug in slugs:
        return slugs[slug]
    if slug or not slugs:
        raise Refusal("organization.not_found", f"no {slug or 'organization'}", remedy=f"one of {', '.join(slugs)}")
    if len(slugs) > 1:
        raise Refusal("organization.unclear", "there are several", remedy=f"--organization {' | '.join(sorted(slugs))}")
    return next(iter(slugs.values()))
