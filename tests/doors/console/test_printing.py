"""What is printed says what it must, in every script; bars and codes can be read back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pypdfium2
import pytest

from homestretch.dispatch import actions as dispatch
from homestretch.dispatch.values import StopOutcome
from homestretch.doors.console.printing import code128
from homestretch.doors.console.printing.labels import Label, labels_pdf
from homestretch.doors.console.printing.proof import Proven, Visit, proof_pdf
from homestretch.web.qr import code_of
from tests.doors.console.test_loading import a_load
from tests.town.accounts import an_organization, owner_of, signed_in
from tests.town.dispatch import FIRST, Road, an_owner

START = {104: "B", 105: "C"}


def read_bars(widths: list[int]) -> str:
    """The text of a Code 128 by the standard's tables, the check symbol tested."""
    patterns = {pattern: number for number, pattern in enumerate(code128.WIDTHS)}
    whole = "".join(map(str, widths))
    assert patterns[whole[-7:]] == code128.STOP
    symbols = [patterns[whole[n : n + 6]] for n in range(0, len(whole) - 7, 6)]
    *data, check = symbols
    assert (data[0] + sum(n * symbol for n, symbol in enumerate(data))) % 103 == check
    mode, text = START[data[0]], ""
    for symbol in data[1:]:
        if symbol in (code128.TO_B, code128.TO_C) and not (mode == "C" and symbol == code128.TO_C):
            mode = "B" if symbol == code128.TO_B else "C"
        else:
            text += f"{symbol:02d}" if mode == "C" else chr(symbol + 32)
    return text


@pytest.mark.parametrize("text", ["PK-1", "1234567890", "12345", "AB123456CD", "3SABC00012345678", "a b~", "00"])
def test_bars_can_be_read_back(text: str) -> None:
    widths = code128.widths(text)
    assert read_bars(widths) == text
    assert len(widths) % 2 == 1  # bars at both ends


def test_what_bars_cannot_say_is_not_written_so() -> None:
    assert not code128.can_write("Žluťoučký")
    assert not code128.can_write("")
    assert code128.can_write("PK 1")


def test_digits_are_packed() -> None:
    assert len(code128.widths("12345678")) < len(code128.widths("ABCDEFGH"))


def test_a_qr_code_has_its_white_and_its_three_eyes() -> None:
    code = code_of("geo:49.6,6.1")
    rows = {y: [(x, n) for x, row, n in code.runs if row == y] for y in (4, code.size - 5)}
    assert min(x for x, _, _ in code.runs) == 4
    assert rows[4][0] == (4, 7)
    assert rows[4][-1] == (code.size - 11, 7)
    assert rows[code.size - 5][0] == (4, 7)


def text_of(pdf: bytes) -> tuple[int, str]:
    """Pages, and all text."""
    book = pypdfium2.PdfDocument(pdf)
    try:
        pages = []
        for page in book:
            words = page.get_textpage()
            pages.append(words.get_text_range())
            words.close()
            page.close()
        return len(pages), "\n".join(pages)
    finally:
        book.close()


def a_label(number: int = 1, **changes: Any) -> Label:
    values: dict[str, Any] = {
        "barcode": f"PK-{number}",
        "organization": "Vans",
        "day": "Mon 23 Nov",
        "vehicle": "Sprinter 1",
        "driver": "Mira",
        "stop": number,
        "stops": 9,
        "turn": number,
        "turns": 9,
        "reference": "A-1",
        "recipient": "Rosa",
        "address": "Mill Lane 1",
        "window": "09:00–11:00",
        "goods": "2 × Roses",
        "merchant": "Bloom",
    }
    return Label(**{**values, **changes})


def test_labels_fill_their_sheets() -> None:
    labels = [a_label(number) for number in range(1, 10)]
    assert text_of(labels_pdf(labels, "a6", "Labels"))[0] == 9
    pages, text = text_of(labels_pdf(labels, "a4x8", "Labels"))
    assert pages == 2
    assert all(f"PK-{number}" in text for number in range(1, 10))


def test_labels_are_written_in_every_script() -> None:
    names = ("Żółć Ærø", "Καλημέρα", "Привет", "شارع النيل")
    text = text_of(labels_pdf([a_label(recipient=name) for name in names], "a6", "Labels"))[1]
    for name in names[:3]:
        assert name in text
    assert any("\u0600" <= char <= "\u06ff" for char in text)


def test_a_long_word_and_a_long_address_stay_on_the_label() -> None:
    label = a_label(recipient="W" * 300, address="Donaudampfschifffahrtsgesellschaftsstraße " * 9, barcode="Ž" * 40)
    pages, text = text_of(labels_pdf([label], "a4x8", "Labels"))
    assert pages == 1
    assert "…" in text


def test_a_proof_runs_over_as_many_pages_as_it_needs() -> None:
    visits = [Visit(f"Failed, try {n}", [("Address", "Mill Lane 1"), ("Note", "word " * 80)]) for n in range(30)]
    pages, text = text_of(proof_pdf(Proven("Vans", "A-1", "Failed", [("Recipient", "Rosa")], visits)))
    assert pages > 2
    assert "try 29" in text


@pytest.fixture
def road(db: Any) -> Road:
    road = a_load(an_owner(), 1)
    road.start()
    stop = road.stops[0]
    dispatch.arrive_stop(stop.id, by=road.driver, at=FIRST)
    outcome = StopOutcome(left_with="neighbor", note="with Ms Weber")
    dispatch.complete_stop(stop.id, outcome, by=road.driver, at=FIRST + timedelta(minutes=3))
    return road


def test_a_run_sheet_has_the_stops_in_order_and_a_way_to_each(road: Road) -> None:
    page = signed_in(road.by).get(f"/print/sheet/{road.route_id}").content.decode()
    assert page.count('<section class="stop">') == 3
    assert page.index("Rosa 1") < page.index("Rosa 3")
    assert page.count('class="qr"') == 3
    assert "☐ PK-2" in page


def test_a_day_prints_each_route(road: Road) -> None:
    client = signed_in(road.by)
    page = client.get(f"/print/day/{road.route.day}").content.decode()
    assert page.count('<article class="run">') == 1
    assert "No route to print" in client.get("/print/day/2020-01-01").content.decode()
    assert client.get("/print/day/2020-99-99").status_code == 400


def test_labels_of_a_route_come_in_the_size_that_is_asked_for(road: Road) -> None:
    client = signed_in(road.by)
    assert "3 labels" in client.get(f"/print/labels/{road.route_id}").content.decode()
    answer = client.get(f"/print/labels/{road.route_id}?size=a4x8")
    assert answer["Content-Type"] == "application/pdf"
    assert "PK-3" in text_of(answer.content)[1]


def test_the_proof_says_who_what_when_and_where(road: Road) -> None:
    answer = signed_in(road.by).get(f"/print/proof/{road.orders[0].id}")
    _, text = text_of(answer.content)
    for words in ("A-1", "Rosa 1", "neighbor", "with Ms Weber", "PK-1"):
        assert words in text


def test_the_neighbor_prints_nothing_of_ours(road: Road) -> None:
    stranger = signed_in(owner_of(an_organization("Next door")))
    for address in (f"sheet/{road.route_id}", f"labels/{road.route_id}?size=a6", f"proof/{road.orders[0].id}"):
        assert stranger.get(f"/print/{address}").status_code == 404
