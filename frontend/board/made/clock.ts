// Times of a made route: the straight way, a little longer, at a steady speed. Enough to see an edit's effect.
import type { WirePlace, WireRoute, WireShift, WireStop } from "../wire.ts";

const DETOUR = 1.3;
const METERS_PER_S = 8.5;
const LUNCH_S = 1800;
interface At {
  lat: number | null;
  lon: number | null;
}

const iso = (s: number): string => new Date(Math.round(s) * 1000).toISOString().replace(".000", "");
const at = (text: string): number => Date.parse(text) / 1000;

export function meters(a: At, b: At): number {
  return Math.round(Math.hypot(((a.lat ?? 0) - (b.lat ?? 0)) * 111_200, ((a.lon ?? 0) - (b.lon ?? 0)) * 72_100) * DETOUR);
}

/** Drive the places in this order: arrive, wait for the window, serve, go on; lunch at the first stop after four hours. */
export function schedule(shift: WireShift, places: WirePlace[], depot: At): { route: WireRoute; stops: WireStop[] } {
  let now = at(shift.start);
  let here: At = depot;
  let way = 0;
  let late = 0;
  const breaks: [string, string][] = [];
  const stops = places.map((place): WireStop => {
    if (breaks.length === 0 && now - at(shift.start) > 4 * 3600) {
      breaks.push([iso(now), iso(now + LUNCH_S)]);
      now += LUNCH_S;
    }
    const leg = meters(here, place);
    way += leg;
    const arrive = now + leg / METERS_PER_S;
    const [opens, ends] = place.windows[0] ? [at(place.windows[0][0]), at(place.windows[0][1])] : [0, Infinity];
    const start = Math.max(arrive, opens);
    const over = Math.max(0, Math.round(start - ends));
    late += over;
    now = start + place.service_s;
    here = place;
    return {
      ...place, shift_id: shift.id, stop_id: null, arrive: iso(arrive), start: iso(start), leave: iso(now), late_s: over, state: "planned", lock: null,
      eta: null, done_at: null,
    };
  });
  if (places.length) {
    const leg = meters(here, depot);
    way += leg;
    now += leg / METERS_PER_S;
  }
  const route: WireRoute = {
    shift_id: shift.id, route_id: null, plan_id: "plan-1", version: null, state: "planned", start: shift.start, end: iso(now),
    meters: way, cost: Math.round(way * 0.06 + (now - at(shift.start)) * 0.6), late_s: late,
    load: { pieces: places.length, weight: places.length * 14_000 }, breaks, driven: { done: 0, failed: 0, total: places.length },
    stops: places.map((place) => place.id),
  };
  return { route, stops };
}
