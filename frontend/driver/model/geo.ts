// Distances and how often a position is wanted.
import type { Fix, Point } from "../kinds";

const RADIUS_M = 6_371_008.8;
const NEAR_M = 90;
const rad = (degrees: number): number => (degrees * Math.PI) / 180;

/** Meters along the great circle (haversine). */
export function meters(a: Point, b: Point): number {
  const [p, q] = [rad(a.lat), rad(b.lat)];
  const h = Math.sin((q - p) / 2) ** 2 + Math.cos(p) * Math.cos(q) * Math.sin(rad(b.lon - a.lon) / 2) ** 2;
  return 2 * RADIUS_M * Math.asin(Math.sqrt(h));
}

/** Whether a reading proposes to say "arrived": near the place, allowing for what the reading does not know. */
export const isThere = (fix: Fix, place: Point): boolean =>
  (fix.accuracy_m ?? 50) <= 150 && meters(fix, place) <= NEAR_M + Math.min(fix.accuracy_m ?? 0, 60);

/** Seconds between two positions that are kept: seldom where nothing moves, often where much does. */
export function everyS(speed_mh: number | null): number {
  const kmh = (speed_mh ?? 0) / 1000;
  if (kmh < 3) return 60;
  if (kmh < 25) return 15;
  return kmh < 70 ? 10 : 8;
}

/** Whether a reading is worth keeping after the last one that was kept. */
export function worth(fix: Fix, last: Fix | null): boolean {
  if (fix.accuracy_m !== null && fix.accuracy_m > 500) return false;
  if (!last) return true;
  const passed = (Date.parse(fix.at) - Date.parse(last.at)) / 1000;
  if (passed < 1) return false;
  const turned =
    fix.bearing_deg !== null &&
    last.bearing_deg !== null &&
    meters(fix, last) > 25 &&
    Math.abs(((fix.bearing_deg - last.bearing_deg + 540) % 360) - 180) > 35;
  return passed >= everyS(fix.speed_mh) || turned;
}
