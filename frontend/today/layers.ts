// The day's own layers on the map: routes below the names of streets, stops above them.
import type { ExpressionSpecification, GeoJSONSource, Map as MapLibre } from "maplibre-gl";
import { isNight } from "../shared/basemap";
import { linesOf, pointsOf } from "./day";
import type { Day } from "./day";

export const STOPS = "day-stops";
const NUMBERS = "day-numbers";
const GROUND = (): string => (isNight() ? "#12171d" : "#ffffff");
const BAD = (): string => (isNight() ? "#ff6b81" : "#b3213f");
const INK = (): string => (isNight() ? "#e7edf4" : "#16202b");
const look = (name: string): ExpressionSpecification => ["==", ["get", "look"], name];

/** Put the layers on a style that has just been loaded. */
export function dress(map: MapLibre, day: Day): void {
  const night = isNight();
  map.addSource("day-lines", { type: "geojson", data: linesOf(day, night) });
  map.addSource(STOPS, { type: "geojson", data: pointsOf(day, night) });
  map.addSource(NUMBERS, { type: "geojson", data: pointsOf(day, night) }); // apart: what has letters waits for their shapes
  const names = map.getStyle().layers.find((layer) => layer.type === "symbol" && layer.id !== "oneway")?.id;
  const round = { "line-cap": "round", "line-join": "round" } as const;
  const width = (extra: number): ExpressionSpecification => ["interpolate", ["linear"], ["zoom"], 9, 2 + extra, 15, 5 + extra];
  map.addLayer(
    { id: "day-lines-edge", type: "line", source: "day-lines", layout: round,
      paint: { "line-color": GROUND(), "line-width": width(2.5), "line-opacity": 0.85 } },
    names,
  );
  map.addLayer(
    { id: "day-lines", type: "line", source: "day-lines", layout: round,
      paint: { "line-color": ["get", "hue"], "line-width": width(0), "line-opacity": 0.9 } },
    names,
  );
  map.addLayer({
    id: STOPS, type: "circle", source: STOPS, layout: { "circle-sort-key": ["get", "rank"] },
    paint: {
      "circle-radius": ["interpolate", ["linear"], ["zoom"], 9, size(0.45), 13, size(1), 16, size(1.25)],
      "circle-color": ["case", look("failed"), BAD(), look("depot"), INK(), look("open"), GROUND(), ["get", "hue"]],
      "circle-stroke-color": ["case", look("open"), ["get", "hue"], GROUND()],
      "circle-stroke-width": ["case", look("open"), 2.5, 1.5],
      "circle-opacity": ["case", look("off"), 0.35, 1],
    },
  });
  map.addLayer({
    id: NUMBERS, type: "symbol", source: NUMBERS, minzoom: 11.5, filter: ["!", ["any", look("depot"), look("done"), look("off")]],
    layout: {
      "text-field": ["get", "number"], "text-font": ["Noto Sans Bold", "system-ui", "sans-serif"], "text-size": 11,
      "text-allow-overlap": true, "text-ignore-placement": true, "symbol-sort-key": ["get", "rank"],
    },
    paint: { "text-color": ["case", look("failed"), GROUND(), INK()] },
  });
}

/** The day as it is now. */
export function redraw(map: MapLibre, day: Day): void {
  map.getSource<GeoJSONSource>("day-lines")?.setData(linesOf(day, isNight()));
  for (const name of [STOPS, NUMBERS]) map.getSource<GeoJSONSource>(name)?.setData(pointsOf(day, isNight()));
}

function size(factor: number): ExpressionSpecification {
  return ["*", factor, ["case", look("done"), 5, look("depot"), 9, look("failed"), 9.5, 9]];
}
