"""What is off plan (exceptions, of the business kind), and what may be done about it (proposals, offers)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from homestretch.events.models import Owned, Ref


class DeliveryException(Owned):
    """Something off plan that wants a person. One open row per cause (`key`)."""

    kind = models.CharField(max_length=24)  # one of `rules.KINDS`
    key = models.CharField(max_length=120)
    severity = models.CharField(max_length=8)  # low, medium, high
    reason = models.CharField(max_length=60, blank=True)
    order = Ref("orders.Order", null=True)
    route = Ref("dispatch.Route", null=True)
    stop = Ref("dispatch.Stop", null=True)
    details = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default="open")  # open, resolved
    assigned_to = Ref("accounts.Membership", null=True)
    raised_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolution = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta(Owned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "key"], condition=models.Q(state="open"), name="one_open_exception"
            )
        ]
        indexes = [models.Index(fields=["organization_id", "state", "raised_at"], name="exception_state")]


class Policy(Owned):
    """What changing a running day is worth, and how far recovery may go: one per organization, made when it is first
    changed; `rules.proposing.POLICY` until then. Prices in minor units."""

    per_moved = models.PositiveIntegerField()  # a stop that comes behind another one than before
    per_changed = models.PositiveIntegerField()  # a stop that changes its driver
    per_drift_minute = models.PositiveIntegerField()  # a minute that a stop is served earlier or later than expected
    per_late_minute = models.PositiveIntegerField()  # a minute after the promise
    per_box = models.PositiveIntegerField()  # a piece that changes vehicles on the road
    per_left = models.PositiveIntegerField()  # a stop that is not served today
    overtime_per_hour = models.PositiveIntegerField()
    overtime_s = models.PositiveIntegerField()  # at most, past a shift's end
    most_moved = models.PositiveIntegerField()  # stops that one proposal may move
    seconds = models.PositiveIntegerField()  # of search
    suggest_late_s = models.PositiveIntegerField(default=0)  # of a promise, from which something is proposed unasked
    most_alone = models.PositiveIntegerField(default=0)  # stops that an unasked proposal may move without a yes
    offer_priority = models.PositiveIntegerField(default=0)  # of an order, from which it is offered by itself; 0: none
    offer_s = models.PositiveIntegerField(default=45)  # that a driver has to answer
    offer_drivers = models.PositiveIntegerField(default=5)  # who are asked for an order, at most
    unread_s = models.PositiveIntegerField(default=600)  # that a change may wait for its driver to read it; 0: for ever
    version = models.PositiveIntegerField(default=1)

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id"], name="one_policy")]


class Proposal(Owned):
    """A change to running routes that waits for a yes. One that is asked or made per cause (`key`)."""

    kind = models.CharField(max_length=20)  # one of `rules.proposing.CAUSES`
    key = models.CharField(max_length=120)
    scope = models.CharField(max_length=10)  # insert, route, routes, all
    state = models.CharField(max_length=10)  # asked, made, accepted, declined, expired, dropped
    route = Ref("dispatch.Route", null=True)  # the one that is in trouble
    order = Ref("orders.Order", null=True)  # the one that wants a place
    exception = Ref(DeliveryException, null=True)
    tasks = models.JSONField(default=list)  # what wants a place
    wanted_routes = models.JSONField(default=list)  # those that were named with the scope `routes`
    versions = models.JSONField(default=dict)  # {route: version} of what it was made from
    before = models.JSONField(default=dict)  # {route: [visits]} as they stood, see `rules.hunks`
    after = models.JSONField(default=dict)  # {route: [visits]} with all of it
    meanings = models.JSONField(default=dict)  # {visit: what it is}, see `rules.question`
    left = models.JSONField(default=list)  # [{"visit", "reason"}]: what finds no place
    figures = models.JSONField(default=dict)  # cost before and after, stops moved, promises broken before and after
    promises = models.JSONField(default=list)  # [{"task", "order", "before", "after"}]: seconds late
    minutes = models.JSONField(default=dict)  # {route: minutes that its end moves by with all of it}
    failure = models.JSONField(null=True)  # {"code", "cause", "remedy"} of one that was dropped
    fence = models.UUIDField(null=True)
    actor = models.CharField(max_length=80)  # who asked
    decided_by = models.CharField(max_length=80, blank=True)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta(Owned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "key"],
                condition=models.Q(state__in=("asked", "made")),
                name="one_open_proposal",
            )
        ]
        indexes = [models.Index(fields=["organization_id", "state", "asked_at"], name="proposal_state")]


class Hunk(Owned):
    """One part of a proposal that can be taken alone, or with those that it `needs`."""

    proposal = Ref(Proposal, related_name="hunks")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)  # insert, move, reorder
    words = models.CharField(max_length=300)
    from_route = Ref("dispatch.Route", null=True, related_name="+")
    to_route = Ref("dispatch.Route", related_name="+")
    visits = models.JSONField(default=list)
    needs = models.JSONField(default=list)  # numbers of hunks without which it does not fit
    minutes = models.JSONField(default=dict)  # {route: minutes that its end moves by}
    promises = models.JSONField(default=list)  # [{"task", "order", "before", "after"}]: seconds late
    boxes = models.PositiveIntegerField(default=0)  # pieces that change vehicles on the road
    state = models.CharField(max_length=10, default="made")  # made, accepted, declined, expired

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "proposal", "number"], name="hunk_once")]


class Offer(Owned):
    """An order that can't wait, asked of one driver: yes in time, or it goes on to the next. One open per order."""

    order = Ref("orders.Order")
    route = Ref("dispatch.Route")
    driver = Ref("fleet.Driver")  # who was asked: the route may have another since
    state = models.CharField(max_length=10)  # open, accepted, declined, lapsed, withdrawn
    round = models.PositiveIntegerField()  # of asking for this order; in each, nobody is asked twice
    by_hand = models.BooleanField(default=False)  # a person chose the driver, whatever promises it breaks
    tasks = models.JSONField(default=list)  # what wants a place
    position = models.PositiveIntegerField()  # stops that come before it, when it was made; as all of these:
    arrive = models.DateTimeField()
    seconds = models.IntegerField()  # that the route takes longer
    meters = models.IntegerField()
    cost = models.IntegerField()  # minor units
    promises = models.JSONField(default=list)  # [{"task", "order", "before", "after"}]: seconds late
    reason = models.CharField(max_length=60, blank=True)  # why it was withdrawn: a person's words, or a fact's type
    actor = models.CharField(max_length=80)  # who had the order offered
    answered_by = models.CharField(max_length=80, blank=True)
    asked_at = models.DateTimeField()
    deadline = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    narrowed: ClassVar[dict[str, str]] = {"driver": "driver_id"}

    class Meta(Owned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "order"], condition=models.Q(state="open"), name="one_open_offer"
            ),
            models.UniqueConstraint(fields=["organization_id", "order", "round", "route"], name="asked_once"),
        ]
        indexes = [
            models.Index(fields=["organization_id", "state", "deadline"], name="offer_state"),
            models.Index(fields=["organization_id", "order", "asked_at"], name="offer_order"),
        ]
