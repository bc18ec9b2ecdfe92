"""The one table of the doors: how much of a rate limit is used up."""

from __future__ import annotations

from django.db import models


class Allowance(models.Model):
    """What a caller has used of one limit. Holds no organization's data: hashes of addresses and credentials.

    Unlogged in the database: a crash forgives what was used, and counting costs no flush.
    """

    caller = models.BinaryField(primary_key=True, max_length=16)
    free_at = models.DateTimeField(db_index=True)  # real time: when all of it is free again
