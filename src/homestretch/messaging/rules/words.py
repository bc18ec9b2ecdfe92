"""What a person meant who wrote back: STOP, START and HELP in English, French and German."""

from __future__ import annotations

import re
import unicodedata


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


MEANINGS = {
    "stop": _set(
        "stop stopp stopall unsubscribe cancel end quit optout revoke arret arreter desabonner desinscrire"
        " desinscription abmelden abbestellen ende beenden aufhoren"
    ),
    "start": _set("start unstop optin subscribe commencer reprendre starten anmelden"),
    "help": _set("help info aide hilfe"),
}
# What may stand beside a word without changing what it means.
FILLERS = _set("please all sms messages message text texts svp merci les tout tous bitte alle nachrichten")


def meaning(text: str) -> str:
    """`stop`, `start`, `help` or `other`. Case, accents and punctuation do not matter, nor does a please."""
    words = _words(text)
    said = [word for word in words if word not in FILLERS]
    joined = "".join(said)
    for name, known in MEANINGS.items():
        if joined in known or (said and all(word in known for word in said)):
            return name
    return "other"


def _words(text: str) -> list[str]:
    bare = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"[a-z]+", "".join(char for char in bare if not unicodedata.combining(char)))
