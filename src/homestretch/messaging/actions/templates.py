"""An organization's own words."""

from __future__ import annotations

from datetime import datetime

from homestretch.events.action import action
from homestretch.kernel.actor import Actor
from homestretch.kernel.contact import read_language
from homestretch.kernel.refusal import Refusal, check_version, not_found
from homestretch.messaging.models import Template
from homestretch.messaging.queries.templates import Words, template
from homestretch.messaging.rules import speech
from homestretch.messaging.rules import templates as rules
from homestretch.messaging.values import TemplateName, Text


@action
def save_template(name: TemplateName, text: Text, *, version: int | None = None, by: Actor, at: datetime) -> Words:
    """Put the organization's words in the place of ours, or of its former ones (`version` 0: of ours).

    Refuses what `rules.templates.check` refuses, `contact.language_invalid`, `template.stale`.
    """
    language = read_language(name.language)
    if not language:
        raise Refusal("contact.language_invalid", "no language", remedy="write de or pt-BR", field="language")
    rules.check(name.kind, name.channel, text, speech.sample(language, name.kind))
    row = _locked(name.kind, name.channel, language)
    check_version("template", version, row.version if row else 0)
    row = row or Template(kind=name.kind, channel=name.channel, language=language, version=0)
    row.body, row.subject, row.version = text.body.strip(), text.subject.strip(), row.version + 1
    row.save()
    return Words(row.kind, row.channel, language, Text(row.body, row.subject), True, row.version, row.id)


@action
def reset_template(name: TemplateName, *, version: int | None = None, by: Actor, at: datetime) -> Words | None:
    """Take the organization's words back: ours hold again (None in a language that we do not speak).

    Refuses `template.not_found`, `template.stale`.
    """
    row = _locked(name.kind, name.channel, name.language)
    if row is None:
        raise not_found("template")
    check_version("template", version, row.version)
    row.delete()
    return template(name.kind, name.channel, name.language)


def _locked(kind: str, channel: str, language: str) -> Template | None:
    rows = Template.objects.select_for_update().filter(kind=kind, channel=channel, language=language)
    return rows.first()
