// The route that is looked at: read when it is chosen, never laid under another one, and given to another driver.
import { beforeEach, describe, expect, it, vi } from "vitest";
import { madeDay } from "../made/day";
import { MadeServer } from "../made/server";
import { boardOf } from "../pure/model";
import type { Route } from "../pure/model";
import { drivenOf } from "../map/features";
import { Crew } from "../store/crew";
import { Problem } from "../store/http";
import { Notices } from "../store/notices";
import { Runs } from "../store/runs";
import type { Server } from "../store/server";
import { Store } from "../store/store";

const driver = (id: string, active = true): unknown => ({ id, name: `Driver ${id}`, phone: "+352621000001", active });
let store: Store;
let crew: Crew;
let asked: string[];
let waits: Map<string, () => void>;
let refuse: Problem | null;
let routes: Route[];

beforeEach(() => {
  store = new Store();
  const board = boardOf(new MadeServer(madeDay({ routes: 3, stops: 9, left: 0, vehicles: 0 })).board());
  routes = board.routes.map((route, n) => ({ ...route, route: n < 2 ? `r${n}` : null, state: n < 2 ? "started" : "planned" }));
  store.board.value = { ...board, routes, byShift: new Map(routes.map((route) => [route.shift, route])) };
  [asked, waits, refuse] = [[], new Map(), null];
  const server = {
    route: (id: string) => new Promise((answer) => waits.set(id, () => answer({ id, driver_id: "a" }))),
    told: async () => [],
    trace: async () => ({ items: [{ lat: 1, lon: 2 }, { lat: 3, lon: 4 }], driven_m: 1200 }),
    drivers: async () => [driver("a"), driver("b"), driver("c", false)],
    nameDriver: async (shift: string, id: string | null) => void asked.push(`name ${shift} ${id}`),
    reassign: async (route: string, id: string, accept: boolean) => {
      if (refuse && !accept) throw refuse;
      asked.push(`give ${route} ${id} ${accept}`);
    },
  } as unknown as Server;
  const notices = new Notices(store, () => undefined);
  crew = new Crew(store, server, new Runs(store, server, notices, async () => undefined));
});

const turn = (): Promise<void> => new Promise((done) => setTimeout(done));

describe("a route that is looked at", () => {
  it("is read once it is chosen, and one on no road is not", async () => {
    const end = crew.follow();
    store.route.value = routes[2]!.shift;
    await turn();
    expect([...waits.keys()]).toEqual([]);
    store.route.value = routes[0]!.shift;
    await turn();
    waits.get("r0")!();
    await turn();
    expect(crew.looked.value).toMatchObject({ route: "r0", driven: 1200, track: [[2, 1], [4, 3]] });
    store.route.value = null;
    expect(crew.looked.value).toBeNull();
    end();
  });

  it("is not overtaken by an answer about the one before", async () => {
    const end = crew.follow();
    store.route.value = routes[0]!.shift;
    store.route.value = routes[1]!.shift;
    await turn();
    waits.get("r1")!();
    waits.get("r0")!();
    await turn();
    expect(crew.looked.value?.route).toBe("r1");
    end();
  });

  it("is drawn where it was driven once there are two points", () => {
    expect(drivenOf([[1, 2]]).features).toEqual([]);
    expect(drivenOf([[1, 2], [3, 4]]).features[0]?.geometry.coordinates).toEqual([[1, 2], [3, 4]]);
  });
});

describe("another driver", () => {
  it("is named for the shift of a draft, and given a route on the road; those out of service are not offered", async () => {
    await crew.known();
    expect(crew.drivers.value?.map((one) => one.id)).toEqual(["a", "b"]);
    await crew.give(routes[2]!, "b");
    await crew.give(routes[2]!, null);
    await crew.give(routes[0]!, "b");
    expect(asked).toEqual([`name ${routes[2]!.shift} b`, `name ${routes[2]!.shift} null`, "give r0 b false"]);
    expect(await crew.give(routes[0]!, null)).toBe(false);
  });

  it("whom a rule speaks against is refused with its reason, and given the route all the same where that is wanted", async () => {
    await crew.known();
    refuse = new Problem(409, { code: "route.has_breaches", detail: "it breaks a rule" });
    expect(await crew.give(routes[0]!, "b")).toBe(false);
    const notice = store.notices.value.at(-1)!;
    expect(notice.text).toBe("it breaks a rule");
    notice.act!.run();
    await vi.waitFor(() => expect(asked).toEqual(["give r0 b true"]));
  });
});
