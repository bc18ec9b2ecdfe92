"""An address is found however people write it, or it is said how little is known."""

from __future__ import annotations

import random
import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homestretch.atlas.addresses import AddressBook, Hit, build_addresses
from homestretch.atlas.addresses.numbers import HouseNumber, covered
from homestretch.atlas.addresses.text import key, spellings
from homestretch.kernel.geo import Point, distance_m
from homestretch.kernel.refusal import Refusal
from tests.atlas.address_town import a_town, at

TRUSTED = 0.8  # as places have it: from here on nobody looks


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> AddressBook:
    folder = tmp_path_factory.mktemp("addresses")
    counts = build_addresses(a_town(folder / "town.osm.pbf"), folder / "addresses.npz")
    assert (counts.houses, counts.between, counts.streets) == (25, 4, 6)
    return AddressBook.load(folder / "addresses.npz")


def best(book: AddressBook, text: str) -> Hit:
    return book.find(text)[0]


def away(hit: Hit, east_m: float, north_m: float) -> float:
    return distance_m(Point(hit.lat, hit.lon), at(east_m, north_m))


@pytest.mark.parametrize(
    "text",
    [
        "Hauptstraße 4, 12345 Altdorf",
        "hauptstrasse 4 altdorf",
        "HAUPTSTR. 4, ALTDORF",
        "Haupt Str. 4, Altdorf",
        "4 Hauptstraße, Altdorf",
        "Altdorf, Hauptstraße 4",
        "12345 Altdorf Hauptstraße 4",
        "D-12345 Altdorf, Hauptstraße 4, Deutschland",
        "Hauptstrase 4, 12345 Altdorf",
        "Haupstraße 4, 12345 Altdorf",
        "Hauptstraße 4\n12345 Altdrof",
        "Rue Principale 4, Vieuxbourg",
        "c/o Anna Meier, Hauptstraße 4, 12345 Altdorf",
        "Hauptstraße 4, 3. Stock, 12345 Altdorf",
        "Hauptstraße 4 Whg. 7, 12345 Altdorf",
        "Hauptstraße 4 B, Altdorf",
        "Hauptstraße 4/7, Altdorf",
        "Hauptstraße 4",
    ],
)
def test_one_house_written_in_many_ways(book: AddressBook, text: str) -> None:
    hit = best(book, text)
    assert (hit.street, hit.number, hit.precision) == ("Hauptstraße", "4", "rooftop")
    assert away(hit, 80, 15) < 1
    assert hit.score >= TRUSTED


def test_a_hit_names_all_parts(book: AddressBook) -> None:
    hit = best(book, "Hauptstr 4 Altdorf")
    assert hit.label == "Hauptstraße 4, 12345 Altdorf"
    assert (hit.city, hit.postcode) == ("Altdorf", "12345")


@pytest.mark.parametrize(
    ("text", "number", "east_m"),
    [
        ("Hauptstraße 12a, Altdorf", "12a", 240),
        ("Hauptstraße 12 A, Altdorf", "12a", 240),
        ("Hauptstraße 14, Altdorf", "14-18", 280),
        ("Hauptstraße 16, Altdorf", "14-18", 280),
        ("Hauptstraße 14-18, Altdorf", "14-18", 280),
        ("Hauptstraße 14 - 18, Altdorf", "14-18", 280),
        ("Hauptstraße 22, Altdorf", "20;22", 400),
        ("Hauptstraße 20;22, Altdorf", "20;22", 400),
        ("Hauptstraße 30/1, Altdorf", "30/1", 600),
    ],
)
def test_numbers_with_letters_ranges_and_lists(book: AddressBook, text: str, number: str, east_m: float) -> None:
    hit = best(book, text)
    assert (hit.number, hit.precision) == (number, "rooftop")
    assert away(hit, east_m, 15) < 1
    assert hit.score >= TRUSTED


def test_a_number_between_two_known_ones_is_placed_between_them_on_its_side(book: AddressBook) -> None:
    hit = best(book, "Hauptstraße 6, Altdorf")
    assert (hit.precision, hit.number) == ("interpolated", "6")
    assert away(hit, 120, 15) < 1
    assert 0.5 < hit.score < TRUSTED


def test_numbers_along_a_numbered_way(book: AddressBook) -> None:
    hit = best(book, "Kirchweg 14, Neudorf")
    assert (hit.precision, hit.number) == ("interpolated", "14")
    assert away(hit, 6040, 210) < 2
    assert hit.score < TRUSTED


def test_a_number_beyond_the_known_ones_is_the_street_near_the_last(book: AddressBook) -> None:
    hit = best(book, "Hauptstraße 99, Altdorf")
    assert (hit.precision, hit.number) == ("street", "")
    assert away(hit, 800, 15) < 1


def test_a_street_and_a_town_alone(book: AddressBook) -> None:
    assert (best(book, "Kirchweg, Neudorf").precision, best(book, "Neudorf").precision) == ("street", "place")
    assert (best(book, "12345").precision, best(book, "12345").postcode) == ("place", "12345")
    assert max(hit.score for text in ("Kirchweg", "Neudorf", "12345") for hit in book.find(text)) < TRUSTED


def test_the_same_address_in_two_villages_is_doubted_unless_the_town_the_code_or_the_number_decides(
    book: AddressBook,
) -> None:
    both = book.find("Hauptstraße 2")
    assert {hit.city for hit in both[:2]} == {"Altdorf", "Neudorf"}
    assert all(hit.precision == "rooftop" and hit.score < TRUSTED for hit in both[:2])
    for text, city in (
        ("Hauptstraße 2, Neudorf", "Neudorf"),
        ("Hauptstraße 2, 12399", "Neudorf"),
        ("Hauptstraße 2, 12 399", "Neudorf"),
        ("Hauptstraße 77", "Neudorf"),
        ("Hauptstraße 8", "Altdorf"),
    ):
        hit = best(book, text)
        assert (hit.city, hit.precision, hit.score >= TRUSTED) == (city, "rooftop", True), text


def test_near_decides_between_equals_and_doubt_stays(book: AddressBook) -> None:
    (hit, *_) = book.find("Hauptstraße 2", near=at(6000, 0))
    assert (hit.city, hit.score < TRUSTED) == ("Neudorf", True)


@pytest.mark.parametrize(
    "text",
    ["Hauptstraße 77, Altdorf", "Hauptstraße 8, 99999 Wien", "Mühlgasse 3, Wien", "Hauptstraße 8, France"],
)
def test_a_wrong_town_code_or_country_leaves_it_to_a_person(book: AddressBook, text: str) -> None:
    assert best(book, text).score < TRUSTED


def test_a_country_that_the_map_is_not_of_finds_nothing(book: AddressBook) -> None:
    assert book.find("Hauptstraße 4, Altdorf", country="MT") == []
    assert book.find("Hauptstraße 4, Altdorf", country="de")[0].precision == "rooftop"


def test_a_longer_name_is_another_street(book: AddressBook) -> None:
    assert best(book, "Obere Hauptstraße, Altdorf").street == "Obere Hauptstraße"
    assert best(book, "Obere Hauptstraße 4, Altdorf").score < TRUSTED
    assert best(book, "Untere Hauptstraße 4, Altdorf").score < TRUSTED


def test_the_number_of_an_unknown_street_is_not_that_of_a_street_named_like_its_town(book: AddressBook) -> None:
    for text in ("Xyzweg 5, San Gwann", "Nirgends 5, San Gwann", "5 Nirgends, San Gwann"):
        assert best(book, text).precision != "rooftop", text


def test_what_a_name_shares_with_many_counts_little(book: AddressBook) -> None:
    assert all(hit.precision != "rooftop" for hit in book.find("Xyztstraße 4, Altdorf"))
    assert best(book, "Hauptstrqße 4, Altdorf").precision == "rooftop"
    assert best(book, "Trqi San Gwann 5").precision == "rooftop"


def test_other_names_of_a_street_lead_to_its_houses(book: AddressBook) -> None:
    assert best(book, "Alter Weg 3, Altdorf").label == "Mühlgasse 3, 12345 Altdorf"
    assert best(book, "Mühlgasse 7, Altdorf").precision == "rooftop"
    assert best(book, "Muehlgasse 3").number == "3"


def test_the_word_for_street_may_be_missing_translated_or_elsewhere(book: AddressBook) -> None:
    for text in ("San Gwann 5", "San Gwann Street 5", "Triq San Ġwann 5", "San Gwann Triq 5", "Gwann San Triq 5"):
        hit = best(book, text)
        assert (hit.street, hit.precision, hit.score >= TRUSTED) == ("Triq San Ġwann", "rooftop", True), text


def test_a_village_without_streets_has_houses_with_numbers(book: AddressBook) -> None:
    hit = best(book, "Weiler 3")
    assert (hit.label, hit.precision) == ("Weiler 3, Weiler", "rooftop")
    assert away(hit, 60, 4015) < 1
    assert best(book, "Altdorf 9").precision == "place"  # one number without a street makes no such village


def test_a_house_is_found_by_its_name(book: AddressBook) -> None:
    hit = best(book, "Villa Rosa, Hauptstraße, Altdorf")
    assert (hit.number, hit.precision) == ("40", "rooftop")


def test_a_relation_gives_its_houses_their_street(book: AddressBook) -> None:
    assert away(best(book, "Mühlgasse 15, Altdorf"), 300, 220) < 1


def test_reverse_gives_the_house_else_the_street_else_the_place(book: AddressBook) -> None:
    (house,) = book.reverse(at(82, 22).lat, at(82, 22).lon)
    assert (house.label, house.precision) == ("Hauptstraße 4, 12345 Altdorf", "rooftop")
    (street,) = book.reverse(at(880, 240).lat, at(880, 240).lon)
    assert (street.street, street.precision) == ("Mühlgasse", "street")
    (place,) = book.reverse(at(3500, 0).lat, at(3500, 0).lon)
    assert (place.label, place.precision) == ("Neudorf", "place")
    assert book.reverse(10.0, 10.0) == []
    assert len(book.reverse(at(90, 15).lat, at(90, 15).lon, limit=3)) == 3


def test_nonsense_is_never_a_house(book: AddressBook) -> None:
    draw = random.Random(7)
    for _ in range(1000):
        words = [
            "".join(draw.choices(string.ascii_lowercase, k=draw.randint(1, 12))) for _ in range(draw.randint(1, 4))
        ]
        words.insert(draw.randint(0, len(words)), str(draw.randint(1, 80)))
        text = draw.choice((" ", ", ")).join(words)
        assert all(hit.precision != "rooftop" for hit in book.find(text)), text


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_answered(book: AddressBook, text: str) -> None:
    hits = book.find(text)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(0 <= hit.score <= 1 and len(hits) <= 5 for hit in hits)


def test_a_map_without_addresses_has_its_streets(tmp_path: Path) -> None:
    from tests.atlas.test_maps import an_extract

    build_addresses(an_extract(tmp_path / "one.osm.pbf"), tmp_path / "addresses.npz")
    book = AddressBook.load(tmp_path / "addresses.npz")
    assert [hit.precision for hit in book.find("Mill Lane 3")] == ["street"]
    assert book.reverse(49.605, 6.115)[0].street == "Mill Lane"
    assert book.find("") == []


def test_a_damaged_book_is_refused(tmp_path: Path) -> None:
    for content in (b"", b"PK nothing", b"x" * 1000):
        (tmp_path / "addresses.npz").write_bytes(content)
        with pytest.raises(Refusal, match=r"map\.addresses_unreadable"):
            AddressBook.load(tmp_path / "addresses.npz")
    with pytest.raises(Refusal, match=r"map\.addresses_unreadable"):
        AddressBook.load(tmp_path / "none.npz")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("12", [(12, "")]),
        ("12a", [(12, "a")]),
        ("12 A", [(12, "a")]),
        ("12/3", [(12, "/3")]),
        ("12-16", [(12, ""), (14, ""), (16, "")]),
        ("11–12", [(11, ""), (12, "")]),
        ("12a-12c", [(12, "a"), (12, "c")]),
        ("36;38", [(36, ""), (38, "")]),
        ("36, 38 und 40", [(36, ""), (38, ""), (40, "")]),
        ("7 bis", [(7, "bis")]),
        ("Block B", [(-1, "blockb")]),
        ("1-999", [(1, "/999")]),
        ("99741674", [(-1, "99741674")]),
        ("", []),
    ],
)
def test_the_numbers_that_a_house_carries(text: str, numbers: list[tuple[int, str]]) -> None:
    assert covered(text) == [HouseNumber(*number) for number in numbers]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bahnhofstraße", "Bahnhofstr."),
        ("Bahnhofstraße", "BAHNHOF STRASSE"),
        ("Kurfürsten-Anlage", "Kurfürstenanlage"),
        ("Saint John Street", "St. John St"),
        ("Boulevard Royal", "Bd Royal"),
        ("Avenue de la Gare", "Av. de la Gare"),
        ("Mill Road", "Mill Rd."),
        ("Fabianinkatu", "Fabianink."),
        ("Storgatan", "Storg."),
        ("Marktplatz", "Marktpl."),
        ("Ħamrun", "Hamrun"),
        ("Mühlweg", "Muehlweg"),
        ("Triq l-Imdina", "Triq L’Imdina"),
    ],
)
def test_spellings_of_one_name_meet(one: str, other: str) -> None:
    assert {form.replace(" ", "") for form in spellings(one)} & {form.replace(" ", "") for form in spellings(other)}


@given(st.text(max_size=40))
def test_a_key_is_its_own_key(name: str) -> None:
    assert all(" " not in form for form in (key(name), key(key(name))))
