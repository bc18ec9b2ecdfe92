"""A file comes in once: bad rows back with their reason, good rows in, nothing twice, and all of it may be undone."""

from __future__ import annotations

from typing import Any

import pytest

from homestretch.accounts.actions import create_merchant
from homestretch.events.later import give_up
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor, Role
from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal
from homestretch.orders import actions, queries
from homestretch.orders.actions import imports
from homestretch.orders.intake import store
from homestretch.orders.models import Order, Task
from homestretch.orders.rules.sheets import rows_of
from homestretch.orders.values import Filter, ImportSettings, Seen
from tests.orders.facts import facts_of
from tests.orders.files import HEAD, again, check, counts, csv_of, line, receive, refusals, run, xlsx_of
from tests.town.orders import DAY, an_order
from tests.town.organizations import a_person
from tests.town.places import AT
from tests.work import run_jobs

BAD = [
    line(2, To="08:00"),
    line(3, Latitude="0", Longitude="0"),
    line(4, Weight="-1"),
    line(5, Date="2026-03-29", From="02:30"),
    line(6, Phone="call me"),
    line(7, Pieces="two"),
    line(8, Weight="1,500"),
    line(1),
]
REFUSED = [
    (3, "To", "08:00", "window.ends_before_start"),
    (4, "Latitude", "0", "place.coordinates_zero"),
    (5, "Weight (kg)", "-1", "load.negative"),
    (6, "From", "02:30", "window.in_dst_gap"),
    (7, "Phone", "call me", "contact.phone_invalid"),
    (8, "Pieces", "two", "cell.not_number"),
    (9, "Weight (kg)", "1,500", "cell.number_ambiguous"),
    (10, "Order ID", "F-1", "import.row_repeated"),
]


@pytest.mark.parametrize("make", [csv_of, xlsx_of], ids=["csv", "xlsx"])
def test_a_dry_run_refuses_as_a_run_does_and_has_no_effect(us: Actor, make: Any) -> None:
    data = make([line(1), *BAD])
    checked = check(us, data)
    assert counts(checked) == ("checked", 1, 0, 8)
    assert refusals(us, checked.id) == REFUSED
    with scope(us):
        assert not Order.objects.exists()
    actions.run_import(checked.id, None, by=us, at=AT)
    run_jobs()
    assert counts(again(us, checked.id)) == ("completed", 1, 0, 8)
    assert refusals(us, checked.id) == REFUSED
    assert facts_of(us, checked.id) == ["import.completed"]


def test_a_row_becomes_a_whole_order(us: Actor) -> None:
    run(us, csv_of([line(1)]))
    with scope(us):
        order = queries.orders().get()
        task = order.tasks.get()
        (view,) = queries.ready_for(DAY)
        assert task.place.address == "Mill Lane 1, Town"
    assert (order.state, order.external_id, order.day, order.recipient.phone) == ("ready", "F-1", DAY, "+352621100200")
    assert task.loads == {"pieces": 2, "weight": 1500}
    assert task.windows == [{"start": "2026-11-23T08:00:00Z", "end": "2026-11-23T11:00:00Z"}]
    assert view.order_id == order.id
    assert facts_of(us, order.id) == ["order.created", "order.ready"]


def test_the_same_file_again_changes_nothing_and_counts_as_repeated(us: Actor) -> None:
    data = csv_of([line(1), line(2)])
    assert counts(run(us, data)) == ("completed", 2, 0, 0)
    assert counts(check(us, data)) == ("checked", 0, 2, 0)
    assert counts(run(us, data)) == ("completed", 0, 2, 0)
    with scope(us):
        assert Order.objects.count() == 2


def test_a_place_is_one_however_many_orders_go_there_and_is_looked_up_once(us: Actor) -> None:
    rows = [line(n, Address="Long Street 5, Town", Latitude="", Longitude="") for n in (1, 2, 3)]
    run(us, csv_of(rows))
    with scope(us):
        places = {task.place for task in Task.objects.select_related("place")}
    assert [place.state for place in places] == ["located"]


def test_a_formula_is_refused_and_its_neighbors_are_taken(us: Actor) -> None:
    done = run(us, xlsx_of([line(1), line(2, Weight="=1+1")]))
    assert counts(done) == ("completed", 1, 0, 1)
    assert refusals(us, done.id) == [(3, "Weight (kg)", "=1+1", "import.formula_cell")]


def test_a_row_that_was_cut_off_is_refused(us: Actor) -> None:
    whole = csv_of([line(1), line(2)])
    done = run(us, whole[: whole.rindex(b",")])
    assert [code for *_, code in refusals(us, done.id)] == ["import.row_short"]
    assert done.accepted == 1


@pytest.mark.parametrize(
    ("filename", "data", "code"),
    [
        ("orders.xlsx", b"", "import.unreadable"),
        ("orders.xlsx", b"Order ID,Name\n", "import.unreadable"),
        ("orders.xlsx", xlsx_of([line(1)])[:2000], "import.unreadable"),
        ("orders.csv", csv_of([line(1)]) + b'F-2,"Rosa', "import.unreadable"),
        ("orders.csv", b"\x00\x01\x02" * 50, "import.unreadable"),
        ("orders.xls", b"\xd0\xcf\x11\xe0" * 9, "import.format_unsupported"),
        ("orders.csv", csv_of([]), "import.empty"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(us: Actor, filename: str, data: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        receive(us, data, filename)
    assert refused.value.code == code
    assert refused.value.remedy
    with scope(us):
        assert not queries.imports().exists()


def test_a_mapping_is_confirmed_or_overridden_and_a_wrong_one_refused(us: Actor) -> None:
    received = receive(us, csv_of([line(1)]))
    assert {g["field"]: g["column"] for g in received.guess}["weight_kg"] == "Weight (kg)"
    for mapping, code in [
        ({"address": "Nowhere"}, "import.column_unknown"),
        ({"adress": "Address"}, "import.field_unknown"),
        ({"address": "Address", "street": "Address"}, "import.column_twice"),
        ({"name": "Name"}, "import.place_unmapped"),
    ]:
        with pytest.raises(Refusal) as refused:
            actions.check_import(received.id, ImportSettings(mapping=mapping), by=us, at=AT)
        assert refused.value.code == code
    mapping = {"address": "Address", "lat": "Latitude", "lon": "Longitude", "instructions": "Name"}
    run(us, csv_of([line(1)]), mapping=mapping, day=DAY)
    with scope(us):
        order = queries.orders().get()
    assert (order.instructions, order.external_id, order.day) == ("Rosa 1", None, DAY)


def test_what_an_import_brought_is_called_off_but_for_what_is_on_a_route(us: Actor) -> None:
    done = run(us, csv_of([line(1), line(2), line(3)]))
    with scope(us):
        on_route = Order.objects.get(external_id="F-2")
        task = on_route.tasks.get()
    actions.schedule([task.id], uuid7(), by=us, at=AT)
    for _ in range(2):
        actions.undo_import(done.id, by=us, at=AT)
        run_jobs()
    undone = again(us, done.id)
    assert (undone.state, undone.withdrawn, undone.kept) == ("undone", 2, 1)
    assert facts_of(us, done.id) == ["import.completed", "import.undone"]
    with scope(us):
        assert queries.orders(Filter(states=("cancelled",))).count() == 2
    assert counts(run(us, csv_of([line(1), line(2)]))) == ("completed", 1, 1, 0)
    with pytest.raises(Refusal, match=r"import\.state_conflict"):
        actions.run_import(done.id, None, by=us, at=AT)


def test_a_lost_job_goes_on_behind_its_last_chunk_and_the_one_that_comes_back_does_nothing(us: Actor) -> None:
    data = csv_of([line(n) for n in range(1, 6)])
    received = receive(us, data)
    actions.run_import(received.id, None, by=us, at=AT)
    lost = imports.begin_import(received.id, "running", by=us, at=AT)
    assert lost is not None
    rows = list(rows_of("csv", data))
    imports.take_rows(lost, rows[:2], Seen(), by=us, at=AT)
    next_one = imports.begin_import(received.id, "running", by=us, at=AT)
    assert next_one is not None
    assert next_one.skip == 2
    with pytest.raises(imports.FenceLostError):
        imports.take_rows(lost, rows[2:4], Seen(), by=us, at=AT)
    run_jobs()
    assert counts(again(us, received.id)) == ("completed", 5, 0, 0)
    with scope(us):
        assert Order.objects.count() == 5


@pytest.mark.parametrize(("job", "state"), [("orders.check_import", "checking"), ("orders.run_import", "running")])
def test_an_import_whose_job_is_given_up_says_so_and_may_be_asked_again(us: Actor, job: str, state: str) -> None:
    received = receive(us, csv_of([line(78)]))
    if state == "checking":
        actions.check_import(received.id, ImportSettings(), by=us, at=AT)
    else:
        actions.run_import(received.id, None, by=us, at=AT)
    give_up(job, {"organization_id": str(us.organization_id), "import_id": str(received.id)})
    assert (again(us, received.id).state, again(us, received.id).failure) == ("failed", "import.broke_off")
    actions.run_import(received.id, None, by=us, at=AT)
    run_jobs()
    assert counts(again(us, received.id)) == ("completed", 1, 0, 0)


def test_a_run_whose_file_is_gone_says_so_and_may_be_asked_again(us: Actor) -> None:
    data = csv_of([line(77)])
    received = receive(us, data)
    store(us.organization_id).delete(bytes(received.sha256).hex())
    actions.run_import(received.id, None, by=us, at=AT)
    run_jobs()
    assert (again(us, received.id).state, again(us, received.id).failure) == ("failed", "import.blob_missing")
    store(us.organization_id).put(data)
    actions.run_import(received.id, None, by=us, at=AT)
    run_jobs()
    assert counts(again(us, received.id)) == ("completed", 1, 0, 0)


def test_a_merchant_imports_only_own_orders_and_a_stranger_none(us: Actor, stranger: Actor) -> None:
    shop = create_merchant("Bakery", external_id="B", by=us, at=AT)
    baker = a_person(us.organization_id, Role.MERCHANT, merchant_id=shop.id)
    done = run(baker, csv_of([line(1)]))
    with scope(baker):
        assert queries.orders().get().merchant_id == shop.id
    with pytest.raises(Refusal, match=r"import\.not_found"):
        again(stranger, done.id)
    with pytest.raises(Refusal, match=r"import\.not_found"):
        actions.undo_import(done.id, by=stranger, at=AT)


def test_a_column_of_merchants_is_read_by_external_id_and_name(us: Actor) -> None:
    shop = create_merchant("Bakery", external_id="B", by=us, at=AT)
    head = [*HEAD, "Shop"]
    done = run(us, csv_of([[*line(1), "B"], [*line(2), "bakery"], [*line(3), "Butcher"]], head))
    assert refusals(us, done.id) == [(4, "Shop", "Butcher", "merchant.not_found")]
    with scope(us):
        assert {order.merchant_id for order in queries.orders()} == {shop.id}


def test_erasing_a_person_drops_the_file_they_came_in(us: Actor) -> None:
    done = run(us, csv_of([line(1), line(2, Phone="what?")]))
    with scope(us):
        order = queries.orders().get()
    actions.cancel_order(order.id, "", by=us, at=AT)
    actions.erase_recipient(order.recipient_id, by=us, at=AT)
    name = bytes(done.sha256).hex()
    assert store(us.organization_id).exists(name)
    run_jobs()
    assert not store(us.organization_id).exists(name)
    assert refusals(us, done.id)[0][2] == ""


def test_a_file_that_two_organizations_have_is_forgotten_by_one_alone(us: Actor, stranger: Actor) -> None:
    data = csv_of([line(1)])
    done, theirs = run(us, data), run(stranger, data)
    name = bytes(done.sha256).hex()
    assert name == bytes(theirs.sha256).hex()
    with scope(us):
        order = queries.orders().get()
    actions.cancel_order(order.id, "", by=us, at=AT)
    actions.erase_recipient(order.recipient_id, by=us, at=AT)
    run_jobs()
    assert (store(us.organization_id).exists(name), store(stranger.organization_id).verify(name)) == (False, True)


def test_an_order_by_api_is_not_overwritten_by_a_file(us: Actor) -> None:
    an_order(us, 1, external_id="F-1", priority=7)
    assert counts(run(us, csv_of([line(1)]))) == ("completed", 0, 1, 0)
    with scope(us):
        assert queries.orders().get().priority == 7
