"""Templates: plain text with `{variables}`, filled once. No conditions, no attributes, no code: nothing to inject into.

`{{` and `}}` stand for braces. A value is put in as it is and never read again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from homestretch.kernel.refusal import Refusal
from homestretch.messaging.rules.kinds import CHANNELS, KINDS, WORDED
from homestretch.messaging.rules.segments import Count, count
from homestretch.messaging.values import Text

# Name -> what an invented order makes of it: for previews and for counting.
VARIABLES: Mapping[str, str] = {
    "organization": "Greengrocer Vans",
    "phone": "+352 621 123 456",
    "name": "Rosa Weber",
    "reference": "A-10423",
    "address": "Mill Lane 12, 1234 Town",
    "day": "",  # these depend on the language: `speech.sample`
    "window": "",
    "expected": "",
    "done": "",
    "reason": "",
    "link": "https://vans.example.com/t/hst_" + "0" * 64,
}
MOST_CHARACTERS = {"sms": 480, "email": 8000}
MOST_SUBJECT = 200
MOST_SEGMENTS = 4
MOST_VALUE = 80  # characters of one value, but for the link
_TOKEN = re.compile(r"\{\{|\}\}|\{([A-Za-z_][A-Za-z0-9_]*)\}|[{}]")


def variables(text: str) -> set[str]:
    """The names that a text uses."""
    return {match[1] for match in _TOKEN.finditer(text) if match[1]}


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables replaced, in one pass. A `KeyError` is a bug: templates are checked when saved."""

    def put(match: re.Match[str]) -> str:
        return values[match[1]] if match[1] else match[0][0]

    return _TOKEN.sub(put, text)


def clean(value: str, *, most: int = MOST_VALUE) -> str:
    """A value as it may stand in one line of a message: no control characters, not too long."""
    return " ".join("".join(char if char.isprintable() else " " for char in value).split())[:most]


def check(kind: str, channel: str, text: Text, sample: Mapping[str, str]) -> Count | None:
    """Refuse words that could not be sent as they are meant; the size of an SMS filled with `sample`.

    Refuses `template.kind_unknown`, `template.channel_unknown`, `template.empty`, `template.too_long`,
    `template.syntax`, `template.variable_unknown`, `template.link_missing`, `template.subject_missing`,
    `template.subject_unwanted`.
    """
    _check_names(kind, channel)
    _check_subject(channel, text.subject)
    for field, words in (("subject", text.subject), ("body", text.body)):
        _check_syntax(field, words)
    if not text.body.strip():
        raise Refusal("template.empty", "there are no words", remedy="write what is to be said", field="body")
    if len(text.body) > MOST_CHARACTERS[channel]:
        raise _too_long(f"more than {MOST_CHARACTERS[channel]} characters")
    if KINDS[kind].link and "link" not in variables(text.body):
        raise Refusal(
            "template.link_missing",
            f"{kind} is of no use without the tracking link",
            remedy="put {link} where it should stand",
            field="body",
        )
    return _size(fill(text.body, sample)) if channel == "sms" else None


def _size(body: str) -> Count:
    size = count(body)
    if size.segments > MOST_SEGMENTS:
        costly = f"; {size.costly!r} more than double its length" if size.costly else ""
        raise _too_long(f"{size.segments} SMS for one message, at most {MOST_SEGMENTS}{costly}")
    return size


def _check_names(kind: str, channel: str) -> None:
    if kind not in WORDED:
        raise Refusal(
            "template.kind_unknown", f"there is no {kind[:20]!r}", remedy=f"one of {', '.join(WORDED)}", field="kind"
        )
    if channel not in CHANNELS or (kind == "help" and channel != "sms"):
        raise Refusal(
            "template.channel_unknown", f"{kind} is not sent by {channel[:20]!r}", remedy="sms", field="channel"
        )


def _check_subject(channel: str, subject: str) -> None:
    if channel == "sms" and subject:
        raise Refusal("template.subject_unwanted", "an SMS has no subject", remedy="leave it empty", field="subject")
    if channel == "email" and not subject.strip():
        raise Refusal("template.subject_missing", "an e-mail needs a subject", remedy="write one", field="subject")
    if len(subject) > MOST_SUBJECT or "\n" in subject or "\r" in subject:
        raise _too_long(f"a subject is one line of at most {MOST_SUBJECT} characters", field="subject")


def _check_syntax(field: str, words: str) -> None:
    for position, brace in _stray(words):
        raise Refusal(
            "template.syntax",
            f"a lonely {brace} at character {position + 1}",
            remedy="write {name} for a variable, {{ or }} for a brace",
            field=field,
        )
    unknown = sorted(variables(words) - set(VARIABLES))
    if unknown:
        raise Refusal(
            "template.variable_unknown",
            f"there is no variable {unknown[0][:30]!r}",
            remedy=f"one of {', '.join(VARIABLES)}",
            field=field,
        )


def _stray(words: str) -> Iterator[tuple[int, str]]:
    return ((match.start(), match[0]) for match in _TOKEN.finditer(words) if match[0] in "{}")


def _too_long(cause: str, *, field: str = "body") -> Refusal:
    return Refusal("template.too_long", cause, remedy="say it shorter", field=field)
