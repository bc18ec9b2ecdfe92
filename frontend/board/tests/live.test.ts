// What comes by the stream: which part of the day is read again, who is here, and a search's best so far.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { madeDay } from "../made/day";
import { MadeServer } from "../made/server";
import type { Board } from "../pure/model";
import { Acts } from "../store/acts";
import { Live } from "../store/live";
import { Notices } from "../store/notices";
import type { Server } from "../store/server";
import { Store } from "../store/store";

const SIZE = { routes: 4, stops: 24, left: 3, vehicles: 0 };
let made: MadeServer;
let store: Store;
let acts: Acts;

const board = (): Board => store.board.value!;
const stopsOf = (n: number): string[] => board().routes[n]!.stops.map((stop) => stop.id);

beforeEach(() => {
  made = new MadeServer(madeDay(SIZE));
  store = new Store();
  const server = { preview: async (_plan: string, _revision: number, edits: never[]) => made.change(edits, false) } as unknown as Server;
  acts = new Acts(store, server, new Notices(store, () => undefined), async () => undefined);
});

describe("the stream", () => {
  const heard = new Map<string, (event: { data: string }) => void>();
  const stream = { addEventListener: (name: string, on: never) => void heard.set(name, on) } as unknown as EventSource;
  const tell = (name: string, data: unknown): void => heard.get(name)!({ data: JSON.stringify(data) });
  const asked: string[] = [];

  let slow = 0; // milliseconds that a reading of the day takes

  async function begun(wire = made.board()): Promise<Live> {
    vi.stubGlobal("window", globalThis);
    vi.useFakeTimers();
    asked.length = 0;
    const server = {
      tab: "mine",
      board: async () => {
        asked.push("board");
        if (slow) await new Promise((resolve) => setTimeout(resolve, slow));
        return structuredClone(wire);
      },
      routes: async (_day: string, ids: string[]) => {
        asked.push(...ids);
        const routes = wire.routes.filter((route) => ids.includes(route.route_id!)).map((route) => ({ ...route, state: "finished" }));
        return { now: wire.now, cursor: "", routes, stops: wire.stops.filter((stop) => routes.some((route) => route.shift_id === stop.shift_id)), vehicles: [] };
      },
      best: async () => ({ ...made.change([{ op: "move", visit: stopsOf(0)[0]!, shift_id: board().routes[1]!.shift, position: 0 }], false), since: made.revision }),
    } as unknown as Server;
    const live = new Live(store, server, wire.day, ["stop.completed", "stop.failed", "order.created"]);
    await live.start(() => stream);
    return live;
  }
  afterEach(() => {
    slow = 0;
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("has the route read again that a fact names, and the day for what may change more", async () => {
    const wire = madeDay({ ...SIZE, live: true });
    await begun(wire);
    const [one, other] = wire.routes;
    for (let n = 0; n < 3; n++) tell("stop.completed", { data: { route_id: one!.route_id }, subject_id: one!.stops[n], at: wire.now });
    await vi.advanceTimersByTimeAsync(1500);
    tell("stop.completed", { data: { route_id: "of another day" }, subject_id: "unheard", at: wire.now });
    await vi.advanceTimersByTimeAsync(2500);
    expect(asked).toEqual(["board", one!.route_id]);
    expect(board().byShift.get(one!.shift_id)?.state).toBe("finished");
    expect(board().byShift.get(other!.shift_id)?.state).toBe("started");
    tell("stop.failed", { data: { route_id: one!.route_id }, subject_id: one!.stops[3], at: wire.now });
    await vi.advanceTimersByTimeAsync(2500);
    expect(asked.slice(2)).toEqual(["board"]);
  });

  it("shows at once who else has this day open", async () => {
    const { day } = (await begun(), board());
    const person = { tab: "other", name: "Anna", me: false, selected: [], seen_at: "", day };
    tell("presence", { people: [person, { ...person, tab: "mine" }, { ...person, tab: "third", day: "2026-11-24" }] });
    expect(store.people.value.map((one) => one.tab)).toEqual(["other"]);
  });

  it("says at once how far a search from nothing is, and reads a day that is slow to read within seconds", async () => {
    slow = 5000;
    vi.useFakeTimers();
    const wire = made.board();
    const search = { state: "waiting" as const, base: 0, seconds: 20, progress: {}, failure: null };
    const starting = begun({ ...wire, plan: { ...wire.plan!, state: "asked", search } });
    await vi.advanceTimersByTimeAsync(5000);
    await starting;
    expect(board().plan?.search?.state).toBe("waiting");
    tell("search", { searches: [{ ...search, plan_id: board().plan!.id, state: "running", progress: { seconds: 3 }, best: true }] });
    expect(board().plan?.search).toMatchObject({ state: "running", progress: { seconds: 3 } });
    expect(asked).toEqual(["board"]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toEqual(["board", "board"]);
  });

  it("draws the best so far of a search over what stands, under a change that is carried", async () => {
    await begun();
    const { plan } = board();
    tell("search", { searches: [{ plan_id: plan!.id, state: "running", base: 1, seconds: 20, progress: { seconds: 3 }, best: true }] });
    await vi.advanceTimersByTimeAsync(10);
    expect(board().plan?.search?.progress).toEqual({ seconds: 3 });
    const [from, to] = [board().routes[0]!, board().routes[1]!];
    expect(store.drawn(to.shift)?.stops[0]?.id).toBe(from.stops[0]!.id);
    acts.propose([to.stops[2]!.id], { shift: from.shift, place: 0 }, "menu");
    await vi.advanceTimersByTimeAsync(10);
    expect(store.drawn(to.shift)?.stops[0]?.id).toBe(to.stops[0]!.id);
    acts.discard();
    tell("search", { searches: [] });
    await vi.advanceTimersByTimeAsync(2500);
    expect(store.drawn(to.shift)).toBe(board().byShift.get(to.shift));
  });
});
