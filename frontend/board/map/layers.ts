// The board's layers: routes below the names of streets, stops and vehicles above them. What is chosen is a state of a
// feature, so that choosing redraws nothing but the picture.
import type { FeatureCollection } from "geojson";
import type { ExpressionSpecification, FilterSpecification, Map as MapLibre } from "maplibre-gl";
import { hues } from "../store/theme";
import type { Theme } from "../store/theme";

export const STOPS = "b-stops";
export const LINES = "b-lines";
export const VEHICLES = "b-vehicles";
export const DEPOTS = "b-depots";
export const WAY = "b-way";
export const DRIVEN = "b-driven";
export const EMPTY = { type: "FeatureCollection" as const, features: [] };

const look = (name: string): ExpressionSpecification => ["==", ["get", "look"], name];
const state = (name: string): ExpressionSpecification => ["boolean", ["feature-state", name], false];
export const ofRoute = (shift: string | null): FilterSpecification => ["==", ["get", "shift"], shift ?? "-"];

/** How strongly a stop is drawn: beside one route that is looked at, the others step back. */
export function seen(shift: string | null): ExpressionSpecification {
  const rest: ExpressionSpecification = ["case", look("done"), 0.5, look("off"), 0.3, 1];
  return shift ? ["case", ["==", ["get", "shift"], shift], 1, state("chosen"), 1, 0.25] : rest;
}

function hue(theme: Theme): ExpressionSpecification {
  const pairs = hues(theme.night).flatMap((color, n) => [n, color]);
  return ["match", ["get", "hue"], ...pairs, theme.soft] as unknown as ExpressionSpecification;
}

/** Put the layers on a style that has just been loaded, with what they show at first. */
export function dress(map: MapLibre, theme: Theme, data: Record<string, FeatureCollection>): void {
  const promoted: Record<string, string> = { [STOPS]: "id", [LINES]: "shift", [VEHICLES]: "route" };
  for (const id of [LINES, STOPS, VEHICLES, DEPOTS, WAY, DRIVEN]) {
    map.addSource(id, { type: "geojson", data: data[id] ?? EMPTY, ...(promoted[id] ? { promoteId: promoted[id] } : {}) });
  }
  const names = map.getStyle().layers.find((layer) => layer.type === "symbol" && layer.id !== "oneway")?.id;
  const round = { "line-cap": "round", "line-join": "round" } as const;
  const color = hue(theme);
  map.addLayer({ id: LINES, type: "line", source: LINES, layout: round,
    paint: { "line-color": color, "line-width": ["interpolate", ["linear"], ["zoom"], 8, 1, 14, 2.5], "line-opacity": 0.45 } }, names);
  map.addLayer({ id: "b-line-edge", type: "line", source: LINES, layout: round, filter: ofRoute(null),
    paint: { "line-color": theme.sheet, "line-width": 8 } }, names);
  map.addLayer({ id: "b-line-on", type: "line", source: LINES, layout: round, filter: ofRoute(null),
    paint: { "line-color": color, "line-width": 4 } }, names);
  map.addLayer({ id: "b-way-edge", type: "line", source: WAY, layout: round, paint: { "line-color": theme.sheet, "line-width": 8 } }, names);
  map.addLayer({ id: WAY, type: "line", source: WAY, layout: round, paint: { "line-color": color, "line-width": 4 } }, names);
  map.addLayer({ id: DRIVEN, type: "line", source: DRIVEN, layout: round, paint: { "line-color": theme.ink, "line-width": 2, "line-opacity": 0.85 } }, names);
  stops(map, theme, color);
  vehicles(map, theme, color);
}

function stops(map: MapLibre, theme: Theme, color: ExpressionSpecification): void {
  const big: ExpressionSpecification = ["case", state("chosen"), 1.35, state("near"), 1.35, look("done"), 0.65, 1];
  map.addLayer({
    id: STOPS, type: "circle", source: STOPS,
    paint: {
      "circle-radius": ["interpolate", ["linear"], ["zoom"], 8, ["*", 2.2, big], 11, ["*", 4, big], 13, ["*", 8, big], 16, ["*", 11, big]],
      "circle-color": ["case", state("chosen"), theme.ink, look("left"), theme.sheet, look("failed"), theme.bad, color],
      "circle-stroke-color": ["case", state("near"), theme.ink, look("left"), theme.warn, look("late"), theme.bad, theme.sheet],
      "circle-stroke-width": ["interpolate", ["linear"], ["zoom"], 8, ["case", state("chosen"), 2, look("left"), 1.5, 0.5], 13, ["case", look("left"), 3, look("late"), 2.5, 1.5]],
      "circle-opacity": seen(null),
      "circle-stroke-opacity": seen(null),
    },
  });
  map.addLayer({
    id: "b-numbers", type: "symbol", source: STOPS, minzoom: 12.4,
    layout: { "text-field": ["get", "number"], "text-font": ["Noto Sans Bold", "system-ui", "sans-serif"], "text-size": 11, "text-allow-overlap": true, "text-ignore-placement": true },
    paint: { "text-color": theme.sheet },
  });
}

function vehicles(map: MapLibre, theme: Theme, color: ExpressionSpecification): void {
  map.addLayer({ id: DEPOTS, type: "circle", source: DEPOTS,
    paint: { "circle-radius": 8, "circle-color": theme.ink, "circle-stroke-color": theme.sheet, "circle-stroke-width": 3 } });
  map.addLayer({
    id: "b-halo", type: "circle", source: VEHICLES,
    paint: { "circle-radius": ["interpolate", ["linear"], ["zoom"], 8, 4, 13, 12], "circle-color": theme.sheet, "circle-opacity": 0.9 },
  });
  map.addLayer({
    id: VEHICLES, type: "circle", source: VEHICLES,
    paint: {
      "circle-radius": ["interpolate", ["linear"], ["zoom"], 8, 2.8, 13, 8],
      "circle-color": ["case", ["get", "silent"], theme.sheet, color],
      "circle-stroke-color": ["case", ["get", "silent"], theme.warn, theme.ink],
      "circle-stroke-width": ["interpolate", ["linear"], ["zoom"], 8, 1, 13, ["case", ["get", "silent"], 3, 2]],
    },
  });
  map.addLayer({
    id: "b-silent", type: "symbol", source: VEHICLES, filter: ["get", "silent"],
    layout: {
      "text-field": ["get", "age"], "text-font": ["Noto Sans Bold", "system-ui", "sans-serif"], "text-size": 11.5, "text-anchor": "left",
      "text-offset": ["interpolate", ["linear"], ["zoom"], 8, ["literal", [0.5, 0]], 13, ["literal", [1.1, 0]]], "text-optional": true,
    },
    paint: { "text-color": theme.warn, "text-halo-color": theme.sheet, "text-halo-width": 1.6 },
  });
}
