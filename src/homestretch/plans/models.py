"""A plan, the problem it answers, the solver's runs, and its revisions."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from homestretch.events.models import Owned, Ref


class Plan(Owned):
    """A draft for one or more depots and one planning day."""

    day = models.DateField()
    depots = ArrayField(models.UUIDField())
    state = models.CharField(max_length=10)  # asked, solving, ready, released, superseded, dropped
    purpose = models.CharField(max_length=10, default="day")  # day, recovery
    head = models.PositiveIntegerField(default=0)  # number of the revision that stands; 0 = none yet
    created_at = models.DateTimeField()

    class Meta(Owned.Meta):
        indexes = [models.Index(fields=["organization_id", "day"], name="plan_day")]


class Question(Owned):
    """The problem that a plan answers, as the planner reads it (`homestretch.problem/1`), and what its ids mean."""

    plan = Ref(Plan, related_name="questions")
    problem = models.JSONField()
    matrices = models.BinaryField()  # packed, see store
    visits = models.JSONField()  # {visit id: {"place": id, "tasks": [ids], "orders": [ids]}}
    margin = models.JSONField(default=dict)  # {"quantile", "ways", "services"}: with which it is planned; {}: none
    rung = models.CharField(max_length=20)  # of the ladder of travel times; of several profiles the lowest
    travel = models.JSONField(default=dict)  # {profile: {"rung", "source", "as_of", "fell", "off_road"}}, see store
    sha256 = models.BinaryField(max_length=32)
    created_at = models.DateTimeField()


class Optimization(Owned):
    """One solver run; its result is applied separately."""

    plan = Ref(Plan, related_name="optimizations")
    question = Ref(Question, null=True)
    state = models.CharField(max_length=10)  # waiting, running, done, failed
    seed = models.BigIntegerField()
    seconds = models.PositiveIntegerField()  # asked
    split_zone = models.PositiveIntegerField(default=0)  # price of each further shift in a zone, minor units
    quantile = models.PositiveSmallIntegerField(default=0)  # percent of days on which its times are to hold; 0: usual
    base = models.PositiveIntegerField(default=0)  # the revision that it searches on from; 0: it is the plan's first
    scope = models.JSONField(default=list)  # ids of the shifts that it may change; []: all
    actor = models.CharField(max_length=80, blank=True)  # who asked to search on
    progress = models.JSONField(default=dict)  # {"seconds", "iterations", "cost"}
    best = models.JSONField(null=True)  # while it runs, the best so far: [[shift, [visits]]] by number in the question
    cancel = models.BooleanField(default=False)
    fence = models.UUIDField(null=True)
    failure = models.JSONField(null=True)  # {"code", "cause", "remedy"}
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)


class Revision(Owned):
    """One state of a plan: sequences, judged by `check`. Times are derived, not stored.

    Revisions of a plan stand in one line: each is made from the one before, an undo too. Of one that is not `whole`,
    `routes` and `unassigned` hold only what differs from the one before (a route without visits: it has none now).
    """

    plan = Ref(Plan, related_name="revisions")
    number = models.PositiveIntegerField()
    parent = models.PositiveIntegerField(default=0)
    question = Ref(Question)
    routes = models.JSONField()  # [{"shift": id, "visits": [ids]}]
    unassigned = models.JSONField()  # [{"visit": id, "reasons": [...]}]
    breaches = models.JSONField()  # what `check` said: [] = none
    cost = models.BigIntegerField()
    whole = models.BooleanField(default=True)
    locks = models.JSONField(default=list)  # [{"kind", "shift", "visit", "by", "at"}], see `rules.locks`
    edits = models.JSONField(default=list)  # as they were applied to the revision before, see `rules.edits`
    touched = models.JSONField(default=dict)  # {"visits", "routes", "shifts"}: what they name, and what they changed
    of = models.PositiveIntegerField(default=0)  # of an undo the revision that it takes back, of a redo the undo
    note = models.CharField(max_length=200, blank=True)
    why = models.CharField(max_length=10)  # solved, moved, edited, undone, redone
    actor = models.CharField(max_length=80)
    created_at = models.DateTimeField()

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "plan", "number"], name="revision_number")]


class Presence(Owned):
    """Somebody who has the board of a day open in a tab, and what they hold selected. Short-lived: see `presence`."""

    member = models.CharField(max_length=80)  # the actor, as the log writes them
    tab = models.UUIDField()
    day = models.DateField()
    name = models.CharField(max_length=120)
    selected = models.JSONField(default=list)  # ids of stops and shifts
    seen_at = models.DateTimeField()  # real time: it is about people at their desks

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "member", "tab"], name="one_presence")]
