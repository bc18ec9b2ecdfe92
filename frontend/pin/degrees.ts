// Coordinates as they are typed, and steps in meters. A spot is [lon, lat], as GeoJSON has it.

export type Spot = [number, number];

const METERS_PER_DEGREE = 111_195; // of latitude, on a sphere of 6,371 km

/** Degrees to six digits: a tenth of a meter. */
export const written = (degrees: number): string => degrees.toFixed(6);

/** What two fields say, or nothing where they say no point on earth. A comma is a point: some keyboards have no other. */
export function read(lat: string, lon: string): Spot | null {
  const [north, east] = [lat, lon].map((text) => (text.trim() ? Number(text.trim().replace(",", ".")) : NaN));
  if (north === undefined || east === undefined || !(Math.abs(north) <= 90 && Math.abs(east) <= 180)) return null;
  return [east, north];
}

/** The spot so many meters to the east and to the north. */
export function moved([lon, lat]: Spot, east: number, north: number): Spot {
  const shrink = Math.max(0.01, Math.cos((lat * Math.PI) / 180)); // a degree of longitude is shorter than one of latitude
  return [lon + east / (METERS_PER_DEGREE * shrink), lat + north / METERS_PER_DEGREE];
}
