// What a change of routes on the road would come to: how the server is asked, and its answer laid on the board. Pure.
import type { WireForeseen, WireForeseenRoute } from "../wire";
import type { Delta, Target } from "./edits";
import { inOrder } from "./edits";
import { isOpen, seconds as at } from "./model";
import type { Board, Route, Stop } from "./model";
import type { Change } from "../store/store";

/** A route as it would be: its halts in their order, and those that go where they fit best. */
export interface Wished {
  route_id: string;
  halts: string[];
  best: string[];
}

/** By what the server knows a stop: as a halt of a route, or by the tasks that wait. */
const namesOf = (stop: Stop): string[] => (stop.stopId ? [stop.stopId] : stop.tasks.map((task) => task.id));

/** The routes that a change touches, as they would be. */
export function wished(board: Board, ids: Iterable<string>, to: Target): Wished[] {
  const carried = inOrder(board, ids).filter(isOpen);
  const gone = new Set(carried.map((stop) => stop.id));
  const names = carried.flatMap(namesOf);
  const shifts = new Set([...carried.map((stop) => stop.shift), to.shift]);
  return [...shifts].flatMap((shift): Wished[] => {
    const route = shift === null ? undefined : board.byShift.get(shift);
    if (!route?.route) return [];
    const rest = route.stops.filter((stop) => !gone.has(stop.id));
    const open = rest.filter(isOpen);
    const place = to.place === null ? null : Math.max(0, to.place - (rest.length - open.length));
    if (shift !== to.shift) return [{ route_id: route.route, halts: open.flatMap(namesOf), best: [] }];
    if (place === null) return [{ route_id: route.route, halts: open.flatMap(namesOf), best: names }];
    return [{ route_id: route.route, halts: [...open.slice(0, place).flatMap(namesOf), ...names, ...open.slice(place).flatMap(namesOf)], best: [] }];
  });
}

/** The answer in the place of our guess; a route of which it says nothing stays as guessed. */
export function foreseen(board: Board, wire: WireForeseen, guess: Change): Change {
  const told = new Map(wire.routes.map((one) => [one.route_id, one] as const));
  const known = new Map([...guess.routes.values()].flatMap((route) => route.stops.flatMap((stop) => namesOf(stop).map((name) => [name, stop] as const))));
  const routes = new Map([...guess.routes].map(([shift, route]) => {
    const one = route.route ? told.get(route.route) : undefined;
    return [shift, one ? timed(route, one, known) : route] as const;
  }));
  const perRoute = guess.perRoute.map(({ shift, delta }) => {
    const one = told.get(board.byShift.get(shift)?.route ?? "");
    return { shift, delta: one ? deltaOf(one) : delta };
  });
  const sum = (pick: (delta: Delta) => number): number => perRoute.reduce((total, { delta }) => total + pick(delta), 0);
  const delta: Delta = {
    meters: sum((one) => one.meters), seconds: sum((one) => one.seconds), late: sum((one) => one.late), cost: sum((one) => one.cost),
    breaches: perRoute.flatMap((one) => one.delta.breaches),
  };
  return { ...guess, routes, perRoute, delta };
}

function deltaOf({ before, after, breaches }: WireForeseenRoute): Delta {
  return {
    meters: after.meters - before.meters, seconds: after.seconds - before.seconds, late: after.late_s - before.late_s, cost: after.cost - before.cost,
    breaches: breaches.map((breach) => breach.text || breach.code),
  };
}

/** What is done stays first, then the halts as they were told; a stop of several tasks halts once. */
function timed(guess: Route, wire: WireForeseenRoute, known: ReadonlyMap<string, Stop>): Route {
  const done = guess.stops.filter((stop) => !isOpen(stop));
  const seen = new Set<string>();
  const open = wire.stops.flatMap((one): Stop[] => {
    const stop = known.get(one.id);
    if (!stop || seen.has(stop.id)) return [];
    seen.add(stop.id);
    return [{ ...stop, arrive: at(one.arrive), start: at(one.start), leave: at(one.leave), late: one.late_s }];
  });
  const stops = [...done, ...open].map((stop, place): Stop => ({ ...stop, shift: guess.shift, at: place }));
  return { ...guess, stops, end: at(wire.ends_at), late: stops.reduce((sum, stop) => sum + stop.late, 0), lateStops: stops.filter((stop) => stop.late > 0).length };
}
