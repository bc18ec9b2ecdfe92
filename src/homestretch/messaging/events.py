"""Facts about what is said to and heard from people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from homestretch.kernel.facts import Fact


@dataclass(frozen=True, slots=True)
class MessageQueued(Fact):
    """A message waits to be sent."""

    type: ClassVar[str] = "message.queued"
    message_id: UUID
    order_id: UUID
    kind: str
    channel: str


@dataclass(frozen=True, slots=True)
class MessageSent(Fact):
    """A provider took a message."""

    type: ClassVar[str] = "message.sent"
    message_id: UUID
    order_id: UUID
    kind: str
    channel: str


@dataclass(frozen=True, slots=True)
class MessageDelivered(Fact):
    """A message reached its device."""

    type: ClassVar[str] = "message.delivered"
    message_id: UUID
    order_id: UUID


@dataclass(frozen=True, slots=True)
class MessageFailed(Fact):
    """A message will not be sent, or did not arrive."""

    type: ClassVar[str] = "message.failed"
    message_id: UUID
    order_id: UUID
    why: str


@dataclass(frozen=True, slots=True)
class MessageReceived(Fact):
    """A person wrote."""

    type: ClassVar[str] = "message.received"
    message_id: UUID
    channel: str
    meaning: str


@dataclass(frozen=True, slots=True)
class RecipientInstructed(Fact):
    """A recipient left an instruction for the driver."""

    type: ClassVar[str] = "recipient.instructed"
    recipient_id: UUID
    order_id: UUID


@dataclass(frozen=True, slots=True)
class RecipientRebooked(Fact):
    """A recipient chose when the own order comes, or is taken at a depot."""

    type: ClassVar[str] = "recipient.rebooked"
    recipient_id: UUID
    order_id: UUID
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class ProblemReported(Fact):
    """A recipient reported a problem with an order."""

    type: ClassVar[str] = "recipient.problem_reported"
    recipient_id: UUID
    order_id: UUID
    kind: str


@dataclass(frozen=True, slots=True)
class ConversationSettled(Fact):
    """Somebody said that nothing is left to be answered about an order."""

    type: ClassVar[str] = "recipient.answered"
    recipient_id: UUID
    order_id: UUID


@dataclass(frozen=True, slots=True)
class RecipientOptedOut(Fact):
    """A recipient wants no more messages by this channel."""

    type: ClassVar[str] = "recipient.opted_out"
    recipient_id: UUID
    channel: str


@dataclass(frozen=True, slots=True)
class RecipientOptedIn(Fact):
    """A recipient wants messages by this channel again."""

    type: ClassVar[str] = "recipient.opted_in"
    recipient_id: UUID
    channel: str


@dataclass(frozen=True, slots=True)
class SurveyRequested(Fact):
    """A recipient was asked for a rating."""

    type: ClassVar[str] = "survey.requested"
    survey_id: UUID
    order_id: UUID


@dataclass(frozen=True, slots=True)
class SurveySubmitted(Fact):
    """A recipient rated an order."""

    type: ClassVar[str] = "survey.submitted"
    survey_id: UUID
    order_id: UUID
    score: int


@dataclass(frozen=True, slots=True)
class SurveyExplained(Fact):
    """A recipient said what was behind a rating."""

    type: ClassVar[str] = "survey.explained"
    survey_id: UUID
    order_id: UUID
    tags: tuple[str, ...]
