"""Names of an invented town where three languages are spoken."""

from __future__ import annotations

import unicodedata
from random import Random

STREETS = (
    "Rue des Tilleuls", "Rue du Moulin", "Rue de la Gare", "Rue des Remparts", "Avenue du Parc", "Rue du Canal",
    "Place du Marché", "Rue des Vignes", "Rue de l'Abbaye", "Boulevard des Forges", "Rue du Verger", "Montée des Lilas",
    "Lindenallee", "Am Mühlbach", "Gartenstraße", "Kirchgasse", "Schmiedeweg", "Bergstraße", "An der Alz", "Ringstraße",
    "Hafenweg", "Wiesengrund", "Rosengasse", "Birkenweg", "Station Road", "Mill Lane", "Church Street", "Park Avenue",
    "Orchard Way", "Harbour Street", "King's Court", "Meadow Close", "Foundry Lane", "Abbey Road", "Garden Terrace",
)  # fmt: skip
FIRST = (
    "Anna", "Ben", "Chloé", "David", "Elena", "Félix", "Greta", "Hugo", "Ines", "Jonas", "Klara", "Léon", "Mara",
    "Noah", "Olivia", "Paul", "Romy", "Sam", "Théa", "Victor", "Yara", "Zoé", "Emil", "Lina", "Marc", "Nora",
)  # fmt: skip
LAST = (
    "Adler", "Bertrand", "Conrad", "Dumont", "Evans", "Faber", "Girard", "Hoffmann", "Jansen", "Keller", "Lambert",
    "Muller", "Noel", "Olsen", "Petit", "Roth", "Schmit", "Thill", "Urban", "Wagner", "Weber", "Zimmer", "Clark",
)  # fmt: skip
TOWN = "Saint-Aubin"
MERCHANTS = (("M-FLEUR", "Fleurs & Co"), ("M-BUCH", "Buchladen Roth"), ("M-GROCER", "Green Corner"))
GOODS = {
    "M-FLEUR": ("bouquet", "orchid", "wreath"),
    "M-BUCH": ("books", "atlas", "box set"),
    "M-GROCER": ("groceries", "crate of water", "fruit box"),
    "": ("parcel", "shoes", "lamp", "toaster"),
}
LANGUAGES = ("en", "fr", "de")
WISHES = ("Please ring twice", "Sonnez chez le voisin", "Bitte klingeln", "Leave it behind the gate", "Second floor")


def person(random: Random) -> str:
    """A first and a last name."""
    return f"{random.choice(FIRST)} {random.choice(LAST)}"


def phone(number: int) -> str:
    """A mobile number of Luxembourg, a different one for each number (E.164)."""
    return f"+352621{number % 1_000_000:06d}"


def mailbox(name: str, number: int) -> str:
    """An e-mail address that nobody has (RFC 2606)."""
    first = unicodedata.normalize("NFKD", name.split()[0]).encode("ascii", "ignore").decode().lower()
    return f"{first}.{number}@example.com"
