// How sure a plan is: what is told of it, and that an answer belongs to the revision that it was asked of.
import { describe, expect, it } from "vitest";
import { madeDay } from "../made/day";
import { MadeServer } from "../made/server";
import { boardOf } from "../pure/model";
import { helps, likely } from "../pure/sure";
import { Notices } from "../store/notices";
import { Runs } from "../store/runs";
import type { Server } from "../store/server";
import { Store } from "../store/store";
import type { Odds } from "../wire";

const of = (more: Partial<Odds>): Odds => ({ plan_id: "p", number: 1, model: 0, samples: 500, stops: 9, kept: 7, routes: [], weakest: [], out: [], ...more });
const route = (shift: string, gains: number[]): Odds["routes"][number] => ({
  shift, kept: 3, overtime: 0, stops: [], earlier: gains.map((gain, n) => ({ minutes: 5 * (n + 1), gain })),
});

describe("what would help", () => {
  it("is of each route the shortest earlier start that buys nearly all, and stops to take off, the best first", () => {
    const odds = of({ routes: [route("a", [0.2, 0.95, 1]), route("b", [0, 0]), route("c", [])], out: [{ shift: "b", visit: "v", gain: 0.5 }] });
    expect(helps(odds)).toEqual([
      { shift: "a", minutes: 10, visit: "", gain: 0.95 },
      { shift: "b", minutes: 0, visit: "v", gain: 0.5 },
    ]);
  });

  it("leaves out what gains next to nothing", () => {
    expect(helps(of({ routes: [route("a", [0.01, 0.04])], out: [{ shift: "b", visit: "v", gain: 0.04 }] }))).toEqual([]);
  });

  it("calls nothing sure that is not", () => {
    expect([0, 0.002, 0.499, 0.997, 1].map(likely)).toEqual(["0 %", "1 %", "50 %", "99 %", "100 %"]);
  });
});

describe("an answer", () => {
  const store = new Store();
  store.board.value = boardOf(new MadeServer(madeDay({ routes: 2, stops: 8, left: 0, vehicles: 0 })).board());
  const plan = store.board.value.plan!;

  it("is of the revision that stood when it was asked for", async () => {
    const asked: [string, number][] = [];
    const server = { odds: async (id: string, revision: number) => (asked.push([id, revision]), of({ number: revision })) } as unknown as Server;
    const runs = new Runs(store, server, new Notices(store, () => undefined), async () => undefined);
    await runs.weigh();
    expect(asked).toEqual([[plan.id, plan.revision]]);
    expect(runs.odds.value).toEqual({ revision: plan.revision, answer: of({ number: plan.revision }) });
  });

  it("that does not come leaves the question open", async () => {
    const server = { odds: async () => Promise.reject(new Error("no")) } as unknown as Server;
    const runs = new Runs(store, server, new Notices(store, () => undefined), async () => undefined);
    await runs.weigh();
    expect(runs.odds.value).toBeNull();
  });
});
