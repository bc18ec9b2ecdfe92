"""Which column means what: guessed from headings in three languages and from what stands below them.

A guess is only ever offered: whoever imports confirms or overrides it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from homestretch.kernel.refusal import Refusal

# Our field: the headings that mean it, normalized (lower case, no accents, single blanks). English, German, French.
WORDS: Mapping[str, str] = {
    "external_id": "external id, order id, order number, order no, order nr, order, order ref, reference, ref, id,"
    " stop id, job id, shipment id, tracking number, po number, auftragsnummer, auftragsnr, auftrag,"
    " bestellnummer, bestellung, belegnummer, sendungsnummer, referenz, numero de commande, no commande, n commande,"
    " commande, id commande",
    "name": "name, customer, customer name, recipient, recipient name, full name, contact, contact name, consignee,"
    " receiver, ship to, client name, empfanger, name des empfangers, kunde, kundenname, ansprechpartner, client,"
    " nom, nom du client, destinataire, nom destinataire, nom complet",
    "first_name": "first name, firstname, given name, vorname, prenom",
    "last_name": "last name, lastname, surname, family name, nachname, nom de famille",
    "company": "company, company name, firma, societe, entreprise, raison sociale",
    "phone": "phone, phone number, telephone, tel, mobile, mobile phone, mobile number, cell, cell phone,"
    " contact phone, telefon, telefonnummer, handy, handynummer, mobil, mobiltelefon, tel portable, portable,"
    " numero de telephone",
    "email": "email, e mail, mail, email address, e mail address, courriel, adresse email, e mail adresse, mel",
    "language": "language, lang, locale, sprache, langue",
    "address": "address, full address, delivery address, shipping address, ship to address, adresse, lieferadresse,"
    " anschrift, zustelladresse, adresse de livraison, adresse complete, location, destination",
    "street": "street, street address, address 1, address line 1, line 1, strasse, str, rue, voie,"
    " strasse und hausnummer, strasse hausnummer, adresse 1, street name",
    "house_number": "house number, house no, street number, hausnummer, hausnr, hnr, nr, numero",
    "address_2": "address 2, address line 2, apartment, apt, unit, suite, adresszusatz, zusatz, complement,"
    " complement d adresse, adresse 2, line 2",
    "zip": "zip, zip code, zipcode, postcode, post code, postal code, plz, postleitzahl, code postal, cp",
    "city": "city, town, place, ort, stadt, wohnort, ville, commune, localite, municipality",
    "region": "state, region, province, county, bundesland, departement",
    "country": "country, country code, land, pays",
    "lat": "lat, latitude, y, breite, breitengrad, gps lat, geo lat, drop latitude, delivery location latitude",
    "lon": "lon, lng, long, longitude, x, lange, langengrad, gps lon, gps lng, drop longitude,"
    " delivery location longitude",
    "day": "date, day, delivery date, service date, scheduled date, ship date, due date, datum, liefertag, lieferdatum,"
    " zustelldatum, tag, date de livraison, jour, date livraison",
    "from": "from, time from, window start, start, start time, earliest, earliest time, tw start, ready time, open,"
    " opens, not before, von, ab, fruhestens, zeitfenster von, uhrzeit von, heure debut, debut, de, a partir de,"
    " time window start, delivery from",
    "to": "to, time to, window end, end, end time, latest, latest time, tw end, due time, close, closes, not after,"
    " until, bis, spatestens, zeitfenster bis, uhrzeit bis, heure fin, fin, jusqu a, time window end, delivery to",
    "window": "time window, window, windows, delivery window, time slot, slot, timeslot, delivery time, hours,"
    " opening hours, zeitfenster, lieferzeit, lieferfenster, creneau, creneau horaire, plage horaire, horaire",
    "service_min": "service time, service minutes, service time min, duration, duration min, stop time, handling time,"
    " service duration, minutes, standzeit, servicezeit, dauer, entladezeit, temps de service, duree, duree min",
    "weight_kg": "weight, weight kg, kg, gross weight, total weight, gewicht, gewicht kg, poids, poids kg",
    "weight_g": "weight g, grams, weight grams, gewicht g, poids g",
    "weight_lb": "weight lb, weight lbs, lb, lbs, pounds",
    "volume_m3": "volume, volume m3, m3, cbm, cubic meters, volumen, volumen m3",
    "volume_l": "volume l, liters, litres, liter, volumen l",
    "pieces": "pieces, quantity, qty, packages, parcels, boxes, items, count, number of packages, colli, pcs, units,"
    " stuck, stuckzahl, anzahl, menge, pakete, packstucke, kolli, colis, nombre de colis, quantite, nb colis",
    "kind": "type, kind, task type, job type, stop type, service type, art, auftragsart, typ, type de tache",
    "priority": "priority, prio, urgency, prioritat, priorite",
    "skills": "skills, tags, features, requirements, vehicle requirements, fahigkeiten, anforderungen, competences",
    "proof": "proof, proof required, proof of delivery, pod, nachweis, zustellnachweis, preuve, preuve de livraison",
    "instructions": "notes, note, instructions, comment, comments, remarks, delivery notes, delivery instructions,"
    " special instructions, driver notes, bemerkung, bemerkungen, hinweis, hinweise, notiz, anmerkung, kommentar,"
    " zustellhinweis, remarque, remarques, commentaire, consignes",
    "access_notes": "access, access notes, door code, gate code, entry code, zugang, turcode, code porte,"
    " digicode, acces",
    "pin": "pin, pin code, delivery pin, delivery code",
    "merchant": "merchant, shop, store, sender, vendor, supplier, handler, absender, mandant, expediteur, marchand",
    "barcode": "barcode, barcodes, package id, parcel id, sscc, strichcode, code barre, code barres",
    "consent_sms": "sms, sms consent, consent sms, notify sms, sms ok, sms einwilligung, accord sms",
    "consent_email": "email consent, consent email, notify email, newsletter, e mail einwilligung, accord email",
    "recipient_id": "customer id, customer number, customer no, recipient id, client id, kundennummer, kundennr,"
    " numero client, code client",
}
FIELDS = tuple(WORDS)
EXACT, CONTAINED, ALIKE = 1.0, 0.8, 0.6  # confidence: the heading is ours, holds ours, is spelled nearly like ours
AGREES, DISAGREES = 0.1, 0.3  # what the cells below add or take
ASIDE = 0.1  # what a word takes that does not stand last
OFFERED = 0.5  # a guess below this is not offered

_LOOKS: Mapping[str, Callable[[str], bool]] = {
    "email": lambda text: "@" in text,
    "phone": lambda text: len(re.findall(r"\d", text)) >= 6 and not re.search(r"[A-Za-z@]{3}", text),
    "lat": lambda text: _within(text, 90),
    "lon": lambda text: _within(text, 180),
    "day": lambda text: bool(re.match(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}", text)),
    "from": lambda text: bool(re.search(r"\d", text)) and len(text) <= 25,
    "to": lambda text: bool(re.search(r"\d", text)) and len(text) <= 25,
    "window": lambda text: bool(re.search(r"\d.*\d", text)),
    "weight_kg": lambda text: _within(text, 1e6),
    "pieces": lambda text: _within(text, 1e6),
    "zip": lambda text: bool(re.search(r"\d", text)) and len(text) <= 12,
    "house_number": lambda text: bool(re.match(r"\d", text)) and len(text) <= 10,
    "address": lambda text: bool(re.search(r"[^\W\d]", text)),
    "city": lambda text: bool(re.search(r"[^\W\d]", text)),
    "name": lambda text: bool(re.search(r"[^\W\d]", text)),
}


@dataclass(frozen=True, slots=True)
class Guess:
    """A column that probably means a field."""

    field: str
    column: str
    confidence: float


def normal(heading: str) -> str:
    """A heading in lower case, without accents and signs: `E-Mail (privat)` is `e mail privat`."""
    text = re.sub(r"([a-z])([A-Z])", r"\1 \2", heading).casefold().replace("³", "3")  # deliveryDate is two words
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    text = re.sub(r"(line|address|adresse)(\d)", r"\1 \2", text)
    return " ".join(re.findall(r"[a-z0-9]+", text))


_INDEX: dict[str, str] = {}
for _field, _words in WORDS.items():
    for _word in _words.split(","):
        _INDEX.setdefault(_word.strip(), _field)


def guess(columns: Sequence[str], sample: Sequence[Sequence[str]]) -> list[Guess]:
    """The best column of each field and the best field of each column, surest first, none twice."""
    offers = []
    for index, column in enumerate(columns):
        cells = [row[index] for row in sample if index < len(row) and row[index]]
        for field, confidence in _candidates(normal(column)):
            offers.append(Guess(field, column, round(_weighed(field, confidence, cells), 2)))
    chosen: dict[str, Guess] = {}
    used: set[str] = set()
    for offer in sorted(offers, key=lambda o: -o.confidence):
        if offer.confidence >= OFFERED and offer.field not in chosen and offer.column not in used:
            chosen[offer.field] = offer
            used.add(offer.column)
    return [chosen[field] for field in FIELDS if field in chosen]


def _candidates(heading: str) -> list[tuple[str, float]]:
    if heading in _INDEX:
        return [(_INDEX[heading], EXACT)]
    words = f" {heading} "
    held: dict[str, float] = {}
    for word, field in sorted(_INDEX.items(), key=lambda entry: len(entry[0])):
        if len(word) > 2 and f" {word} " in words:
            held[field] = CONTAINED if heading.endswith(word) else CONTAINED - ASIDE  # a recipient phone is a phone
    if held:
        return list(held.items())
    alike = [(SequenceMatcher(None, heading, word).ratio(), field) for word, field in _INDEX.items() if len(word) > 4]
    ratio, field = max(alike, default=(0.0, ""))
    return [(field, ALIKE)] if ratio >= 0.85 else []


def _weighed(field: str, confidence: float, cells: Sequence[str]) -> float:
    looks = _LOOKS.get(field)
    if looks is None or not cells:
        return confidence
    fitting = sum(looks(cell) for cell in cells) / len(cells)
    return min(1.0, confidence + AGREES) if fitting >= 0.8 else max(0.0, confidence - DISAGREES)


def _within(text: str, bound: float) -> bool:
    try:
        return abs(float(text.replace(",", "."))) <= bound
    except ValueError:
        return False


def read_mapping(mapping: Mapping[str, str], columns: Sequence[str]) -> dict[str, str]:
    """A mapping `{field: column}`, checked. Refuses `import.field_unknown`, `import.column_unknown`,
    `import.column_twice`, `import.place_unmapped`."""
    used: set[str] = set()
    for field, column in mapping.items():
        if field not in WORDS:
            raise Refusal(
                "import.field_unknown", f"{field[:40]!r}", remedy=f"one of {', '.join(FIELDS)}", field="mapping"
            )
        if column not in columns:
            raise Refusal(
                "import.column_unknown", f"{column[:40]!r} for {field}", remedy="see columns", field="mapping"
            )
        if column in used:
            raise Refusal("import.column_twice", f"{column[:40]!r}", remedy="use each column once", field="mapping")
        used.add(column)
    if not ({"address", "street", "city"} & set(mapping) or {"lat", "lon"} <= set(mapping)):
        raise Refusal(
            "import.place_unmapped",
            "no column says where to go",
            remedy="map an address (or street and city), or lat and lon",
            field="mapping",
        )
    return dict(mapping)
