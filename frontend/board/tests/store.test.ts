// The store and its acts against a server in memory: what is shown, kept, taken back, refused, and what others do.
import { beforeEach, describe, expect, it, vi } from "vitest";
import { madeDay } from "../made/day";
import { MadeServer } from "../made/server";
import { boardOf } from "../pure/model";
import type { Board } from "../pure/model";
import { foreseen, wished } from "../pure/foreseen";
import type { Wished } from "../pure/foreseen";
import { only } from "../pure/selection";
import { Acts } from "../store/acts";
import { applied, changeOf } from "../store/changes";
import { Problem } from "../store/http";
import { equal, laid, merged, partly, told } from "../pure/merge";
import { Notices } from "../store/notices";
import type { Server } from "../store/server";
import { Store } from "../store/store";

let made: MadeServer;
let store: Store;
let acts: Acts;
let notices: Notices;
let refetched = 0;
let refuse: Problem | null = null;

const SIZE = { routes: 4, stops: 24, left: 3, vehicles: 0 };
const board = (): Board => store.board.value!;
const stopsOf = (n: number): string[] => board().routes[n]!.stops.map((stop) => stop.id);

beforeEach(() => {
  made = new MadeServer(madeDay(SIZE));
  store = new Store();
  store.board.value = boardOf(made.board());
  refetched = 0;
  refuse = null;
  const server = {
    preview: async (_plan: string, _revision: number, edits: never[]) => made.change(edits, false),
    edit: async (_plan: string, _revision: number, edits: never[]) => {
      if (refuse) throw refuse;
      return made.change(edits, true);
    },
    undo: async () => made.undo()!,
    redo: async () => made.redo()!,
  } as unknown as Server;
  notices = new Notices(store, () => undefined);
  acts = new Acts(store, server, notices, async () => void (refetched += 1));
});

describe("a draft", () => {
  it("shows what it changes and keeps nothing until it is told to", async () => {
    const [stop, to] = [stopsOf(0)[2]!, board().routes[1]!.shift];
    expect(acts.propose([stop], { shift: to, place: 0 }, "menu")).toBe(true);
    const draft = await acts.settled();
    expect(draft?.state).toBe("shown");
    expect(draft?.change?.routes.size).toBe(2);
    expect(draft?.change?.delta.meters).not.toBe(0);
    expect(store.drawn(to)?.stops[0]?.id).toBe(stop);
    expect(stopsOf(0)).toContain(stop);
    expect(made.revision).toBe(1);
    expect(await acts.keep()).toBe(true);
    expect(stopsOf(1)[0]).toBe(stop);
    expect(board().stops.get(stop)?.shift).toBe(to);
    expect(board().plan?.revision).toBe(2);
    expect(store.draft.value).toBeNull();
  });

  it("taken back leaves the board as it was, the same object", async () => {
    const before = board();
    acts.propose([stopsOf(0)[2]!], { shift: null, place: 0 }, "key");
    await acts.settled();
    expect(store.left.value).toHaveLength(SIZE.left + 1);
    acts.discard();
    expect(board()).toBe(before);
    expect(store.left.value).toBe(before.left);
    expect(store.said.value).toMatch(/Taken back/);
  });

  it("that would change nothing is none", () => {
    expect(acts.propose([stopsOf(0)[2]!], { shift: board().routes[0]!.shift, place: 2 }, "menu")).toBe(false);
    expect(store.draft.value).toBeNull();
  });

  it("asks for one price at a time, and for the newest place last", async () => {
    const asked = vi.spyOn(made, "change");
    const to = board().routes[1]!.shift;
    for (const place of [0, 1, 2, 3]) acts.propose([stopsOf(0)[0]!], { shift: to, place }, "drag");
    const draft = await acts.settled();
    expect(draft?.to?.place).toBe(3);
    expect(asked.mock.calls.length).toBeLessThanOrEqual(2);
    expect(draft?.change?.routes.get(to)?.stops[3]?.id).toBe(stopsOf(0)[0]);
  });

  it("of a stop that was left out puts it on the route and off the list", async () => {
    const left = board().left[0]!.id;
    acts.propose([left], { shift: board().routes[2]!.shift, place: 1 }, "drag");
    await acts.settled();
    await acts.keep();
    expect(board().left.map((stop) => stop.id)).not.toContain(left);
    expect(stopsOf(2)[1]).toBe(left);
  });
});

describe("undo and redo", () => {
  it("go a hundred edits back and forth", async () => {
    const start = board().routes.map((route) => route.stops.map((stop) => stop.id));
    const to = board().routes[1]!.shift;
    for (let n = 0; n < 100; n++) {
      const from = n % 2 ? board().routes[1]! : board().routes[0]!;
      await acts.send([{ op: "move", visit: from.stops[0]!.id, shift_id: n % 2 ? board().routes[0]!.shift : to, position: n % 3 }], "moved");
    }
    const end = board().routes.map((route) => route.stops.map((stop) => stop.id));
    expect(board().plan?.undo).toBe(100);
    for (let n = 0; n < 100; n++) await acts.undo();
    expect(board().routes.map((route) => route.stops.map((stop) => stop.id))).toEqual(start);
    expect(board().plan?.undo).toBe(0);
    for (let n = 0; n < 100; n++) await acts.redo();
    expect(board().routes.map((route) => route.stops.map((stop) => stop.id))).toEqual(end);
  });

  it("with a draft in hand only take the draft back", async () => {
    acts.propose([stopsOf(0)[2]!], { shift: null, place: 0 }, "key");
    await acts.settled();
    await acts.undo();
    expect(store.draft.value).toBeNull();
    expect(made.revision).toBe(1);
  });
});

describe("a refusal", () => {
  it("because somebody else changed the same says who, and reads the board again", async () => {
    refuse = new Problem(409, { code: "plan.revision_conflict", detail: "Bea moved this stop at 08:12", remedy: "look, and move it again" });
    expect(await acts.send([{ op: "move", visit: stopsOf(0)[0]!, shift_id: null, position: 0 }], "x")).toBe(false);
    expect(store.notices.value[0]?.tone).toBe("warn");
    expect(store.notices.value[0]?.more).toContain("Bea");
    expect(refetched).toBe(1);
    expect(board().plan?.revision).toBe(1);
  });
});

describe("locks", () => {
  it("come onto stops and routes with the answer, and go", async () => {
    await acts.lock("position", true, { ids: [stopsOf(0)[1]!] });
    expect(board().routes[0]!.stops[1]!.lock).toBe("position");
    await acts.lock("route", true, { shift: board().routes[3]!.shift });
    expect(board().routes[3]!.locked).toBe("route");
    await acts.lock("route", false, { shift: board().routes[3]!.shift });
    expect(board().routes[3]!.locked).toBeNull();
    expect(board().routes[0]!.stops[1]!.lock).toBe("position");
  });
});

describe("what others do", () => {
  it("is laid on the board, and routes that it does not touch stay the same objects", () => {
    const before = board();
    const wire = made.change([{ op: "move", visit: stopsOf(0)[0]!, shift_id: before.routes[1]!.shift, position: 0 }], true);
    const after = applied(before, wire);
    expect(after.routes[2]).toBe(before.routes[2]);
    expect(after.routes[1]).not.toBe(before.routes[1]);
    expect(changeOf(before, wire).perRoute).toHaveLength(2);
    expect(boardOf(made.board()).routes.map((route) => route.stops.map((stop) => [stop.id, stop.start, stop.at]))).toEqual(
      after.routes.map((route) => route.stops.map((stop) => [stop.id, stop.start, stop.at])),
    );
  });

  it("read as a whole day keeps what is the same, and the selection with it", () => {
    const before = board();
    store.selection.value = only(stopsOf(0)[1]!);
    made.change([{ op: "move", visit: stopsOf(3)[0]!, shift_id: null, position: 0 }], true);
    const after = merged(before, boardOf(made.board()));
    expect(after.routes[0]).toBe(before.routes[0]);
    expect(after.routes[3]).not.toBe(before.routes[3]);
    expect(after.stops.get(stopsOf(0)[1]!)).toBe(before.stops.get(stopsOf(0)[1]!));
    expect(after.left).toHaveLength(SIZE.left + 1);
  });

  it("on the road shows at once: a stop that was completed", () => {
    const before = board();
    const id = stopsOf(0)[0]!;
    const after = told(before, new Map([[id, { state: "completed", at: "2026-11-23T07:00:00Z" }]]));
    expect(after.stops.get(id)).toMatchObject({ state: "completed", doneAt: Date.UTC(2026, 10, 23, 7) / 1000 });
    expect(after.routes[0]!.driven).toMatchObject({ done: 1, failed: 0 });
    expect(after.routes[1]).toBe(before.routes[1]);
    expect(told(before, new Map([["nobody", { state: "failed", at: "2026-11-23T07:00:00Z" }]]))).toBe(before);
  });

  it("counts as the same only if it says the same", () => {
    expect(equal({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] })).toBe(true);
    expect(equal({ a: 1 }, { a: 1, b: 2 })).toBe(false);
    expect(equal([1, 2], [1])).toBe(false);
    expect(equal(null, {})).toBe(false);
  });
});

describe("on the road", () => {
  it("a change is shown by an estimate, then by what the server says, and sent as its place among the open stops", async () => {
    made = new MadeServer(madeDay({ ...SIZE, stops: 160, live: true }));
    store.board.value = boardOf(made.board());
    const route = board().routes[0]!;
    const open = route.stops.filter((stop) => stop.doneAt === null);
    const sent: unknown[] = [];
    const asked: Wished[][] = [];
    const [moved, ...rest] = [open.at(-1)!, ...open.slice(0, -1)];
    const told = { before: { meters: 9000, seconds: 3600, late_s: 0, cost: 500 }, after: { meters: 9400, seconds: 3720, late_s: 60, cost: 560 } };
    const hour = (n: number): string => `2026-11-23T${String(9 + n).padStart(2, "0")}:00:00Z`;
    Object.assign(acts.server, {
      moveStop: async (...what: unknown[]) => void sent.push(what),
      foresee: async (routes: Wished[]) => {
        asked.push(routes);
        const stops = routes[0]!.halts.map((id, n) => ({ id, arrive: hour(n), start: hour(n), leave: hour(n), late_s: n ? 0 : 60 }));
        return { routes: [{ route_id: route.route, ...told, breaches: [{ code: "time_window", stop_id: moved.id, amount: 60, text: "1 min late" }], ends_at: hour(9), stops }] };
      },
    });
    acts.propose([moved.id], { shift: route.shift, place: route.stops.length - open.length }, "key");
    expect(store.draft.value).toMatchObject({ road: true, state: "asking" });
    expect(store.draft.value?.change?.delta.meters).not.toBe(0);
    const draft = await acts.settled();
    expect(asked).toEqual([[{ route_id: route.route, halts: [moved, ...rest].map((stop) => stop.stopId), best: [] }]]);
    expect(draft?.change?.delta).toEqual({ meters: 400, seconds: 120, late: 60, cost: 60, breaches: ["1 min late"] });
    const next = draft?.change?.routes.get(route.shift)?.stops.find((stop) => stop.doneAt === null);
    expect(next).toMatchObject({ id: moved.id, arrive: Date.parse(hour(0)) / 1000, late: 60 });
    await acts.keep();
    expect(sent).toEqual([[moved.id, route.route, 0, true]]);
    expect(refetched).toBe(1);
  });
});

describe("routes on the road as they would be", () => {
  beforeEach(() => {
    made = new MadeServer(madeDay({ ...SIZE, stops: 160, live: true }));
    store.board.value = boardOf(made.board());
  });
  const openOf = (n: number): string[] => board().routes[n]!.stops.filter((stop) => stop.doneAt === null).map((stop) => stop.id);

  it("name what leaves one and joins the other, where it fits best too", () => {
    const [here, there] = [board().routes[0]!, board().routes[1]!];
    const moved = openOf(0)[1]!;
    const done = there.stops.length - openOf(1).length;
    const rest = { route_id: here.route, halts: openOf(0).filter((id) => id !== moved), best: [] };
    expect(wished(board(), [moved], { shift: there.shift, place: done + 1 })).toEqual([
      rest, { route_id: there.route, halts: openOf(1).toSpliced(1, 0, moved), best: [] },
    ]);
    expect(wished(board(), [moved], { shift: there.shift, place: null })).toEqual([rest, { route_id: there.route, halts: openOf(1), best: [moved] }]);
    expect(wished(board(), [moved], { shift: null, place: 0 })).toEqual([rest]);
  });

  it("of which nothing was said stay as they were guessed", () => {
    const guess = { revision: 1, routes: new Map([[board().routes[0]!.shift, board().routes[0]!]]), left: null, perRoute: [], breaches: [], delta: { meters: 7, seconds: 0, late: 0, cost: 0, breaches: [] } };
    expect(foreseen(board(), { routes: [] }, guess).routes.get(board().routes[0]!.shift)).toBe(board().routes[0]);
  });
});

describe("notices", () => {
  it("are three at most, and said aloud", () => {
    for (const text of ["a", "b", "c", "d"]) notices.show("bad", text, "more");
    expect(store.notices.value.map((notice) => notice.text)).toEqual(["b", "c", "d"]);
    expect(store.said.value).toBe("d: more");
  });
});

describe("a day read again in parts", () => {
  it("keeps what says the same, and takes what does not", () => {
    const before = board();
    const fresh = boardOf(structuredClone(made.board()));
    const { routes, byShift: _b, stops: _s, left: _l, ...rest } = fresh;
    const [first] = routes;
    const late = { ...first!, stops: first!.stops.map((stop, n) => (n ? stop : { ...stop, late: 60 })) };
    const next = laid(before, { routes: new Map([[late.shift, late]]), order: routes.map((route) => route.shift), left: null, rest });
    expect(next.routes.slice(1)).toEqual(before.routes.slice(1));
    expect(next.routes[1]).toBe(before.routes[1]);
    expect(next.routes[0]!.stops[0]!.late).toBe(60);
    expect(next.routes[0]!.stops[1]).toBe(before.routes[0]!.stops[1]);
    expect(next.stops.get(late.stops[0]!.id)?.late).toBe(60);
    expect(next.left).toBe(before.left);
    expect(() => laid(before, { routes: new Map(), order: ["unheard"], left: null, rest })).toThrow();
  });

  it("lays a route that was read by itself beside the others", () => {
    const wire = madeDay({ ...SIZE, live: true, vehicles: 4 });
    const before = boardOf(wire);
    const one = wire.routes[2]!;
    const mine = wire.stops.filter((stop) => stop.shift_id === one.shift_id).map((stop, n) => (n ? stop : { ...stop, state: "failed" }));
    const silent = { ...wire.vehicles[2]!, silent: true };
    const next = partly(before, { now: wire.now, cursor: "", routes: [one], stops: mine, vehicles: [silent] })!;
    expect(next.routes.map((route, n) => route === before.routes[n])).toEqual([true, true, false, true]);
    expect(next.routes[2]!.stops[0]!.state).toBe("failed");
    expect(next.routes[2]!.stops[1]).toBe(before.routes[2]!.stops[1]);
    expect(next.vehicles).toHaveLength(4);
    expect(next.vehicles.find((van) => van.route === one.route_id)?.silent).toBe(true);
    expect(partly(before, { now: wire.now, cursor: "", routes: [{ ...one, shift_id: "unheard" }], stops: mine, vehicles: [] })).toBeNull();
  });
});
