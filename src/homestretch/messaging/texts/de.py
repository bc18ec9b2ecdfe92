"""German."""

from __future__ import annotations

from homestretch.messaging.values import Text

TEXTS = {
    ("scheduled", "sms"): Text(
        "{organization}: Bestellung {reference} kommt {window}. Verfolgen oder dem Fahrer etwas mitteilen: {link} -"
        " Keine SMS mehr: STOP antworten"
    ),
    ("changed", "sms"): Text(
        "{organization}: Leider kommt Bestellung {reference} später als zugesagt: {window} ({reason}). {link}"
    ),
    ("pickup", "sms"): Text("{organization}: Bestellung {reference} liegt bereit: {window}, {address}. {link}"),
    ("cancelled", "sms"): Text(
        "{organization}: Bestellung {reference} wurde storniert und kommt nicht. Fragen: {phone}"
    ),
    ("on_the_way", "sms"): Text("{organization}: Ihr Fahrer ist unterwegs und kommt gegen {expected}. {link}"),
    ("approaching", "sms"): Text("{organization}: Ihr Fahrer ist gleich da, mit Bestellung {reference}."),
    ("delivered", "sms"): Text("{organization}: Bestellung {reference} wurde {done}. Vielen Dank!"),
    ("failed", "sms"): Text(
        "{organization}: Bestellung {reference} konnte heute nicht erledigt werden ({reason})."
        " Wie es weitergeht: {link}"
    ),
    ("survey", "sms"): Text(
        "{organization}: Waren Sie mit Bestellung {reference} zufrieden? Zehn Sekunden genügen: {link}"
    ),
    ("help", "sms"): Text(
        "{organization}: Diese SMS informieren Sie über Ihre Lieferungen. Fragen: {phone}."
        " Keine SMS mehr: STOP antworten."
    ),
    ("scheduled", "email"): Text(
        "Guten Tag {name},\n\nIhre Bestellung {reference} ist geplant für {window}, Adresse: {address}.\n\n"
        "Hier können Sie sie verfolgen und dem Fahrer etwas mitteilen:\n{link}\n\n{organization}",
        "Ihre Bestellung {reference}: {window}",
    ),
    ("changed", "email"): Text(
        "Guten Tag {name},\n\nleider kommt Ihre Bestellung {reference} später als zugesagt: {reason}.\n\n"
        "Wir sind nun {window} bei Ihnen. Hier können Sie sie verfolgen und dem Fahrer etwas mitteilen:\n{link}\n\n"
        "Fragen: {phone}\n\n{organization}",
        "Ihre Bestellung {reference} kommt später: {window}",
    ),
    ("pickup", "email"): Text(
        "Guten Tag {name},\n\nIhre Bestellung {reference} liegt {window} für Sie bereit: {address}.\n\n"
        "Hier können Sie sie ansehen oder eine andere Zeit wählen:\n{link}\n\n{organization}",
        "Ihre Bestellung {reference} liegt bereit: {window}",
    ),
    ("cancelled", "email"): Text(
        "Guten Tag {name},\n\nIhre Bestellung {reference} wurde storniert und kommt nicht wie zugesagt.\n\n"
        "Fragen: {phone}\n\n{organization}",
        "Ihre Bestellung {reference} wurde storniert",
    ),
    ("on_the_way", "email"): Text(
        "Guten Tag {name},\n\nIhr Fahrer ist zu Ihnen unterwegs und kommt gegen {expected}.\n\n"
        "Hier können Sie den Weg verfolgen:\n{link}\n\n{organization}",
        "Ihre Bestellung {reference} ist unterwegs",
    ),
    ("approaching", "email"): Text(
        "Guten Tag {name},\n\nIhr Fahrer ist gleich da, mit Bestellung {reference}.\n\n{link}\n\n{organization}",
        "Ihr Fahrer ist gleich da",
    ),
    ("delivered", "email"): Text(
        "Guten Tag {name},\n\nIhre Bestellung {reference} wurde {done}. Vielen Dank!\n\n{link}\n\n{organization}",
        "Ihre Bestellung {reference} wurde {done}",
    ),
    ("failed", "email"): Text(
        "Guten Tag {name},\n\nIhre Bestellung {reference} konnte heute nicht erledigt werden: {reason}.\n\n"
        "Wie es weitergeht, steht hier:\n{link}\n\nFragen: {phone}\n\n{organization}",
        "Ihre Bestellung {reference} konnte nicht erledigt werden",
    ),
    ("survey", "email"): Text(
        "Guten Tag {name},\n\nwie lief es mit Ihrer Bestellung {reference}? Zehn Sekunden genügen:\n{link}\n\n"
        "{organization}",
        "Wie lief es?",
    ),
    ("invited", "sms"): Text("{organization}: Wann dürfen wir Bestellung {reference} bringen? Zeit wählen: {link}"),
    ("invited", "email"): Text(
        "Guten Tag {name},\n\nwir haben Ihre Bestellung {reference}. Wann dürfen wir sie bringen? Tag und Zeit wählen"
        " Sie hier:\n{link}\n\n{organization}",
        "Wann dürfen wir Ihre Bestellung {reference} bringen?",
    ),
    ("link", "sms"): Text("{organization}: Bestellung {reference} verfolgen oder dem Fahrer etwas mitteilen: {link}"),
    ("link", "email"): Text(
        "Guten Tag {name},\n\nhier können Sie Ihre Bestellung {reference} verfolgen und dem Fahrer etwas mitteilen:"
        "\n{link}\n\n{organization}",
        "Ihre Bestellung {reference} verfolgen",
    ),
}
FOOTER = "{organization} schreibt Ihnen über Ihre Lieferungen. Keine E-Mails mehr: {unsubscribe}"
SUBJECT = "Zu Ihrer Bestellung {reference}"
