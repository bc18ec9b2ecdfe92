"""All sections, in the order in which they are listed."""

from __future__ import annotations

from homestretch.doors.console.settings import (
    areas,
    blackouts,
    changes,
    closures,
    data,
    fleet,
    keys,
    merchants,
    messages,
    organization,
    people,
    recipients,
    recovery,
    shifts,
    webhooks,
    wording,
)

SECTIONS = (
    organization.SECTION,
    people.SECTION,
    merchants.SECTION,
    fleet.SECTION,
    shifts.SECTION,
    areas.SECTION,
    blackouts.SECTION,
    closures.SECTION,
    recovery.SECTION,
    recipients.SECTION,
    messages.SECTION,
    wording.SECTION,
    keys.SECTION,
    webhooks.SECTION,
    data.SECTION,
    changes.SECTION,
)
BY_NAME = {section.name: section for section in SECTIONS}
