"""What a driver taps at the door: proof first, then the outcome; and the scans of packages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from homestretch.simulation.phones.knowledge import Fate, Knowledge
from homestretch.simulation.phones.phone import Phone
from homestretch.simulation.phones.picture import photo, signature

Work = dict[str, Any]
WRONG_PIN = 0.2
NOT_IN_HAND = ("neighbor", "safe_place", "mailbox")


@dataclass(slots=True)
class Door:
    """The taps of one driver. `on_board`: package id -> the work that it belongs to."""

    phone: Phone
    knowledge: Knowledge
    random: Random
    on_board: dict[str, Work] = field(default_factory=dict)

    def load(self, at: datetime, sheet: dict[str, Any]) -> None:
        """Scan what is to be delivered into the van (what a pair collects on the way is not there yet)."""
        for stop in sheet["stops"]:
            for work in stop["tasks"]:
                if work["kind"] == "deliver" and work["open"] and not work["pair"]:
                    for package in work["packages"]:
                        self._scan(at, sheet["route_id"], package, "load", work)

    def unload(self, at: datetime, sheet: dict[str, Any]) -> None:
        """Scan what is still in the van out of it, at the depot: brought back, or handed over if it was collected."""
        for package_id, work in list(self.on_board.items()):
            what = "hand_over" if work["kind"] == "collect" else "return"
            self._scan(at, sheet["route_id"], {"package_id": package_id}, what, work)

    def close(self, at: datetime, stop: dict[str, Any], ends: list[tuple[Work, Fate]], here: dict[str, float]) -> str:
        """The outcome of a stop, from those of its works; returns it in words."""
        stop_id, sheet = stop["stop_id"], self.phone.sheet or {}
        for work, fate in ends:
            self._prove(at, stop_id, work, fate)
            self._scan_out(at, str(sheet["route_id"]), stop_id, work, fate)
        states = {fate.state for _, fate in ends}
        reason = next((fate.reason for _, fate in ends if fate.reason), "")
        left_with = next((fate.left_with for _, fate in ends if fate.left_with), "")
        if states == {"completed"}:
            self.phone.tap(at, "complete", stop_id=stop_id, left_with=left_with, **here)
        elif states == {"failed"}:
            self.phone.tap(at, "fail", stop_id=stop_id, reason=reason, note="As seen at the door.", **here)
        else:
            tasks = [
                {"task_id": work["task_id"], "state": fate.state, "reason": fate.reason}
                for work, fate in ends
                if fate.state != "completed"
            ]
            self.phone.tap(at, "partial", stop_id=stop_id, reason=reason, left_with=left_with, tasks=tasks, **here)
        return ", ".join(f"{work['order_external_id']} {fate.state} {fate.reason}".strip() for work, fate in ends)

    def _prove(self, at: datetime, stop_id: str, work: Work, fate: Fate) -> None:
        if fate.state == "failed":
            if fate.reason != "refused":
                self._picture(at, stop_id, "photo")
            return
        if work["pin_required"]:
            self._pin(at, stop_id, self.knowledge.pin(str(work["order_external_id"])))
        if fate.left_with in NOT_IN_HAND:
            self._picture(at, stop_id, "photo")
        elif self.random.random() < 0.5:
            self._picture(at, stop_id, "signature")
            self.phone.tap(at, "proof", stop_id=stop_id, proof="name", text=work["recipient"]["name"] or "somebody")

    def _pin(self, at: datetime, stop_id: str, pin: str) -> None:
        if self.random.random() < WRONG_PIN:
            self.phone.tap(at, "proof", stop_id=stop_id, proof="pin", text="0000" if pin != "0000" else "1111")
        self.phone.tap(at, "proof", stop_id=stop_id, proof="pin", text=pin)

    def _picture(self, at: datetime, stop_id: str, kind: str) -> None:
        drawn = photo(self.random) if kind == "photo" else signature(self.random)
        self.phone.tap(at, "proof", stop_id=stop_id, proof=kind, sha256=self.phone.keep(drawn))

    def _scan_out(self, at: datetime, route_id: str, stop_id: str, work: Work, fate: Fate) -> None:
        """A failed work leaves its packages where they are; of a partial one the last is missing, if there are two."""
        if fate.state == "failed":
            return
        packages = work["packages"]
        for number, package in enumerate(packages):
            lost = fate.state == "partial" and len(packages) > 1 and number == len(packages) - 1
            what = "missing" if lost else "collect" if work["kind"] == "collect" else "deliver"
            self._scan(at, route_id, package, what, work, at_stop=stop_id)

    def _scan(self, at: datetime, route_id: str, package: dict[str, Any], what: str, work: Work, **more: str) -> None:
        package_id = package["package_id"]
        self.phone.tap(at, "scan", route_id=route_id, what=what, package_id=package_id, **more)
        if what in ("load", "collect"):
            self.on_board[package_id] = work
        else:
            self.on_board.pop(package_id, None)
