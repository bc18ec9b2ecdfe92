"""An organization's own words."""

from __future__ import annotations

from datetime import datetime

from homestretch.events.action import action
from homestretch.kernel.actor import Actor
from homestretch.kernel.contact import read_language
from homestretch.kernel.refusal import Refusal, not_found
from homestretch.messaging.models import Template
from homestretch.messaging.queries.templates import Words, template
from homestretch.messaging.rules import speech
from homestretch.messaging.rules import templates as rules
from homestretch.messaging.values import Text


@action
def save_template(
    kind: str, channel: str, language: str, text: Text, *, version: int | None = None, by: Actor, at: datetime
) -> Words:
    """Put the organization's words in the place of ours, or of its former ones (`version` 0: of ours).

    Refuses what `rules.templates.check` refuses, `contact.language_invalid`, `template.stale`.
    """
    language = read_language(language)
    if not language:
        raise Refusal("contact.language_invalid", "no language", remedy="write de or pt-BR", field="language")
    rules.check(kind, channel, text, speech.sample(language))
    row = _locked(kind, channel, language)
    _check_seen(row.version if row else 0, version)
    row = row or Template(kind=kind, channel=channel, language=language, version=0)
    row.body, row.subject, row.version = text.body.strip(), text.subject.strip(), row.version + 1
    row.save()
    return Words(kind, channel, language, Text(row.body, row.subject), True, row.version, row.id)


@action
def reset_template(
    kind: str, channel: str, language: str, *, version: int | None = None, by: Actor, at: datetime
) -> Words | None:
    """Take the organization's words back: ours hold again (None in a language that we do not speak).

    Refuses `template.not_found`, `template.stale`.
    """
    row = _locked(kind, channel, language)
    if row is None:
        raise not_found("template")
    _check_seen(row.version, version)
    row.delete()
    return template(kind, channel, language)


def _locked(kind: str, channel: str, language: str) -> Template | None:
    rows = Template.objects.select_for_update().filter(kind=kind, channel=channel, language=language)
    return rows.first()


def _check_seen(version: int, seen: int | None) -> None:
    if seen is not None and seen != version:
        raise Refusal("template.stale", "it was changed since it was read", remedy="read it again", field="If-Match")
