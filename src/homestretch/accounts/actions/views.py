"""What people keep of their lists: their own, and of no interest to the log."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from homestretch.accounts.models import SavedView
from homestretch.events.action import action
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal

NAME, QUERY, MOST = 60, 1000, 40


@action
def save_view(area: str, name: str, query: str, *, by: Actor, at: datetime) -> SavedView:
    """Keep what a person looks for on a list of the console; under a name that they used it takes the other's place.

    Refuses `view.name_invalid`, `field.too_long`, `view.too_many`.
    """
    name = " ".join(name.split())
    if not name or len(name) > NAME:
        raise Refusal("view.name_invalid", "a view wants a name", remedy=f"1 to {NAME} letters", field="name")
    if len(query) > QUERY:
        raise Refusal("field.too_long", "the view asks for too much", remedy="use fewer filters", field="query")
    own = SavedView.objects.filter(membership_id=by.id, area=area)
    row = own.filter(name=name).first()
    if row is None and own.count() >= MOST:
        raise Refusal("view.too_many", f"there are {MOST} views", remedy="remove one that is not used", field="name")
    row = row or SavedView(membership_id=by.id, area=area, name=name, created_at=at)
    row.query = query
    row.save()
    return row


@action
def remove_view(view_id: UUID, *, by: Actor, at: datetime) -> None:
    """Forget a view of one's own. One that is gone already, or somebody else's, is left as it is."""
    SavedView.objects.filter(id=view_id, membership_id=by.id).delete()
