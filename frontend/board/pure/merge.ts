// What a newer reading of the day changes of the board that stands. What says the same keeps its object. Pure.
import type { WireRouteParts } from "../wire";
import { filled, seconds, stopOf, vehicleOf, withRoutes } from "./model";
import type { Board, Route, Stop } from "./model";

const ENDED = new Set(["completed", "partial", "failed"]);

/** A board as it is handed over in parts: routes that are others now, the order of all, and the rest. */
export interface Patch {
  routes: ReadonlyMap<string, Route>;
  order: readonly string[];
  /** null: as it was. */
  left: Stop[] | null;
  rest: Rest;
}
export type Rest = Omit<Board, "routes" | "byShift" | "stops" | "left">;

/** The board with news of its stops. */
export function told(board: Board, news: ReadonlyMap<string, { state: string; at: string }>): Board {
  const touched = new Set([...news.keys()].map((id) => board.stops.get(id)?.shift));
  const routes = board.routes.filter((route) => touched.has(route.shift)).map((route): Route => {
    const stops = route.stops.map((stop) => {
      const one = news.get(stop.id);
      return one ? { ...stop, state: one.state, doneAt: ENDED.has(one.state) ? seconds(one.at) : stop.doneAt } : stop;
    });
    const ended = (...states: string[]): number => stops.filter((stop) => states.includes(stop.state)).length;
    return { ...route, stops, driven: { done: ended("completed", "partial"), failed: ended("failed"), total: stops.length } };
  });
  return routes.length ? withRoutes(board, routes) : board;
}

/** The route, as the old one with its stops wherever they say the same. */
export function sameAs(before: Route | undefined, route: Route): Route {
  if (!before) return route;
  const was = new Map(before.stops.map((stop) => [stop.id, stop]));
  const stops = route.stops.map((stop) => {
    const old = was.get(stop.id);
    return old && equal(old, stop) ? old : stop;
  });
  const kept = stops.length === before.stops.length && stops.every((stop, n) => stop === before.stops[n]) && equal({ ...before, stops: 0 }, { ...route, stops: 0 });
  return kept ? before : { ...route, stops };
}

/** The next board: the one that stands, with what a patch has. */
export function laid(old: Board, { routes, order, left, rest }: Patch): Board {
  const all = order.map((shift) => {
    const [before, now] = [old.byShift.get(shift), routes.get(shift)];
    const route = now ? sameAs(before, now) : before;
    if (!route) throw new Error("a route that was never told of");
    return route;
  });
  return withRoutes({ ...old, ...rest, routes: all }, [], left ?? old.left);
}

/** The board with a few routes on the road read again; null where one of them is of no shift that is shown. */
export function partly(old: Board, wire: WireRouteParts): Board | null {
  const stops = new Map(wire.stops.map((stop) => [stop.id, stopOf(stop)]));
  const routes: Route[] = [];
  for (const one of wire.routes) {
    const before = old.byShift.get(one.shift_id);
    if (!before) return null;
    const mine = one.stops.map((id) => stops.get(id)).filter((stop) => stop !== undefined);
    routes.push(sameAs(before, filled(before, one, mine)));
  }
  const heard = new Map(wire.vehicles.map((one) => [one.route_id, vehicleOf(one)]));
  const vehicles = [...old.vehicles.filter((one) => !heard.has(one.route)), ...heard.values()];
  return withRoutes(old, routes, old.left, { vehicles });
}

/** The new board, with the old one's routes and stops wherever they say the same. */
export function merged(old: Board | null, fresh: Board): Board {
  if (!old || old.day !== fresh.day) return fresh;
  const routes = fresh.routes.map((route) => sameAs(old.byShift.get(route.shift), route));
  return withRoutes({ ...fresh, routes }, [], equal(old.left, fresh.left) ? old.left : fresh.left);
}

/** Whether two plain values say the same. */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((one, n) => equal(one, b[n]));
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>];
  for (const key in x) if (!equal(x[key], y[key])) return false;
  for (const key in y) if (!(key in x)) return false;
  return true;
}
