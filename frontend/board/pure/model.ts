// The day as the board holds it: numbers for times (seconds since 1970), routes in the order of the list, stops by id.
// A board is never changed; `withRoutes` makes the next one and shares all that stayed the same.
import type { Breach, Held, Reason, Span, WireBoard, WireLeft, WirePlace, WirePlan, WirePerson, WireRoute, WireShift, WireStop, WireTask, WireVehicle } from "../wire";

export type Window = readonly [from: number, to: number];

export interface Stop {
  id: string;
  visit: string | null;
  stopId: string | null;
  placeId: string;
  label: string;
  address: string;
  lat: number;
  lon: number;
  tasks: WireTask[];
  located: boolean;
  priority: number;
  orders: string[];
  windows: Window[];
  service: number;
  arrive: number;
  start: number;
  leave: number;
  late: number;
  state: string;
  lock: string | null;
  promise: Window | null;
  eta: { p10: number; p50: number; p90: number; madeAt: number; stale: boolean } | null;
  doneAt: number | null;
  /** The shift it is on; null: on no route. */
  shift: string | null;
  /** Its place on the route, 0 is first. */
  at: number;
  reasons: Reason[];
}

export interface Route {
  shift: string;
  route: string | null;
  driver: string;
  driverId: string | null;
  vehicle: string;
  profile: string;
  capacity: Record<string, number>;
  load: Record<string, number>;
  hue: number;
  state: string;
  locked: string | null;
  version: number | null;
  from: number;
  to: number;
  start: number | null;
  end: number | null;
  meters: number;
  cost: number;
  late: number;
  lateStops: number;
  breaks: Window[];
  driven: { done: number; failed: number; total: number };
  stops: Stop[];
  depots: [start: string, end: string];
}

export interface Vehicle {
  route: string;
  lat: number;
  lon: number;
  heading: number | null;
  at: number;
  silent: boolean;
}

export interface Board {
  day: string;
  zone: string;
  now: number;
  currency: string;
  plan: WirePlan | null;
  plans: WirePlan[];
  depots: { id: string; name: string; lat: number; lon: number }[];
  routes: Route[];
  byShift: ReadonlyMap<string, Route>;
  stops: ReadonlyMap<string, Stop>;
  left: Stop[];
  breaches: Breach[];
  vehicles: Vehicle[];
  held: Held[];
  people: WirePerson[];
  cursor: string;
}

export const HUES = 12;
const OPEN = new Set(["planned", "en_route", "arrived", "in_service", "skipped"]);

const days = new Map<string, number>();

/** Seconds since 1970 of an instant in UTC (`2026-11-23T07:30:00Z`): a day's board has tens of thousands of them. */
export function seconds(text: string): number {
  if (text.length !== 20 || text.charCodeAt(19) !== 90) return Date.parse(text) / 1000;
  const day = text.slice(0, 10);
  let midnight = days.get(day);
  if (midnight === undefined) days.set(day, (midnight = Date.parse(`${day}T00:00:00Z`) / 1000));
  const two = (at: number): number => (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;
  return midnight + two(11) * 3600 + two(14) * 60 + two(17);
}

export const isOpen = (stop: Stop): boolean => OPEN.has(stop.state);
/** Whether something of the day is on the road. */
export const isLive = (board: Board): boolean => board.routes.some((route) => route.route !== null);
/** Whether a search for the day's plan waits or runs. */
export function isSearched(board: Board): boolean {
  const { plan } = board;
  return plan?.state === "asked" || plan?.state === "solving" || plan?.search?.state === "running" || plan?.search?.state === "waiting";
}
export const nameOf = (route: Route): string => route.driver || route.vehicle;

const spans = (all: Span[]): Window[] => all.map(([from, to]) => [seconds(from), seconds(to)] as const);

function placed(wire: WirePlace): Stop {
  return {
    id: wire.id, visit: wire.visit, stopId: null, placeId: wire.place_id, label: wire.label, address: wire.address,
    lat: wire.lat ?? 0, lon: wire.lon ?? 0, located: wire.lat !== null, priority: wire.priority, tasks: wire.tasks, orders: wire.orders, windows: spans(wire.windows), service: wire.service_s,
    arrive: 0, start: 0, leave: 0, late: 0, state: "planned", lock: null, eta: null, doneAt: null,
    promise: wire.promise && [seconds(wire.promise[0]), seconds(wire.promise[1])], shift: null, at: -1, reasons: [],
  };
}

export function stopOf(wire: WireStop): Stop {
  const { eta } = wire;
  return {
    ...placed(wire), stopId: wire.stop_id,
    arrive: seconds(wire.arrive), start: seconds(wire.start), leave: seconds(wire.leave), late: wire.late_s,
    state: wire.state, lock: wire.lock, doneAt: wire.done_at ? seconds(wire.done_at) : null,
    eta: eta && { p10: seconds(eta.p10), p50: seconds(eta.p50), p90: seconds(eta.p90), madeAt: seconds(eta.made_at), stale: eta.stale },
  };
}

export function leftOf(wire: WireLeft): Stop {
  return { ...placed(wire), reasons: wire.reasons };
}

function empty(shift: WireShift, hue: number): Route {
  return {
    shift: shift.id, route: null, driver: shift.driver?.name ?? "", driverId: shift.driver?.id ?? null,
    vehicle: shift.vehicle.name, profile: shift.vehicle.profile, capacity: shift.vehicle.capacity, load: {}, hue,
    state: "planned", version: null, locked: shift.locked, from: seconds(shift.start), to: seconds(shift.end), start: null, end: null,
    meters: 0, cost: 0, late: 0, lateStops: 0, breaks: [], driven: { done: 0, failed: 0, total: 0 }, stops: [],
    depots: [shift.start_depot, shift.end_depot],
  };
}

/** A route with these stops, each told where it is. Stops that know it already stay the same objects. */
export function filled(base: Route, wire: Omit<WireRoute, "stops" | "shift_id">, stops: Stop[]): Route {
  const here = stops.map((stop, at) => (stop.shift === base.shift && stop.at === at ? stop : { ...stop, shift: base.shift, at }));
  return {
    ...base, route: wire.route_id, version: wire.version, state: wire.state, meters: wire.meters, cost: wire.cost, late: wire.late_s,
    start: stops.length ? seconds(wire.start) : null, end: stops.length ? seconds(wire.end) : null, load: wire.load,
    breaks: spans(wire.breaks), driven: wire.driven, stops: here, lateStops: here.filter((stop) => stop.late > 0).length,
  };
}

export function vehicleOf(wire: WireVehicle): Vehicle {
  return { route: wire.route_id, lat: wire.lat, lon: wire.lon, heading: wire.heading, at: seconds(wire.at), silent: wire.silent };
}

export function boardOf(wire: WireBoard): Board {
  const known = new Map(wire.stops.map((stop) => [stop.id, stopOf(stop)]));
  const shifts = new Map(wire.shifts.map((shift, number) => [shift.id, empty(shift, number % HUES)]));
  for (const route of wire.routes) {
    const base = shifts.get(route.shift_id);
    if (!base) continue;
    const stops = route.stops.map((id) => known.get(id)).filter((stop) => stop !== undefined);
    shifts.set(route.shift_id, filled(base, route, stops));
  }
  const left = wire.unassigned.map(leftOf);
  return indexed({
    day: wire.day, zone: wire.zone, now: seconds(wire.now), currency: wire.currency, plan: wire.plan, plans: wire.plans,
    depots: wire.depots.flatMap(({ id, name, lat, lon }) => (lat === null || lon === null ? [] : [{ id, name, lat, lon }])), people: wire.people, routes: [...shifts.values()], left, breaches: wire.breaches, held: wire.locks, cursor: wire.cursor,
    vehicles: wire.vehicles.map(vehicleOf),
  });
}

function indexed(board: Omit<Board, "stops" | "byShift">): Board {
  const stops = new Map<string, Stop>();
  for (const route of board.routes) for (const stop of route.stops) stops.set(stop.id, stop);
  for (const stop of board.left) stops.set(stop.id, stop);
  return { ...board, stops, byShift: new Map(board.routes.map((route) => [route.shift, route])) };
}

/** The next board: some routes and what is left out are new. */
export function withRoutes(board: Board, routes: Iterable<Route>, left: Stop[] = board.left, more: Partial<Board> = {}): Board {
  const fresh = new Map([...routes].map((route) => [route.shift, route]));
  return indexed({ ...board, ...more, routes: board.routes.map((route) => fresh.get(route.shift) ?? route), left });
}

/** First and last moment worth showing: all shifts and all that is planned, in whole hours. */
export function extent(board: Board): Window {
  let from = Infinity;
  let to = -Infinity;
  for (const route of board.routes) {
    from = Math.min(from, route.from, route.start ?? Infinity);
    to = Math.max(to, route.to, route.end ?? -Infinity);
  }
  if (from > to) return [board.now - 3600, board.now + 9 * 3600];
  return [Math.floor(from / 3600) * 3600 - 1800, Math.ceil(to / 3600) * 3600 + 1800];
}
