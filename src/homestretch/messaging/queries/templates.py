"""Which words hold: an organization's own before ours, the recipient's language before the organization's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from homestretch.messaging.models import Template
from homestretch.messaging.rules import speech
from homestretch.messaging.rules import templates as rules
from homestretch.messaging.texts import OURS
from homestretch.messaging.values import Preview, Text


@dataclass(frozen=True, slots=True)
class Words:
    """A template. `own`: the organization's; ours have version 0 and no id."""

    kind: str
    channel: str
    language: str
    text: Text
    own: bool = False
    version: int = 0
    id: UUID | None = None


def words_for(kind: str, channel: str, languages: Iterable[str]) -> Words:
    """What is said, in the best of `languages` (BCP 47, best first); English at last, which always is there."""
    wanted = speech.candidates(languages)
    own = {row.language: row for row in Template.objects.filter(kind=kind, channel=channel, language__in=wanted)}
    for language in wanted:
        if language in own:
            return _own(own[language])
        if language in OURS:
            return Words(kind, channel, language, OURS[language][kind, channel])
    raise LookupError(f"no words for {kind} by {channel}")


def template(kind: str, channel: str, language: str) -> Words | None:
    """The words of exactly that language, if there are any."""
    row = Template.objects.filter(kind=kind, channel=channel, language=language).first()
    if row is not None:
        return _own(row)
    text = OURS.get(language, {}).get((kind, channel))
    return Words(kind, channel, language, text) if text else None


def templates() -> list[Words]:
    """All words that hold: the organization's own, and ours where it has none."""
    own = {(row.kind, row.channel, row.language): _own(row) for row in Template.objects.all()}
    ours = {
        (kind, channel, language): Words(kind, channel, language, text)
        for language, texts in OURS.items()
        for (kind, channel), text in texts.items()
    }
    return [words for _, words in sorted({**ours, **own}.items())]


def preview(kind: str, channel: str, language: str, text: Text) -> Preview:
    """The words with invented values. Refuses as `rules.templates.check`."""
    sample = speech.sample(language, kind)
    size = rules.check(kind, channel, text, sample)
    body = rules.fill(text.body, sample)
    return Preview(
        rules.fill(text.subject, sample),
        body,
        len(body),
        size.segments if size else None,
        size.encoding if size else None,
    )


def _own(row: Template) -> Words:
    return Words(row.kind, row.channel, row.language, Text(row.body, row.subject), True, row.version, row.id)
