// Corners of an area as people write them, and as a map has them. Pure.
export type Spot = [number, number]; // lon, lat

/** Lines of `lat, lon`; null where a line can't be read, or it is GeoJSON: that is drawn as it is. */
export function cornersOf(text: string): Spot[] | null {
  const lines = text.split("\n").filter((line) => line.trim());
  const corners: Spot[] = [];
  for (const line of lines) {
    const [lat, lon, ...more] = line.replace(";", ",").split(",").map((part) => (part.trim() ? Number(part) : NaN));
    if (lat === undefined || lon === undefined || more.length || !Number.isFinite(lat) || !Number.isFinite(lon)) return null;
    corners.push([lon, lat]);
  }
  return corners;
}

export function textOf(corners: Spot[]): string {
  return corners.map(([lon, lat]) => `${lat.toFixed(5)}, ${lon.toFixed(5)}`).join("\n");
}

type Geometry = GeoJSON.Geometry;

/** What is to be drawn of a text: points, a line, or a closed area; a geometry as it is. */
export function geometryOf(text: string): Geometry | null {
  if (text.trim().startsWith("{")) return pasted(text);
  const corners = cornersOf(text);
  if (!corners?.length) return null;
  if (corners.length < 3) return { type: "LineString", coordinates: corners.length === 1 ? [corners[0]!, corners[0]!] : corners };
  return { type: "Polygon", coordinates: [[...corners, corners[0]!]] };
}

function pasted(text: string): Geometry | null {
  try {
    const found = JSON.parse(text) as { type?: string; geometry?: Geometry };
    return (found.type === "Feature" ? found.geometry : (found as Geometry)) ?? null;
  } catch {
    return null;
  }
}
