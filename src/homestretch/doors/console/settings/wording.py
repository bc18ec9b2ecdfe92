"""Templates: the words of each message, with a preview and what an SMS costs."""

from __future__ import annotations

from typing import Any

from homestretch.accounts.rules import LANGUAGES
from homestretch.doors.console.settings.forms import Field
from homestretch.doors.console.settings.page import Act, Look, Section, Shown
from homestretch.kernel.refusal import Refusal, not_found
from homestretch.messaging import actions, queries
from homestretch.messaging.rules.templates import VARIABLES
from homestretch.messaging.values import Preview, TemplateName, Text
from homestretch.web.entry import READ, WRITE


def _show(look: Look) -> Shown:
    if look.subject:
        return _one(look)
    rows: list[dict[str, Any]] = []
    for words in queries.templates():
        preview, wrong = _previewed(words.kind, words.channel, words.language, words.text)
        rows.append({"words": words, "preview": preview, "wrong": wrong})
    spoken = look.query.get("language", "")
    known = sorted({row["words"].language for row in rows})
    shown = [row for row in rows if spoken in ("", row["words"].language)]
    missing = _unwritten(rows, spoken) if spoken and spoken not in LANGUAGES else []
    return "templates", {"rows": shown, "languages": known, "language": spoken, "missing": missing}


def _unwritten(rows: list[dict[str, Any]], language: str) -> list[TemplateName]:
    """What is not said yet in a language that we do not speak: the organization may write it."""
    ours = {(row["words"].kind, row["words"].channel) for row in rows if row["words"].language == "en"}
    own = {(row["words"].kind, row["words"].channel) for row in rows if row["words"].language == language}
    return [TemplateName(kind, channel, language[:12]) for kind, channel in sorted(ours - own)]


def _previewed(kind: str, channel: str, language: str, text: Text) -> tuple[Preview | None, Refusal | None]:
    try:
        return queries.preview(kind, channel, language, text), None
    except Refusal as refusal:
        return None, refusal


def _named(subject: str) -> TemplateName:
    parts = subject.split("/")
    if len(parts) != 3:
        raise not_found("template", subject)
    return TemplateName(*parts)


def _one(look: Look) -> Shown:
    name = _named(look.subject)
    words = queries.template(name.kind, name.channel, name.language)
    text = words.text if words else Text("")
    if look.given is not None:
        text = Text(look.given.text("body"), look.given.text("subject"))
    fields = [Field("version", kind="hidden", value=words.version if words else 0)]
    if name.channel == "email":
        fields.append(Field("subject", "Subject", value=text.subject, needed=True, most=200, wide=True))
    fields.append(Field("body", "Words", kind="textarea", value=text.body, needed=True, wide=True))
    form = look.form("save", *fields, preview="preview")
    shown, wrong = _previewed(name.kind, name.channel, name.language, text) if text.body else (None, None)
    context = {
        "name": name,
        "words": words,
        "form": form,
        "reset": look.form("remove-own", *fields[:1], button="Take our words again", quiet=True),
        "preview": shown,
        "wrong": wrong if look.refusal is None else None,
        "variables": VARIABLES,
        "title": f"{name.kind.replace('_', ' ').capitalize()} by {name.channel}, {name.language}",
    }
    return "template", context


def _save(act: Act) -> None:
    text = Text(act.given.text("body"), act.given.text("subject"))
    version = act.given.whole("version")
    actions.save_template(_named(act.subject), text, version=version, by=act.by, at=act.at, once=act.once)


def _reset(act: Act) -> None:
    version = act.given.whole("version")
    actions.reset_template(_named(act.subject), version=version, by=act.by, at=act.at, once=act.once)


SECTION = Section(
    "templates",
    "Templates",
    READ("messages"),
    WRITE("messages"),
    _show,
    {"save": _save, "remove-own": _reset},
    {"save": "Saved: from now on it is said so.", "remove-own": "Our words hold again."},
    previews={"preview": "save"},
)
