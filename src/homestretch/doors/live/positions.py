"""Positions in: our JSON, OsmAnd, OwnTracks. Acknowledged after the commit; a device's repeats do nothing."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

from homestretch.doors.live.commits import Committer
from homestretch.doors.live.devices import Device, Devices
from homestretch.doors.live.formats import osmand, owntracks, query_of, traccar
from homestretch.kernel.refusal import Refusal, not_found
from homestretch.tracking.rules.clocks import Sent, read_sent
from homestretch.tracking.rules.fixes import OFF_SHIFT, Batch, gather, read_batch
from homestretch.web.plain import Receive, Scope, Send, address_of, answer, body_of, header, json_of

Now = Callable[[], Awaitable[datetime]]


class Positions:
    """The three ways in. `now` is asked only for a position that carries no time; `proxied`: see `address_of`."""

    def __init__(self, devices: Devices, committer: Committer, now: Now, *, proxied: bool = False) -> None:
        self._devices, self._committer, self._now, self._proxied = devices, committer, now, proxied

    async def json(self, scope: Scope, receive: Receive, send: Send) -> None:
        """`POST /live/positions` with a device token; answers `{"accepted": n, "refused": [...]}`."""
        kind, _, token = header(scope, b"authorization").partition(" ")
        device = await self._who(token.strip() if kind.lower() == "bearer" else "", scope)
        if device is None:
            raise Refusal(
                "auth.unauthenticated", "this is no device's token", remedy="pair the device, and send Bearer hsd_..."
            )
        raw = json_of(await body_of(receive))
        batch = read_batch(raw)
        refused = await self._take(device, batch, read_sent(raw))
        said = {"accepted": len(batch.fixes) + len(batch.refused) - len(refused), "refused": refused}
        await answer(send, 200, json.dumps(said).encode())

    async def osmand(self, scope: Scope, receive: Receive, send: Send, token: str) -> None:
        """`GET` or `POST /live/osmand/<tracker id>`; the id may also come as `id`, as Traccar Client sends it."""
        query = query_of(scope.get("query_string", b"").decode("latin-1"))
        body = await body_of(receive)
        raw = None
        if body and "json" in header(scope, b"content-type"):
            raw = json_of(body)
            token = token or str(raw.get("device_id", "")) if isinstance(raw, dict) else token
        elif body:
            query |= query_of(body.decode("latin-1"))
        device = await self._tracker(token or query.get("id") or query.get("deviceid") or "", scope)
        now = datetime.now(UTC) if raw or query.get("timestamp") else await self._now()
        await self._one(device, [osmand(query, now) if raw is None else traccar(raw, now)])
        await answer(send, 200, b"")

    async def owntracks(self, scope: Scope, receive: Receive, send: Send, token: str) -> None:
        """`POST /live/owntracks/<tracker id>`; answers `[]`: no messages for the app."""
        device = await self._tracker(token, scope)
        await self._one(device, owntracks(json_of(await body_of(receive))))
        await answer(send, 200, b"[]")

    async def _tracker(self, token: str, scope: Scope) -> Device:
        device = await self._who(token, scope)
        if device is None:
            raise not_found("tracker")
        return device

    async def _who(self, token: str, scope: Scope) -> Device | None:
        return await self._devices.who(token, address_of(scope, proxied=self._proxied))

    async def _one(self, device: Device, rows: Sequence[object]) -> None:
        """A tracker's single position: what is wrong with it is the whole answer."""
        batch = gather(rows)
        for refused in await self._take(device, batch):
            if refused["code"] == OFF_SHIFT:
                return  # trackers send again whatever is not taken, and never stop
            raise Refusal(str(refused["code"]), str(refused["cause"]), remedy=str(refused["remedy"]))

    async def _take(self, device: Device, batch: Batch, sent: Sent | None = None) -> list[dict[str, object]]:
        """Commit the good ones; all refused, by their index in the request."""
        if not batch.fixes:
            return batch.refused
        untimely = await self._committer.put(device.organization_id, device.device_id, batch.fixes, sent)
        if not untimely:
            return batch.refused
        bad = {row["index"] for row in batch.refused}
        places = [index for index in range(len(batch.fixes) + len(bad)) if index not in bad]
        late = [row | {"index": places[int(str(row["index"]))]} for row in untimely]
        return sorted(batch.refused + late, key=lambda row: int(str(row["index"])))
