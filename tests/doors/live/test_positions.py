"""Positions in: who may, which formats, acknowledged after the commit, bad ones alone refused."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from homestretch.dispatch import actions as dispatch
from homestretch.doors.live import commits, keeping
from homestretch.doors.live.app import NAME, Ways
from homestretch.doors.live.devices import Devices
from homestretch.kernel.actor import system
from homestretch.kernel.refusal import Refusal
from homestretch.tracking import actions
from homestretch.tracking.intake import LOCK_DUTIES
from tests.doors.live.client import Client, with_live
from tests.town.dispatch import a_road, an_owner
from tests.town.places import AT
from tests.town.tracking import kept, on_duty

NOW = AT + timedelta(minutes=30)


def row(minutes: float, **changes: Any) -> dict[str, Any]:
    return {"lat": 49.61, "lon": 6.13, "at": (AT + timedelta(minutes=minutes)).isoformat(), **changes}


class Town:
    """A route on duty, its phone, and the doors' ways."""

    def __init__(self, clone: Any, superuser: Any) -> None:
        superuser.execute(
            "insert into events_clock (id, real_at, shown_at, speed) values (1, clock_timestamp(), %s, 0)", [NOW]
        )
        self.road = a_road(an_owner())
        self.phone, self.token = on_duty(self.road)
        self.followed: list[Any] = []
        self.ways = Ways(clone.app, "http://here", lambda scope: self.road.by, self.followed.append, simulated=True)

    def story(self, tell: Any) -> None:
        with_live(self.ways, tell)

    @property
    def bearer(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}


@pytest.fixture
def town(committed: Any, superuser: Any) -> Town:
    return Town(committed, superuser)


def test_a_batch_is_there_when_it_is_acknowledged(town: Town) -> None:
    async def story(client: Client) -> None:
        batch = [row(0), row(1), row(1), {**row(2), "lat": 95}, row(60 * 26), row(3)]
        answer = await client.ask("POST", "/live/positions", batch, **town.bearer)
        assert answer.status == 200, answer.body
        said = answer.json()
        assert said["accepted"] == 4
        assert [(bad["index"], bad["code"]) for bad in said["refused"]] == [
            (3, "place.coordinates_invalid"),
            (4, "position.in_future"),
        ]

    town.story(story)
    assert [at for _, at in kept(town.road.by)] == [AT + timedelta(minutes=m) for m in (0, 1, 3)]
    assert town.followed == [town.road.by.organization_id], "asked for before it was acknowledged"


def test_what_was_taken_off_shift_is_named_counted_and_nowhere(town: Town) -> None:
    dispatch.start_route(town.road.route_id, by=town.road.driver, at=AT)
    dispatch.finish_route(town.road.route_id, by=town.road.driver, at=AT + timedelta(minutes=10))
    actions.settle_duty(town.road.route_id, by=system(town.road.by.organization_id), at=AT + timedelta(minutes=10))

    async def story(client: Client) -> None:
        batch = [row(5), {**row(2), "lat": 95}, row(20), row(6), row(25)]
        answer = await client.ask("POST", "/live/positions", batch, **town.bearer)
        said = answer.json()
        assert said["accepted"] == 2
        assert [(bad["index"], bad["code"]) for bad in said["refused"]] == [
            (1, "place.coordinates_invalid"),
            (2, "position.off_shift"),
            (4, "position.off_shift"),
        ]
        figures = client.live.figures()
        assert (figures["positions"], figures["positions_off_shift"]) == (2, 2)
        seconds = int((AT + timedelta(minutes=21)).timestamp())
        tracker = await client.ask("GET", f"/live/osmand/{town.token}?lat=49.6&lon=6.1&timestamp={seconds}")
        assert tracker.status == 200, "a tracker that is refused asks for ever"

    town.story(story)
    assert [at for _, at in kept(town.road.by)] == [AT + timedelta(minutes=m) for m in (5, 6)]


def test_a_phone_with_a_wrong_clock_is_followed_by_the_right_time(town: Town) -> None:
    hours = timedelta(hours=5)

    async def story(client: Client) -> None:
        wrong = [{**row(0), "at": (AT + hours + timedelta(minutes=m)).isoformat()} for m in (10, 20)]
        body = {"positions": wrong, "sent_at": (NOW + hours).isoformat()}
        assert (await client.ask("POST", "/live/positions", body, **town.bearer)).json()["refused"] == []

    town.story(story)
    assert [at for _, at in kept(town.road.by)] == [AT + timedelta(minutes=m) for m in (10, 20)]


def test_many_organizations_share_a_commit(town: Town) -> None:
    others = [a_road(an_owner(f"Other {n}")) for n in range(3)]
    tokens = [town.token, *(on_duty(other)[1] for other in others)]

    async def story(client: Client) -> None:
        asked = [
            client.ask("POST", "/live/positions", [row(n)], authorization=f"Bearer {token}")
            for n in range(5)
            for token in tokens
        ]
        assert [answer.status for answer in await asyncio.gather(*asked)] == [200] * 20

    town.story(story)
    assert [len(kept(road.by)) for road in (town.road, *others)] == [5, 5, 5, 5]


def test_one_bad_batch_hurts_nobody_else(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    next_door = a_road(an_owner("Next Door"))
    _, theirs = on_duty(next_door)
    real = commits.keep_values

    def spoiled(organization_id: Any, reports: Any, now: Any) -> Any:
        reports = list(reports)
        values = real(organization_id, reports, now)
        if any(fix.lat == 1.5 for report in reports for fix in report.fixes):
            values["lat"] = "{nonsense}"
        return values

    monkeypatch.setattr(commits, "keep_values", spoiled)

    async def story(client: Client) -> None:
        ask = client.ask
        good, bad, foreign = await asyncio.gather(
            ask("POST", "/live/positions", [row(0)], **town.bearer),
            ask("POST", "/live/positions", [row(1, lat=1.5)], **town.bearer),
            ask("POST", "/live/positions", [row(0)], authorization=f"Bearer {theirs}"),
        )
        assert (good.status, bad.status, foreign.status) == (200, 503, 200)
        assert bad.json()["code"] == "positions.unavailable"
        again = await ask("POST", "/live/positions", [row(2)], **town.bearer)
        assert again.status == 200

    town.story(story)
    assert len(kept(town.road.by)) == 2
    assert len(kept(next_door.by)) == 1


def test_a_duty_that_is_being_cut_lets_nothing_slip_through_and_holds_up_nobody_else(town: Town) -> None:
    next_door = a_road(an_owner("Next Door"))
    _, theirs = on_duty(next_door)

    async def story(client: Client) -> None:
        assert (await client.ask("POST", "/live/positions", [row(0)], **town.bearer)).status == 200
        with psycopg.connect(town.ways.dsn) as other:
            organization = str(town.road.by.organization_id)
            other.execute("select set_config('app.organization', %s, true)", [organization])
            other.execute(LOCK_DUTIES, [organization])
            other.execute("update tracking_duty set ends_at = %s", [AT + timedelta(minutes=1)])
            brought = asyncio.create_task(client.ask("POST", "/live/positions", [row(0.5), row(2)], **town.bearer))
            async with asyncio.timeout(20):
                while not any(batch.apart for batch in client.live._committer._waiting):
                    await asyncio.sleep(0.01)
            for minutes in (0, 1):
                answer = await client.ask("POST", "/live/positions", [row(minutes)], authorization=f"Bearer {theirs}")
                assert answer.status == 200
            assert not brought.done()
        assert (await brought).status == 200

    town.story(story)
    assert [at for _, at in kept(town.road.by)] == [AT, AT + timedelta(minutes=0.5)]
    assert len(kept(next_door.by)) == 2


def test_who_waits_too_long_for_a_duty_is_refused(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commits, "PATIENCE_S", 0.0)

    async def story(client: Client) -> None:
        with psycopg.connect(town.ways.dsn) as other:
            other.execute(LOCK_DUTIES, [str(town.road.by.organization_id)])
            answer = await client.ask("POST", "/live/positions", [row(0)], **town.bearer)
            assert (answer.status, answer.json()["code"]) == (503, "positions.unavailable")
        assert (await client.ask("POST", "/live/positions", [row(0)], **town.bearer)).status == 200

    town.story(story)


def test_whatever_goes_wrong_who_waits_is_answered(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(*_: Any) -> None:
        raise RuntimeError("nobody thought of this")

    async def story(client: Client) -> None:
        ask = client.ask
        for broken in ("_clock", "_tick"):
            with monkeypatch.context() as broke:
                broke.setattr(commits.Committer, broken, fails)
                answers = await asyncio.gather(
                    *(ask("POST", "/live/positions", [row(n)], **town.bearer) for n in (0, 1))
                )
                assert [answer.json()["code"] for answer in answers] == ["positions.unavailable"] * 2
            assert (await ask("POST", "/live/positions", [row(2)], **town.bearer)).status == 200

    town.story(story)


def test_who_waits_when_the_process_stops_is_refused(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    async def lasts(self: Any, *_: Any) -> None:
        await asyncio.Event().wait()

    async def story() -> None:
        committer = commits.Committer(lasts, lasts)  # type: ignore[arg-type]
        running = asyncio.create_task(committer.run())
        brought = [asyncio.create_task(committer.put(AT, AT, [])) for _ in range(2)]  # type: ignore[arg-type]
        while not committer._taken:
            await asyncio.sleep(0.001)
        running.cancel()
        brought.append(asyncio.create_task(committer.put(AT, AT, [])))  # type: ignore[arg-type]
        for task in (*brought, asyncio.create_task(committer.put(AT, AT, []))):  # type: ignore[arg-type]
            with pytest.raises(Refusal, match="positions.unavailable"):
                await task

    asyncio.run(story())


def test_work_that_ends_is_begun_again(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(keeping, "PAUSE_S", 0.0)
    turns: list[int] = []

    async def work() -> None:
        turns.append(len(turns))
        if len(turns) == 1:
            raise RuntimeError("nobody thought of this")
        if len(turns) == 3:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(keeping.kept_up(work))
    assert len(turns) == 3
    assert [record.levelname for record in caplog.records] == ["CRITICAL", "CRITICAL"]


def test_a_mistake_of_ours_is_a_problem_without_any_detail(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fails(*_: Any) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr(Devices, "who", fails)

    async def story(client: Client) -> None:
        answer = await client.ask("POST", "/live/positions", [row(0)], **town.bearer)
        said = answer.json()
        assert (answer.status, said["code"], said["status"]) == (500, "internal.fault", 500)
        assert answer.headers["content-type"] == "application/problem+json"
        assert b"secret" not in answer.body
        assert said["request_id"] in caplog.text

    town.story(story)


def test_a_lost_connection_is_made_anew(town: Town, superuser: Any) -> None:
    async def story(client: Client) -> None:
        assert (await client.ask("POST", "/live/positions", [row(0)], **town.bearer)).status == 200
        end = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = %s and datname = %s"
        await asyncio.to_thread(superuser.execute, end, [NAME, superuser.info.dbname])
        statuses = [(await client.ask("POST", "/live/positions", [row(n)], **town.bearer)).status for n in (1, 2)]
        assert statuses[-1] == 200, statuses

    town.story(story)
    assert len(kept(town.road.by)) >= 2


REFUSED: list[tuple[str | None, Any, int, str]] = [
    ("", [], 401, "auth.unauthenticated"),
    ("hsd_" + "0" * 48, [], 401, "auth.unauthenticated"),
    ("hsk_" + "0" * 48, [], 401, "auth.unauthenticated"),
    (None, b"{", 400, "request.malformed"),
    (None, b"[NaN]", 400, "request.malformed"),
    (None, {"rows": []}, 400, "positions.malformed"),
    (None, [{}] * 501, 413, "positions.too_large"),
    (None, b" " * 300_000, 413, "request.too_large"),
]


def test_refusals_are_problems(town: Town) -> None:
    async def story(client: Client) -> None:
        for token, body, status, code in REFUSED:
            secret = town.token if token is None else token
            answer = await client.ask("POST", "/live/positions", body, authorization=f"Bearer {secret}")
            assert answer.headers["content-type"] == "application/problem+json"
            assert (answer.status, answer.json()["status"], answer.json()["code"]) == (status, status, code)
        assert (await client.ask("GET", "/live/nothing")).status == 404
        assert (await client.ask("DELETE", "/live/positions")).status == 405

    town.story(story)


def test_trackers_bring_positions_too(town: Town) -> None:
    stamp = int((AT + timedelta(minutes=5)).timestamp())
    osm = f"/live/osmand?id={town.token}&lat=49.61&lon=6.13&timestamp={stamp}&speed=20&bearing=90&batt=80"
    own = {"_type": "location", "tst": stamp + 60, "lat": 49.61, "lon": 6.13, "vel": 36, "acc": 8}

    async def story(client: Client) -> None:
        assert (await client.ask("GET", osm)).status == 200
        answer = await client.ask("POST", f"/live/owntracks/{town.token}", own)
        assert (answer.status, answer.body) == (200, b"[]")
        assert (await client.ask("POST", f"/live/owntracks/{town.token}", {"_type": "status"})).status == 200
        assert (await client.ask("GET", f"/live/osmand/{town.token}?lat=49.6&lon=6.1")).status == 200, "now"
        assert (await client.ask("GET", f"/live/osmand/{town.token}?lat=95&lon=6.1")).status == 422
        for unknown in ("/live/osmand?id=hsd_" + "1" * 48, "/live/osmand?id=7&lat=1&lon=1"):
            answer = await client.ask("GET", unknown)
            assert (answer.status, answer.json()["code"]) == (404, "tracker.not_found")

    town.story(story)
    assert [at for _, at in kept(town.road.by)] == [AT + timedelta(minutes=m) for m in (5, 6, 30)]
