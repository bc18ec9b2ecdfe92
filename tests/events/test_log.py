"""The log keeps every fact once, in an order that no reader can lose; what follows commits and rolls back with it."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection

from homestretch.accounts.events import MemberChanged, MemberJoined
from homestretch.events import subscribe
from homestretch.events.action import action
from homestretch.events.idempotency import Once, Replayed, fingerprint
from homestretch.events.later import job, later, no_longer
from homestretch.events.log import history, record, record_all, tail
from homestretch.events.models import Cursor, Event, Handled
from homestretch.events.scope import scope
from homestretch.events.seals import oldest_unsealed, seal, verify
from homestretch.events.worker import tick_due
from homestretch.kernel.actor import Actor
from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal
from tests.events.test_scope import AT, make_organization
from tests.work import run_drains, run_due, run_jobs, settle, waiting

heard: list[tuple[str, Any]] = []


@subscribe.consumer("test.hear")
def hear(event: Event) -> None:
    """A consumer that notes what it saw."""
    heard.append((event.type, event.data.get("membership_id")))


@subscribe.drainer("test.read")
def read(events: list[Event]) -> None:
    """A drain that notes what it saw."""
    heard.extend((event.type, event.data.get("membership_id")) for event in events)


@job("test.note")
def note(organization_id: Any, word: str) -> None:
    """A job that notes its word."""
    heard.append(("note", word))


@pytest.fixture
def us(committed: Any) -> Any:
    """An organization, with nobody listening."""
    heard.clear()
    before = subscribe.installed()
    subscribe.subscribe({})
    actor = make_organization("Ours")
    subscribe.introduce(actor.organization_id)
    yield actor
    subscribe.subscribe(before)


@action
def join(role: str, *, by: Actor, at: datetime, fails: bool = False) -> str:
    """A verb that states a fact, and may then think better of it."""
    member = uuid7()
    record(MemberJoined(member, role), by=by, at=at)
    if fails:
        raise Refusal("test.refused", "no")
    return str(member)


def test_a_fact_is_written_with_its_actor_times_and_sequence(us: Actor) -> None:
    member = uuid7()
    with scope(us):
        record(MemberJoined(member, "viewer"), by=us, at=AT)
        record(MemberChanged(member, "owner", True), by=us, at=AT + timedelta(hours=1))
        first, second = history("member", member)
    assert (first.type, first.subject_seq, second.subject_seq) == ("member.joined", 1, 2)
    assert first.data == {"membership_id": str(member), "role": "viewer"}
    assert (first.actor, first.at) == ("system", AT)
    assert abs(first.recorded_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_refused_action_leaves_no_fact_and_no_job(us: Actor) -> None:
    subscribe.subscribe({MemberJoined: [subscribe.each("test.hear")]})
    with pytest.raises(Refusal):
        join("viewer", by=us, at=AT, fails=True)
    with scope(us):
        assert Event.objects.count() == 0
    assert waiting() == []


def test_each_runs_once_per_fact_however_often_its_job_runs(us: Actor) -> None:
    subscribe.subscribe({MemberJoined: [subscribe.each("test.hear")]})
    member = join("viewer", by=us, at=AT)
    (name, args), *_ = waiting()
    run_jobs()
    from homestretch.events.later import known_jobs

    known_jobs()[name](**args)  # a rescued job runs again
    assert heard == [("member.joined", member)]
    with scope(us):
        assert Handled.objects.count() == 1


def test_a_drain_costs_writers_nothing_and_reads_each_fact_once(us: Actor) -> None:
    subscribe.subscribe({subscribe.Every: [subscribe.drain("test.read")]})
    members = [join("viewer", by=us, at=AT) for _ in range(5)]
    assert waiting() == []
    run_drains(us.organization_id)
    members.append(join("owner", by=us, at=AT))
    run_drains(us.organization_id)
    run_drains(us.organization_id)
    assert [member for _, member in heard] == members
    assert "test.read" not in subscribe.behind(us.organization_id)


def test_a_drain_that_fails_rests_and_keeps_no_other_from_its_turn(us: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[int] = []

    def fail(events: list[Event]) -> None:
        tries.append(len(events))
        with scope(us):
            Handled.objects.create(event_id=events[0].id, consumer="test.halfway")
        raise ValueError("no")

    monkeypatch.setitem(subscribe._drains, "test.fails", fail)
    subscribe.subscribe({subscribe.Every: [subscribe.drain("test.fails"), subscribe.drain("test.read")]})
    monkeypatch.setattr(subscribe, "_resting", {})
    subscribe.introduce(us.organization_id)
    member = join("viewer", by=us, at=AT)
    settle()
    for _ in range(2):
        subscribe.catch_up(us.organization_id)
    assert tries == [1]
    assert [name for _, name in heard] == [member]
    assert subscribe.behind(us.organization_id).count("test.fails") == 1
    with scope(us):
        assert not Handled.objects.filter(consumer="test.halfway").exists()
    monkeypatch.setattr(subscribe, "_resting", {})
    subscribe.catch_up(us.organization_id)
    assert tries == [1, 1]


def test_a_reader_waits_for_an_older_transaction_that_is_still_open(us: Actor, committed: Any) -> None:
    """By id alone the slow writer's fact would be lost: it took its transaction first and commits last."""
    slow_wrote, go_on = threading.Event(), threading.Event()
    slow: list[str] = []

    def write_slowly() -> None:
        with scope(us):
            slow.append(str(record(MemberJoined(uuid7(), "slow"), by=us, at=AT)))
            slow_wrote.set()
            go_on.wait(10)
        connection.close()

    thread = threading.Thread(target=write_slowly)
    thread.start()
    assert slow_wrote.wait(10)
    join("fast", by=us, at=AT)
    with scope(us):
        assert [event.data["role"] for event in tail()] == []
    go_on.set()
    thread.join(10)
    settle()
    with scope(us):
        assert [event.data["role"] for event in tail()] == ["slow", "fast"]
        assert str(tail()[0].id) == slow[0]


def test_a_reader_knows_the_oldest_transaction_of_its_own_snapshot_alone(us: Actor, committed: Any) -> None:
    """A later snapshot's would have it pass by what committed while it read."""
    asked: list[tuple[int, int]] = []

    def ask_slowly() -> None:
        with connection.cursor() as cursor:
            cursor.execute("select app_xmin(), pg_sleep(0.8), app_xmin()")
            first, _, last = cursor.fetchone()
            asked.append((first, last))
        connection.close()

    reader = threading.Thread(target=ask_slowly)
    with scope(us):
        record(MemberJoined(uuid7(), "slow"), by=us, at=AT)
        reader.start()
        time.sleep(0.3)
    reader.join(10)
    ((first, last),) = asked
    assert first == last
    with scope(us):
        assert first <= Event.objects.get().tx


def test_the_same_key_gives_the_first_answer_and_no_second_effect(us: Actor) -> None:
    once = Once("join", "k1", fingerprint(b"viewer"), answer=lambda member: {"member": member})
    member = join("viewer", by=us, at=AT, once=once)
    with pytest.raises(Replayed) as replayed:
        join("viewer", by=us, at=AT, once=once)
    assert replayed.value.answer == {"member": member}
    other = Once("join", "k1", fingerprint(b"owner"), answer=str)
    with pytest.raises(Refusal, match=r"idempotency\.key_reused"):
        join("owner", by=us, at=AT, once=other)
    with scope(us):
        assert Event.objects.count() == 1


def test_a_refused_request_does_not_use_its_key_up(us: Actor) -> None:
    once = Once("join", "k2", fingerprint(b"x"), answer=str)
    with pytest.raises(Refusal, match=r"test\.refused"):
        join("viewer", by=us, at=AT, fails=True, once=once)
    assert join("viewer", by=us, at=AT, once=once)


def test_later_waits_for_its_hour_and_can_be_replaced_or_taken_back(us: Actor) -> None:
    now = datetime.now(UTC)
    later("test.note", us.organization_id, at=now + timedelta(hours=1), key="a", word="first")
    later("test.note", us.organization_id, at=now + timedelta(hours=2), key="a", word="second")
    later("test.note", us.organization_id, at=now + timedelta(hours=1), key="b", word="third")
    no_longer("test.note", us.organization_id, "b")
    assert tick_due() == 0
    from homestretch.events.models import Due

    Due.objects.update(due_at=now - timedelta(seconds=1))
    run_due()
    assert heard == [("note", "second")]


def test_seals_verify_and_each_kind_of_tampering_shows(us: Actor, superuser: psycopg.Connection[Any]) -> None:
    for number in range(4):
        join(f"role {number}", by=us, at=AT)
    with scope(us):
        assert oldest_unsealed() is not None
    settle()
    assert seal(us.organization_id) == 4
    with scope(us):
        assert list(verify()) == []
        assert oldest_unsealed() is None
        ids = [event.id for event in tail()]
    superuser.execute("update events_event set data = '{}' where id = %s", [ids[1]])
    with scope(us):
        assert [fault.reason for fault in verify()] == ["the sealed event was changed"]
    superuser.execute("delete from events_event where id = %s", [ids[2]])
    superuser.execute("delete from events_seal where event_id = %s", [ids[0]])
    with scope(us):
        reasons = [fault.reason for fault in verify()]
    assert "the sealed event is gone" in reasons
    assert "a seal is missing" in reasons


def test_sealing_goes_on_where_it_stopped(us: Actor) -> None:
    join("a", by=us, at=AT)
    settle()
    seal(us.organization_id)
    join("b", by=us, at=AT)
    settle()
    assert seal(us.organization_id) == 1
    assert seal(us.organization_id) == 0
    with scope(us):
        assert list(verify()) == []
    assert Cursor.objects.get(organization_id=us.organization_id, name="events.seal").tx > 0


def test_many_facts_in_one_statement_are_as_those_recorded_one_by_one(us: Actor) -> None:
    subscribe.subscribe({MemberJoined: [subscribe.each("test.hear")]})
    members = [uuid7() for _ in range(3)]
    with scope(us):
        record(MemberJoined(members[0], "viewer"), by=us, at=AT)
        ids = record_all([MemberJoined(member, "owner") for member in members], by=us, at=AT)
        assert [event.data["role"] for event in history("member", members[0])] == ["viewer", "owner"]
        assert [history("member", member)[-1].id for member in members] == ids
        assert [history("member", member)[-1].subject_seq for member in members] == [2, 1, 1]
        with pytest.raises(ValueError, match="different subjects"):
            record_all([MemberJoined(members[0], "a"), MemberJoined(members[0], "b")], by=us, at=AT)
    assert [name for name, _ in waiting()] == ["test.hear"] * 4
