"""What a person of the organization may write to a recipient, and what of a conversation waits for somebody."""

from __future__ import annotations

from homestretch.kernel.refusal import Refusal
from homestretch.messaging.rules.segments import count
from homestretch.messaging.rules.templates import MOST_CHARACTERS, MOST_SEGMENTS, clean


def check_words(channel: str, text: str, organization: str) -> str:
    """The words without what surrounds them. Refuses `message.empty` and `message.too_long`."""
    words = text.replace("\x00", "").strip()
    if not words:
        raise Refusal("message.empty", "there are no words", remedy="write what is to be said", field="text")
    too_long = len(words) > MOST_CHARACTERS[channel]
    if channel == "sms" and not too_long:
        too_long = count(in_sms(words, organization)).segments > MOST_SEGMENTS
    if too_long:
        most = f"{MOST_SEGMENTS} SMS" if channel == "sms" else f"{MOST_CHARACTERS[channel]} characters"
        raise Refusal("message.too_long", f"more than {most}", remedy="say it shorter, or by e-mail", field="text")
    return words


def in_sms(words: str, organization: str) -> str:
    """An SMS says who writes."""
    return f"{clean(organization, most=40)}: {words}"
