// The server's answer to a preview, an edit, an undo, or "what have I missed": laid on the board that stands. Pure.
import type { Breach, Sums, WireChange, WireChangedRoute } from "../wire";
import type { Delta } from "../pure/edits";
import { seconds as at, withRoutes } from "../pure/model";
import type { Board, Route, Stop } from "../pure/model";
import type { Change } from "./store";

const NOTHING: Sums = { stops: 0, meters: 0, seconds: 0, late_s: 0, cost: 0, breaches: 0 };
const sameBreach = (one: Breach): string => `${one.code} ${one.visit} ${one.shift}`;

/** What the answer would make of the board. */
export function changeOf(board: Board, wire: WireChange): Change {
  const known = new Set(board.breaches.map(sameBreach));
  const perRoute = wire.routes.map((one) => ({ shift: one.shift_id, delta: deltaOf(one, known) }));
  const routes = new Map<string, Route>();
  for (const one of wire.routes) {
    const base = board.byShift.get(one.shift_id);
    if (base) routes.set(one.shift_id, routeOf(board, base, one));
  }
  const sum = (pick: (delta: Delta) => number): number => perRoute.reduce((total, { delta }) => total + pick(delta), 0);
  const delta: Delta = {
    meters: sum((one) => one.meters), seconds: sum((one) => one.seconds), late: sum((one) => one.late),
    cost: wire.cost.after - wire.cost.before, breaches: perRoute.flatMap((one) => one.delta.breaches),
  };
  const touched = new Set(wire.routes.map((one) => one.shift_id));
  const breaches = [...board.breaches.filter((one) => !touched.has(one.shift)), ...wire.routes.flatMap((one) => one.breaches)];
  return { revision: wire.revision, routes, left: leftAfter(board, wire), delta, perRoute, breaches };
}

function deltaOf(one: WireChangedRoute, known: ReadonlySet<string>): Delta {
  const [before, after] = [one.before ?? NOTHING, one.after ?? NOTHING];
  return {
    meters: after.meters - before.meters, seconds: after.seconds - before.seconds, late: after.late_s - before.late_s,
    cost: after.cost - before.cost, breaches: one.breaches.filter((breach) => !known.has(sameBreach(breach))).map((breach) => breach.text || breach.code),
  };
}

function routeOf(board: Board, base: Route, wire: WireChangedRoute): Route {
  const stops = wire.stops.flatMap((timed, number): Stop[] => {
    const was = board.stops.get(timed.visit);
    if (!was) return [];
    const now = { ...was, shift: base.shift, at: number, arrive: at(timed.arrive), start: at(timed.start), leave: at(timed.leave), late: timed.late_s, reasons: [] };
    const same = was.shift === now.shift && was.at === now.at && was.start === now.start && was.arrive === now.arrive && was.leave === now.leave;
    return [same ? was : now];
  });
  const after = wire.after ?? NOTHING;
  return {
    ...base, stops, meters: after.meters, cost: after.cost, late: after.late_s, lateStops: stops.filter((stop) => stop.late > 0).length,
    start: wire.start ? at(wire.start) : null, end: wire.end ? at(wire.end) : null, load: wire.load,
    breaks: wire.breaks.map(([from, to]) => [at(from), at(to)] as const), driven: { ...base.driven, total: stops.length },
  };
}

/** Those on no route: without who came on one, with who came off. The same list where nothing changed. */
function leftAfter(board: Board, wire: WireChange): Stop[] {
  if (wire.assigned.length === 0 && wire.unassigned.length === 0) return board.left;
  const on = new Set(wire.assigned);
  const off = wire.unassigned.flatMap(({ visit, reasons }): Stop[] => {
    const was = board.stops.get(visit);
    return was ? [{ ...was, shift: null, at: -1, arrive: 0, start: 0, leave: 0, late: 0, lock: null, reasons }] : [];
  });
  const back = new Set(off.map((stop) => stop.id));
  return [...off, ...board.left.filter((stop) => !on.has(stop.id) && !back.has(stop.id))];
}

/** The board after it was kept, with the locks as they then stand. */
export function applied(board: Board, wire: WireChange): Board {
  const change = changeOf(board, wire);
  const shifts = new Map(wire.locks.filter((lock) => lock.shift_id).map((lock) => [lock.shift_id!, lock.kind] as const));
  const visits = new Set(wire.locks.filter((lock) => lock.kind === "position").map((lock) => lock.visit));
  const routes = board.routes.flatMap((base): Route[] => {
    const route = change.routes.get(base.shift) ?? base;
    const locked = shifts.get(route.shift) ?? null;
    const pinned = route.route === null && route.stops.some((stop) => (stop.lock !== null) !== visits.has(stop.visit));
    if (route === base && locked === base.locked && !pinned) return [];
    const stops = pinned ? route.stops.map((stop) => ({ ...stop, lock: visits.has(stop.visit) ? "position" : null })) : route.stops;
    return [{ ...route, locked: route.route === null ? locked : route.locked, stops }];
  });
  const plan = board.plan && { ...board.plan, revision: wire.revision, undo: wire.undo, redo: wire.redo, cost: wire.cost.after };
  return withRoutes(board, routes, change.left ?? board.left, { plan, breaches: change.breaches, held: wire.locks });
}
