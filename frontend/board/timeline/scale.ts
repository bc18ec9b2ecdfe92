// Where moments and rows lie on the timeline, and what lies under a point. Pure.
import type { Route, Stop, Window } from "../pure/model";

export const ROW = 36;
export const HEAD = 30;
const LEAST_SPAN = 900;
const LEAST_WIDTH = 5;

export interface View {
  from: number;
  to: number;
}

export const toX = (view: View, width: number, at: number): number => ((at - view.from) / (view.to - view.from)) * width;
export const toTime = (view: View, width: number, x: number): number => view.from + (x / width) * (view.to - view.from);

/** Nearer (factor < 1) or wider about a moment that stays where it is, never beyond the day. */
export function zoomed(view: View, factor: number, about: number, day: Window): View {
  const now = view.to - view.from;
  const span = Math.min(Math.max(now * factor, LEAST_SPAN), day[1] - day[0]);
  return clamped({ from: about - ((about - view.from) * span) / now, to: about + ((view.to - about) * span) / now }, day);
}

export function panned(view: View, by: number, day: Window): View {
  return clamped({ from: view.from + by, to: view.to + by }, day);
}

export function clamped(view: View, day: Window): View {
  const span = Math.min(view.to - view.from, day[1] - day[0]);
  const from = Math.min(Math.max(view.from, day[0]), day[1] - span);
  return { from, to: from + span };
}

/** Moments for the axis: the finest step that leaves `least` pixels between two, counted in the zone's own hours. */
export function ticks(view: View, width: number, offset: number, least = 64): number[] {
  const steps = [300, 600, 900, 1800, 3600, 7200, 10800, 21600];
  const step = steps.find((one) => (one / (view.to - view.from)) * width >= least) ?? 43200;
  const found: number[] = [];
  for (let at = Math.ceil((view.from + offset) / step) * step - offset; at <= view.to; at += step) found.push(at);
  return found;
}

/** First and one after the last row of a list to be drawn. */
export function rowsIn(scroll: number, height: number, count: number, row = ROW, over = 2): [first: number, end: number] {
  return [Math.max(0, Math.floor(scroll / row) - over), Math.min(count, Math.ceil((scroll + height) / row) + over)];
}

/** When a stop was or is served: as it happened where that is known. */
export function shown(stop: Stop): Window {
  if (stop.doneAt !== null) return [stop.doneAt - stop.service, stop.doneAt];
  return [stop.start, Math.max(stop.leave, stop.start + 1)];
}

/** The stop of a route under `x`; bars are at least a few pixels wide for the hand. */
export function stopAt(route: Route, view: View, width: number, x: number): Stop | null {
  let best: Stop | null = null;
  let nearest = LEAST_WIDTH;
  for (const stop of route.stops) {
    const [from, to] = shown(stop);
    const [a, b] = [toX(view, width, from), toX(view, width, to)];
    const off = x < a ? a - x : x > b ? x - b : 0;
    if (off === 0) return stop;
    if (off < nearest) [best, nearest] = [stop, off];
  }
  return best;
}

/** The place (counted without the stops that are carried) at which something dropped at a moment would come. */
export function placeAt(route: Route, at: number, carried: ReadonlySet<string>): number {
  const rest = route.stops.filter((stop) => !carried.has(stop.id));
  const after = rest.findIndex((stop) => (shown(stop)[0] + shown(stop)[1]) / 2 > at);
  return after < 0 ? rest.length : after;
}

/** The moment at which a dropped stop would stand, to draw the mark of the place. */
export function momentOf(route: Route, place: number, carried: ReadonlySet<string>): number {
  const rest = route.stops.filter((stop) => !carried.has(stop.id));
  const [before, after] = [rest[place - 1], rest[place]];
  if (before && after) return (shown(before)[1] + shown(after)[0]) / 2;
  if (before) return shown(before)[1] + 240;
  return after ? shown(after)[0] - 240 : (route.start ?? route.from);
}
