// What a dispatcher wants changed, as the server's edits; and what an answer says it changes. Pure.
import type { Edit } from "../wire";
import type { Board, Stop } from "./model";
import { count, moreTime, moreWay } from "./words";

export interface Target {
  /** The route; null: off every route. */
  shift: string | null;
  /** The place, counted without the stops that are moved; 0 is first, null: where it is best. */
  place: number | null;
}

/** Chosen stops in the order in which they stand: by route, then by place, those left out last. */
export function inOrder(board: Board, ids: Iterable<string>): Stop[] {
  const rank = new Map(board.routes.map((route, number) => [route.shift, number]));
  const where = (stop: Stop): number => (stop.shift === null ? Infinity : (rank.get(stop.shift) ?? 0));
  const found = [...ids].map((id) => board.stops.get(id)).filter((stop) => stop !== undefined);
  return found.sort((a, b) => (where(a) === where(b) ? a.at - b.at : where(a) - where(b)));
}

/** Edits that bring the stops to the target: several are all taken off first, then put in at rising places, as one. */
export function moves(board: Board, ids: Iterable<string>, to: Target): Edit[] {
  const visits = inOrder(board, ids).flatMap((stop) => (stop.visit === null || (to.shift === null && stop.shift === null) ? [] : [stop.visit]));
  const [first] = visits;
  if (first === undefined) return [];
  const { shift, place } = to;
  if (place === null) return visits.map((visit) => ({ op: "move", visit, shift_id: shift }));
  if (visits.length === 1) return [{ op: "move", visit: first, shift_id: shift, position: place }];
  return [{ op: "place", places: visits.map((visit, n) => [visit, shift, shift === null ? 0 : place + n]) }];
}

/** Where a stop goes by one key: earlier or later on its route, or onto the route above or below at its own hour. */
export function stepped(board: Board, stop: Stop, step: "earlier" | "later" | "above" | "below"): Target | null {
  const here = board.routes.findIndex((route) => route.shift === stop.shift);
  if (step === "earlier" || step === "later") {
    const place = stop.at + (step === "later" ? 1 : -1);
    const row = board.routes[here];
    return row && place >= 0 && place < row.stops.length ? { shift: row.shift, place } : null;
  }
  for (let next = here + (step === "below" ? 1 : -1); next >= 0 && next < board.routes.length; next += step === "below" ? 1 : -1) {
    const row = board.routes[next]!;
    if (row.locked) continue;
    const place = row.stops.findIndex((one) => one.arrive > stop.arrive);
    return { shift: row.shift, place: stop.shift === null || place < 0 ? row.stops.length : place };
  }
  return null;
}

/** Whether it would change nothing. */
export function isIdle(board: Board, ids: ReadonlySet<string>, to: Target): boolean {
  const stops = inOrder(board, ids);
  if (to.shift === null) return stops.every((stop) => stop.shift === null);
  const row = board.byShift.get(to.shift);
  if (!row || stops.some((stop) => stop.shift !== to.shift)) return false;
  if (to.place === null) return false;
  const rest = row.stops.filter((stop) => !ids.has(stop.id));
  const after = [...rest.slice(0, to.place), ...stops, ...rest.slice(to.place)];
  return after.every((stop, at) => row.stops[at]?.id === stop.id);
}

/** What an edit changes, in sum. */
export interface Delta {
  meters: number;
  seconds: number;
  late: number;
  cost: number;
  /** Breaches that would be new. */
  breaches: string[];
}

export function deltaWords(delta: Delta): string[] {
  const words = [moreWay(delta.meters), moreTime(delta.seconds)];
  if (Math.abs(delta.late) >= 30) words.push(`lateness ${moreTime(delta.late)}`);
  if (delta.breaches.length) words.push(count(delta.breaches.length, "new breach", "new breaches"));
  return words;
}
