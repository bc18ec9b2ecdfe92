"""Times, outcomes and reasons as a recipient reads them, in the languages that we ship."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from homestretch.kernel.windows import Window
from homestretch.messaging.rules.templates import VARIABLES

LANGUAGES = ("en", "fr", "de", "ar")
WEEKDAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "fr": ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."),
    "de": ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"),
    "ar": ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"),
}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SOON = {"en": "soon", "fr": "bientôt", "de": "in Kürze", "ar": "قريباً"}
# (task's kind, or pickup for what was taken at a depot, outcome) -> what was done with the order.
DONE = {
    "en": {
        ("pickup", "completed"): "picked up",
        ("deliver", "completed"): "delivered",
        ("collect", "completed"): "collected",
        ("service", "completed"): "completed",
        ("deliver", "partial"): "partly delivered",
        ("collect", "partial"): "partly collected",
        ("service", "partial"): "partly completed",
    },
    "fr": {
        ("pickup", "completed"): "retirée",
        ("deliver", "completed"): "livrée",
        ("collect", "completed"): "enlevée",
        ("service", "completed"): "terminée",
        ("deliver", "partial"): "livrée en partie",
        ("collect", "partial"): "enlevée en partie",
        ("service", "partial"): "terminée en partie",
    },
    "de": {
        ("pickup", "completed"): "abgeholt",
        ("deliver", "completed"): "zugestellt",
        ("collect", "completed"): "abgeholt",
        ("service", "completed"): "erledigt",
        ("deliver", "partial"): "teilweise zugestellt",
        ("collect", "partial"): "teilweise abgeholt",
        ("service", "partial"): "teilweise erledigt",
    },
    "ar": {
        ("pickup", "completed"): "تم استلامه",
        ("deliver", "completed"): "تم التسليم",
        ("collect", "completed"): "تم الاستلام",
        ("service", "completed"): "تم الإنجاز",
        ("deliver", "partial"): "سُلّم جزء منه",
        ("collect", "partial"): "استُلم جزء منه",
        ("service", "partial"): "أُنجز جزء منه",
    },
}
# Those that a recipient can do something about; all others are ours to answer for.
REASONS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "recipient_absent": "nobody was there",
        "address_not_found": "the address was not found",
        "address_wrong": "the address was wrong",
        "refused": "it was refused at the door",
        "business_closed": "the business was closed",
        "no_access": "there was no way in",
        "recipient_rescheduled": "another time was asked for",
        "payment_not_received": "the payment was not made",
        "weather": "of the weather",
        "": "something came up on our side",
    },
    "fr": {
        "recipient_absent": "personne n'était sur place",
        "address_not_found": "adresse introuvable",
        "address_wrong": "adresse erronée",
        "refused": "elle a été refusée à la porte",
        "business_closed": "le commerce était fermé",
        "no_access": "accès impossible",
        "recipient_rescheduled": "un autre moment a été demandé",
        "payment_not_received": "le paiement n'a pas été effectué",
        "weather": "intempéries",
        "": "un incident de notre côté",
    },
    "de": {
        "recipient_absent": "niemand angetroffen",
        "address_not_found": "Adresse nicht gefunden",
        "address_wrong": "Adresse falsch",
        "refused": "Annahme verweigert",
        "business_closed": "Geschäft geschlossen",
        "no_access": "kein Zugang",
        "recipient_rescheduled": "anderer Termin gewünscht",
        "payment_not_received": "Zahlung nicht erfolgt",
        "weather": "Wetter",
        "": "Grund auf unserer Seite",
    },
    "ar": {
        "recipient_absent": "لم يكن أحد موجوداً",
        "address_not_found": "لم نجد العنوان",
        "address_wrong": "العنوان غير صحيح",
        "refused": "رُفض عند الباب",
        "business_closed": "كان المحل مغلقاً",
        "no_access": "تعذّر الدخول",
        "recipient_rescheduled": "طُلب موعد آخر",
        "payment_not_received": "لم يتم الدفع",
        "weather": "بسبب الطقس",
        "": "لسبب من جانبنا",
    },
}

# Why an order comes later than was promised, by the kind of the proposal that was accepted.
CHANGES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "vehicle_down": "one of our vehicles broke down",
        "late": "the round is running late",
        "": "our rounds had to be changed",
    },
    "fr": {
        "vehicle_down": "un de nos véhicules est en panne",
        "late": "la tournée a pris du retard",
        "": "nos tournées ont dû être modifiées",
    },
    "de": {
        "vehicle_down": "ein Fahrzeug ist ausgefallen",
        "late": "die Tour hat Verspätung",
        "": "unsere Touren mussten geändert werden",
    },
    "ar": {
        "vehicle_down": "تعطّلت إحدى مركباتنا",
        "late": "تأخرت الجولة",
        "": "اضطررنا إلى تغيير الجولات",
    },
}


def spoken(wanted: Iterable[str]) -> str:
    """The first of the wanted languages (BCP 47, best first) that we speak, else English."""
    return next((tag.split("-", 1)[0] for tag in wanted if tag.split("-", 1)[0] in LANGUAGES), "en")


def candidates(wanted: Iterable[str]) -> list[str]:
    """Languages in which to look for words, best first: each tag as it is, then without script and region."""
    found = [form for tag in wanted if tag for form in (tag, tag.split("-", 1)[0])]
    return list(dict.fromkeys([*found, "en"]))


def say_day(at: datetime, zone: ZoneInfo, language: str) -> str:
    """Mon 23 Nov, lun. 23/11, Mo 23.11., الاثنين 23/11."""
    local = at.astimezone(zone)
    weekday = WEEKDAYS[language][local.weekday()]
    if language == "en":
        return f"{weekday} {local.day} {MONTHS[local.month - 1]}"
    return f"{weekday} {local:%d.%m.}" if language == "de" else f"{weekday} {local:%d/%m}"


def say_time(at: datetime, zone: ZoneInfo) -> str:
    """14:05."""
    return f"{at.astimezone(zone):%H:%M}"


def say_window(window: Window, zone: ZoneInfo, language: str) -> str:
    """Mon 23 Nov, 14:00-16:00; with both days where it ends on another."""
    start, end = say_time(window.start, zone), say_time(window.end, zone)
    first, last = say_day(window.start, zone, language), say_day(window.end, zone, language)
    return f"{first}, {start}-{end}" if first == last else f"{first}, {start} - {last}, {end}"


def say_done(kind: str, outcome: str, language: str) -> str:
    """What was done with the order."""
    return DONE[language].get((kind, outcome), DONE[language]["service", "completed"])


def say_reason(reason: str, language: str) -> str:
    """Why it was not."""
    return REASONS[language].get(reason, REASONS[language][""])


def say_change(proposal: str, language: str) -> str:
    """Why it comes later."""
    return CHANGES[language].get(proposal, CHANGES[language][""])


def sample(language: str, kind: str = "") -> dict[str, str]:
    """Invented values of every variable, as a message of this kind has them."""
    spoken_in = spoken([language])
    zone = ZoneInfo("Europe/Luxembourg")
    start, end = datetime(2026, 11, 23, 14, tzinfo=zone), datetime(2026, 11, 23, 16, tzinfo=zone)
    return {
        **VARIABLES,
        "day": say_day(start, zone, spoken_in),
        "window": say_window(Window(start, end), zone, spoken_in),
        "expected": say_time(start, zone),
        "done": say_done("deliver", "completed", spoken_in),
        "reason": say_change("late", spoken_in) if kind == "changed" else say_reason("recipient_absent", spoken_in),
    }
