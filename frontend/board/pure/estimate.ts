// What a change of routes on the road would come to, by the way as the crow flies, a little longer, at a town's speed. The
// server has the last word; this is shown until it has spoken, and says that it is an estimate.
import type { Delta, Target } from "./edits";
import { inOrder } from "./edits";
import { isOpen } from "./model";
import type { Board, Route, Stop } from "./model";

const DETOUR = 1.35;
const METERS_PER_S = 8;
interface Spot {
  lat: number;
  lon: number;
}

export function way(a: Spot, b: Spot): number {
  const x = (b.lon - a.lon) * Math.cos(((a.lat + b.lat) / 2) * (Math.PI / 180));
  return Math.hypot(x, b.lat - a.lat) * 111_195 * DETOUR;
}

/** The routes as they would be: what is done stays first, then the open stops in the new order with times of our own. */
export function estimated(board: Board, ids: Iterable<string>, to: Target): { routes: Map<string, Route>; perRoute: { shift: string; delta: Delta }[] } {
  const carried = inOrder(board, ids);
  const chosen = new Set(carried.map((stop) => stop.id));
  const shifts = new Set([...carried.map((stop) => stop.shift), to.shift].filter((shift) => shift !== null));
  const routes = new Map<string, Route>();
  const perRoute: { shift: string; delta: Delta }[] = [];
  for (const shift of shifts) {
    const route = board.byShift.get(shift);
    if (!route) continue;
    const rest = route.stops.filter((stop) => !chosen.has(stop.id));
    const done = rest.findLastIndex((stop) => !isOpen(stop)) + 1;
    const place = to.place === null ? rest.length : Math.max(done, to.place);
    const sequence = shift === to.shift ? rest.toSpliced(place, 0, ...carried) : rest;
    const next = timed(board, route, sequence);
    routes.set(shift, next);
    perRoute.push({ shift, delta: between(board, route, next) });
  }
  return { routes, perRoute };
}

/** Times from the first stop that stands elsewhere than before. */
function timed(board: Board, route: Route, sequence: Stop[]): Route {
  let shifted = false;
  let now = route.start ?? route.from;
  let here: Spot | undefined = board.depots.find((one) => one.id === route.depots[0]);
  const stops = sequence.map((stop, at): Stop => {
    shifted ||= route.stops[at]?.id !== stop.id;
    const arrive = shifted && isOpen(stop) ? now + (here ? way(here, stop) / METERS_PER_S : 0) : stop.arrive;
    const open = stop.windows[0]?.[0] ?? arrive;
    const start = shifted && isOpen(stop) ? Math.max(arrive, open) : stop.start;
    const ends = Math.max(...stop.windows.map(([, end]) => end), 0);
    const leave = shifted && isOpen(stop) ? start + stop.service : stop.leave;
    now = stop.doneAt ?? leave;
    here = stop;
    const late = shifted && isOpen(stop) ? (ends ? Math.max(0, start - ends) : 0) : stop.late;
    return { ...stop, shift: route.shift, at, arrive, start, leave, late };
  });
  const last = stops.at(-1);
  const old = route.stops.at(-1);
  const end = last && route.end !== null ? route.end + last.leave - (old?.leave ?? last.leave) : route.end;
  return { ...route, stops, end, late: stops.reduce((sum, stop) => sum + stop.late, 0), lateStops: stops.filter((stop) => stop.late > 0).length };
}

function between(board: Board, before: Route, after: Route): Delta {
  const old = new Set(before.stops.filter((stop) => stop.late > 0).map((stop) => stop.id));
  return {
    meters: length(board, after) - length(board, before), seconds: (after.end ?? 0) - (before.end ?? 0), late: after.late - before.late, cost: 0,
    breaches: after.stops.filter((stop) => stop.late > 0 && !old.has(stop.id)).map((stop) => `${stop.label || stop.address}: ${Math.ceil(stop.late / 60)} min late`),
  };
}

function length(board: Board, route: Route): number {
  const depot = (id: string): Spot[] => board.depots.filter((one) => one.id === id);
  const spots: Spot[] = [...depot(route.depots[0]), ...route.stops, ...depot(route.depots[1])];
  return spots.slice(1).reduce((sum, spot, n) => sum + way(spots[n]!, spot), 0);
}
