// A made day of any size, the same for the same seed: for tests, for the bench, and to look at the board without a server.
import type { WireBoard, WireLeft, WirePlace, WireRoute, WireShift, WireStop, WireVehicle } from "../wire.ts";
import { schedule } from "./clock.ts";

export interface Size {
  routes: number;
  stops: number;
  vehicles: number;
  left: number;
  live: boolean;
  seed: number;
}

export const BIG: Size = { routes: 300, stops: 10_000, vehicles: 500, left: 40, live: false, seed: 5 };
const CENTER = { lat: 49.611, lon: 6.13 };
const DAWN = Date.UTC(2026, 10, 23, 6, 0, 0) / 1000;
const FIRST = ["Mira", "Jonas", "Aïcha", "Tom", "Lena", "Karim", "Sofia", "Noah", "Inès", "Paul", "Zoé", "Malik", "Eva", "Luc"];
const LAST = ["Hoffmann", "Weber", "Diallo", "Lefèvre", "Kieffer", "Thill", "Moreau", "Schmit", "Rossi", "Nowak", "Da Silva", "Klein"];
const STREETS = ["Mill Lane", "Rue du Marché", "Am Weiher", "Quai Neuf", "Rosenweg", "Station Road", "Côte d'Eich", "Rue de l'Eau"];

/** Mulberry32: numbers in [0, 1) that a seed repeats. */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const iso = (s: number): string => new Date(Math.round(s) * 1000).toISOString().replace(".000", "");
const id = (kind: string, n: number): string => `${kind}-${String(n).padStart(5, "0")}`;

export function madeDay(wanted: Partial<Size> = {}): WireBoard {
  const size = { ...BIG, ...wanted };
  const next = chance(size.seed);
  const shifts = Array.from({ length: size.routes }, (_, n) => shiftOf(n, next));
  const places = [...Array(size.stops).keys()].map((n) => placeOf(n, size, next));
  const routes: WireRoute[] = [];
  const stops: WireStop[] = [];
  shifts.forEach((shift, n) => {
    const [from, to] = [n, n + 1].map((k) => Math.floor((k * size.stops) / size.routes));
    const made = schedule(shift, places.slice(from, to), CENTER);
    routes.push({ ...made.route, route_id: size.live ? id("route", n) : null, state: size.live ? "started" : "planned" });
    stops.push(...made.stops.map((stop) => ({ ...stop, stop_id: size.live ? stop.id : null })));
  });
  const now = DAWN + (size.live ? 4 * 3600 + 1500 : -3600);
  if (size.live) lived(routes, new Map(stops.map((stop) => [stop.id, stop])), now, next);
  const left = [...Array(size.left).keys()].map((n) => leftOf(n, size, next));
  return {
    day: "2026-11-23", zone: "Europe/Luxembourg", now: iso(now), currency: "EUR",
    plan: { id: "plan-1", state: size.live ? "released" : "ready", revision: 1, search: null, cost: 0, rung: "great_circle", quantile: 0, created_at: iso(DAWN - 7200), undo: 0, redo: 0 }, plans: [],
    depots: [{ id: "depot-1", name: "Saint-Aubin depot", ...CENTER }], shifts, routes, stops, unassigned: left,
    breaches: [], vehicles: vehiclesOf(size, routes, stops, now, next), locks: [], people: [], cursor: "0.0",
  };
}

function shiftOf(n: number, next: () => number): WireShift {
  const start = DAWN + Math.floor(next() * 5) * 1800;
  return {
    id: id("shift", n), driver: { id: id("driver", n), name: `${FIRST[n % FIRST.length]} ${LAST[Math.floor(n / FIRST.length + n) % LAST.length]}` },
    vehicle: { id: id("van", n), name: `Van ${n + 1}`, profile: "van", capacity: { pieces: 60, weight: 900_000 } },
    start: iso(start), end: iso(start + 9 * 3600), start_depot: "depot-1", end_depot: "depot-1", locked: null,
  };
}

/** Stops of one route lie in a sector, and go out and back in it. */
function placeOf(n: number, size: Size, next: () => number): WirePlace {
  const per = size.stops / size.routes;
  const route = Math.floor(n / per);
  const along = (n % per) / per;
  const angle = (route / size.routes) * 2 * Math.PI * 7.3 + (along - 0.5) * 0.5;
  const way = 2 + (route % 9) * 2.1 + 4 * (1 - Math.abs(2 * along - 1)) + next();
  const open = DAWN + Math.floor(next() * 4) * 3600;
  const wide = next() < 0.75;
  return {
    id: id("visit", n), visit: id("visit", n), place_id: id("place", n), label: `Recipient ${n + 1}`,
    address: `${STREETS[n % STREETS.length]} ${1 + Math.floor(next() * 90)}, Saint-Aubin`,
    lat: CENTER.lat + (Math.cos(angle) * way) / 111, lon: CENTER.lon + (Math.sin(angle) * way) / 72,
    promise: null, priority: 0, tasks: [{ id: id("task", n), kind: "deliver", order_id: id("order", n), order: `A-${10_000 + n}`, recipient: `Recipient ${n + 1}`, loads: {}, pair: "", state: "open" }], orders: [`A-${10_000 + n}`], windows: [[iso(wide ? DAWN : open), iso(wide ? DAWN + 10 * 3600 : open + 5 * 3600)]],
    service_s: 180 + Math.floor(next() * 5) * 60,
  };
}

function leftOf(n: number, size: Size, next: () => number): WireLeft {
  const place = placeOf(Math.floor(next() * size.stops), size, next);
  const codes = ["time_window", "load:weight", "shift_end", "skill"];
  const visit = id("left", n);
  return { ...place, id: visit, visit, orders: [`B-${500 + n}`], label: `Waiting ${n + 1}`, reasons: [{ code: codes[n % codes.length]!, shifts: size.routes, text: "", would_let_in: "" }] };
}

function lived(routes: WireRoute[], stops: Map<string, WireStop>, now: number, next: () => number): void {
  for (const route of routes) {
    let drift = Math.floor((next() - 0.35) * 1200);
    for (const stop of route.stops.map((one) => stops.get(one)!)) {
      const leave = Date.parse(stop.leave) / 1000 + drift;
      if (leave < now) {
        stop.state = next() < 0.04 ? "failed" : "completed";
        stop.done_at = iso(leave);
        route.driven[stop.state === "failed" ? "failed" : "done"] += 1;
        drift += Math.floor((next() - 0.45) * 120);
      } else {
        const p50 = Date.parse(stop.arrive) / 1000 + drift;
        stop.eta = { p10: iso(p50 - 300), p50: iso(p50), p90: iso(p50 + 540), made_at: iso(now - 40), stale: false };
      }
    }
    const open = route.stops.map((one) => stops.get(one)!).find((stop) => stop.state === "planned");
    if (open) open.state = "en_route";
  }
}

function vehiclesOf(size: Size, routes: WireRoute[], stops: WireStop[], now: number, next: () => number): WireVehicle[] {
  return [...Array(size.vehicles).keys()].map((n) => {
    const near = stops[Math.floor(next() * stops.length)]!;
    return {
      route_id: routes[n]?.route_id ?? id("spare", n), lat: near.lat! + (next() - 0.5) / 200, lon: near.lon! + (next() - 0.5) / 150,
      heading: Math.floor(next() * 360), speed_mh: 30_000, at: iso(now - (n % 23 === 5 ? 2400 : 20)), silent: n % 23 === 5,
    };
  });
}
