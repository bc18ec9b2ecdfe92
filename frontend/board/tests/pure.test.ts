// Shapes, selection, edits and the timeline's arithmetic.
import { describe, expect, it } from "vitest";
import { madeDay } from "../made/day";
import { deltaWords, isIdle, moves, stepped } from "../pure/edits";
import { boxed, inside, lassoed, thinned } from "../pure/geometry";
import type { Spot } from "../pure/geometry";
import { boardOf, extent, seconds } from "../pure/model";
import { NONE, kept, only, ranged, taken, toggled } from "../pure/selection";
import { ahead, clock, duration, moreTime, moreWay, said } from "../pure/words";
import { clamped, momentOf, placeAt, rowsIn, shown, stopAt, ticks, toTime, toX, zoomed } from "../timeline/scale";

const board = boardOf(madeDay({ routes: 4, stops: 24, left: 3, vehicles: 0 }));
const [first, second] = [board.routes[0]!, board.routes[1]!];
const ids = (shift: number): string[] => board.routes[shift]!.stops.map((stop) => stop.id);

describe("a lasso", () => {
  const horseshoe: Spot[] = [[0, 0], [6, 0], [6, 6], [4, 6], [4, 2], [2, 2], [2, 6], [0, 6]];

  it("holds what is inside a bent shape, and not what is in its bay", () => {
    expect(inside(horseshoe, [1, 5])).toBe(true);
    expect(inside(horseshoe, [5, 5])).toBe(true);
    expect(inside(horseshoe, [3, 5])).toBe(false);
    expect(lassoed(horseshoe, [{ id: "a", lon: 1, lat: 1 }, { id: "b", lon: 3, lat: 4 }, { id: "c", lon: 9, lat: 9 }])).toEqual(["a"]);
  });

  it("of two corners holds nothing", () => expect(lassoed([[0, 0], [9, 9]], [{ id: "a", lon: 1, lat: 1 }])).toEqual([]));

  it("is thinned to corners that are apart", () => {
    expect(thinned([[0, 0], [0, 1], [0, 5], [0, 6], [0, 10]], 4)).toEqual([[0, 0], [0, 5], [0, 10]]);
  });

  it("as a box may be drawn from any corner", () => {
    const all = [{ id: "in", lon: 1, lat: 1 }, { id: "out", lon: 3, lat: 1 }];
    expect(boxed([2, 0], [0, 2], all)).toEqual(["in"]);
  });
});

describe("the selection", () => {
  it("of a range is all between the anchor and the stop on one route", () => {
    const chosen = ranged(only(ids(0)[4]!), ids(0)[1]!, board);
    expect([...chosen.ids].sort()).toEqual(ids(0).slice(1, 5).sort());
    expect(chosen.anchor).toBe(ids(0)[4]);
  });

  it("across two routes just adds the stop", () => {
    expect([...ranged(only(ids(0)[0]!), ids(1)[0]!, board).ids]).toEqual([ids(0)[0], ids(1)[0]]);
  });

  it("toggles, replaces and adds", () => {
    expect(toggled(only("a"), "a").ids.size).toBe(0);
    expect([...taken(only("a"), ["b"], false).ids]).toEqual(["b"]);
    expect([...taken(only("a"), ["b"], true).ids]).toEqual(["a", "b"]);
  });

  it("loses what is gone, and is the same object where nothing is", () => {
    const chosen = taken(NONE, [ids(0)[0]!, "gone"], false);
    expect([...kept(chosen, board).ids]).toEqual([ids(0)[0]]);
    const whole = only(ids(0)[0]!);
    expect(kept(whole, board)).toBe(whole);
  });
});

describe("an edit", () => {
  it("of one stop is a move, of several one placing in the order in which they stand", () => {
    expect(moves(board, [ids(0)[2]!], { shift: second.shift, place: 1 })).toEqual([{ op: "move", visit: ids(0)[2], shift_id: second.shift, position: 1 }]);
    expect(moves(board, [ids(1)[0]!, ids(0)[3]!, ids(0)[1]!], { shift: second.shift, place: 2 })).toEqual([
      { op: "place", places: [[ids(0)[1], second.shift, 2], [ids(0)[3], second.shift, 3], [ids(1)[0], second.shift, 4]] },
    ]);
  });

  it("onto a route without a place leaves the place to the server, stop by stop", () => {
    expect(moves(board, ids(0).slice(0, 2), { shift: second.shift, place: null })).toEqual(
      ids(0).slice(0, 2).map((visit) => ({ op: "move", visit, shift_id: second.shift })),
    );
  });

  it("off every route leaves alone what is on none", () => {
    const left = board.left[0]!.id;
    expect(moves(board, [left, ids(0)[0]!], { shift: null, place: 0 })).toEqual([{ op: "move", visit: ids(0)[0], shift_id: null, position: 0 }]);
  });

  it("to where a stop stands already is idle", () => {
    expect(isIdle(board, new Set([ids(0)[2]!]), { shift: first.shift, place: 2 })).toBe(true);
    expect(isIdle(board, new Set([ids(0)[2]!]), { shift: first.shift, place: 3 })).toBe(false);
    expect(isIdle(board, new Set([ids(0)[2]!, ids(0)[4]!]), { shift: first.shift, place: 2 })).toBe(false);
    expect(isIdle(board, new Set([board.left[0]!.id]), { shift: null, place: 0 })).toBe(true);
  });

  it("by key goes a place on, not past the end, and to the next route at its own hour, past a locked one", () => {
    const stop = first.stops[2]!;
    expect(stepped(board, stop, "later")).toEqual({ shift: first.shift, place: 3 });
    expect(stepped(board, first.stops[0]!, "earlier")).toBeNull();
    expect(stepped(board, first.stops.at(-1)!, "later")).toBeNull();
    const below = stepped(board, stop, "below")!;
    expect(below.shift).toBe(second.shift);
    expect(second.stops[below.place ?? 0]?.arrive ?? Infinity).toBeGreaterThan(stop.arrive);
    const locked = { ...board, routes: board.routes.map((route, n) => (n === 1 ? { ...route, locked: "route" } : route)) };
    expect(stepped(locked, stop, "below")?.shift).toBe(board.routes[2]!.shift);
    expect(stepped(board, stop, "above")).toBeNull();
  });

  it("says what it changes, with its sign", () => {
    expect(deltaWords({ meters: 1240, seconds: -300, late: 600, cost: 5, breaches: ["x"] })).toEqual(["+1.2 km", "−5 min", "lateness +10 min", "1 new breach"]);
    expect(moreTime(0)).toBe("±0 min");
    expect(moreWay(10)).toBe("±0 km");
  });
});

describe("the timeline", () => {
  const day = extent(board);
  const view = { from: day[0], to: day[1] };

  it("zooms about a moment that stays under the pointer, never beyond the day", () => {
    const about = toTime(view, 1000, 250);
    const near = zoomed(view, 0.5, about, day);
    expect(toX(near, 1000, about)).toBeCloseTo(250, 3);
    expect(zoomed(near, 100, about, day)).toEqual(view);
    expect(clamped({ from: day[0] - 5000, to: day[0] + 5000 }, day).from).toBe(day[0]);
  });

  it("has ticks on the zone's own hours", () => {
    const offset = ahead(board.now, board.zone);
    expect(offset).toBe(3600);
    for (const at of ticks(view, 1000, offset)) expect(clock(at, board.zone)).toMatch(/^\d\d:00$/);
    const half = ahead(board.now, "Asia/Kolkata");
    expect(half).toBe(19_800);
    for (const at of ticks(view, 1000, half)) expect(clock(at, "Asia/Kolkata")).toMatch(/:00$/);
    expect(ahead(board.now, "America/New_York")).toBe(-18_000);
  });

  it("finds the stop under a point, with a few pixels' grace", () => {
    const stop = first.stops[3]!;
    const [from, to] = shown(stop);
    expect(stopAt(first, view, 1000, toX(view, 1000, (from + to) / 2))?.id).toBe(stop.id);
    expect(stopAt(first, view, 1000, -50)).toBeNull();
  });

  it("puts what is dropped before the first stop whose middle comes later, counted without what is carried", () => {
    const carried = new Set([first.stops[1]!.id]);
    const after = shown(first.stops[3]!)[1] + 1;
    expect(placeAt(first, after, carried)).toBe(3);
    expect(placeAt(first, day[0], carried)).toBe(0);
    const moment = momentOf(first, 3, carried);
    expect(moment).toBeGreaterThan(shown(first.stops[3]!)[1] - 1);
    expect(moment).toBeLessThan(shown(first.stops[4]!)[0] + 1);
  });

  it("draws the rows in view and a few around them", () => {
    expect(rowsIn(360, 200, 300, 36)).toEqual([8, 18]);
    expect(rowsIn(0, 200, 3, 36)).toEqual([0, 3]);
  });
});

describe("an instant", () => {
  it("is read alike in its short form and in any other", () => {
    for (const text of ["2026-11-23T07:30:09Z", "2026-02-28T23:59:59Z"]) expect(seconds(text)).toBe(Date.parse(text) / 1000);
    expect(seconds("2026-11-23T08:30:00+01:00")).toBe(seconds("2026-11-23T07:30:00Z"));
    expect(seconds("2026-11-23T07:30:00.500Z")).toBe(seconds("2026-11-23T07:30:00Z") + 0.5);
  });
});

describe("words", () => {
  it("are what people say", () => {
    expect([duration(5400), duration(59 * 60), duration(7200)]).toEqual(["1 h 30", "59 min", "2 h"]);
    expect(said("load:weight")).toBe("too much weight");
    expect(said("en_route")).toBe("on the way");
  });
});
