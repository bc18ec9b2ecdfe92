// What a drawn shape holds. Coordinates are longitude and latitude; a shape is small, so the plane will do.
export type Spot = readonly [lon: number, lat: number];
export interface Placed {
  id: string;
  lat: number;
  lon: number;
}

/** Whether the spot lies inside the ring (closed by itself), by crossings. */
export function inside(ring: readonly Spot[], [x, y]: Spot): boolean {
  let is = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [ax, ay] = ring[i]!;
    const [bx, by] = ring[j]!;
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) is = !is;
  }
  return is;
}

/** Those of `all` inside the ring. A ring of fewer than three corners holds nothing. */
export function lassoed(ring: readonly Spot[], all: Iterable<Placed>): string[] {
  if (ring.length < 3) return [];
  const [west, south, east, north] = boxOf(ring)!;
  const found: string[] = [];
  for (const one of all) {
    if (one.lon < west || one.lon > east || one.lat < south || one.lat > north) continue;
    if (inside(ring, [one.lon, one.lat])) found.push(one.id);
  }
  return found;
}

/** Those of `all` in the box between two opposite corners. */
export function boxed(a: Spot, b: Spot, all: Iterable<Placed>): string[] {
  const [west, south, east, north] = boxOf([a, b])!;
  const found: string[] = [];
  for (const one of all) if (one.lon >= west && one.lon <= east && one.lat >= south && one.lat <= north) found.push(one.id);
  return found;
}

/** The box around all spots; null where there is none. */
export function boxOf(spots: readonly Spot[]): [west: number, south: number, east: number, north: number] | null {
  if (spots.length === 0) return null;
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [lon, lat] of spots) {
    west = Math.min(west, lon);
    east = Math.max(east, lon);
    south = Math.min(south, lat);
    north = Math.max(north, lat);
  }
  return [west, south, east, north];
}

/** A hand-drawn line without corners that add less than `least` (same unit as the spots): a long lasso stays cheap. */
export function thinned(line: readonly Spot[], least: number): Spot[] {
  const kept: Spot[] = [];
  for (const spot of line) {
    const last = kept.at(-1);
    if (!last || Math.hypot(spot[0] - last[0], spot[1] - last[1]) >= least) kept.push(spot);
  }
  return kept;
}
