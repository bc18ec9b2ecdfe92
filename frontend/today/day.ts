// What the page tells the map about the day, and what the map makes of it. Pure.
import type { Feature, FeatureCollection, Geometry } from "geojson";
import type { Basemap } from "../shared/basemap";

export type Spot = [lon: number, lat: number];

export interface Stop {
  id: string;
  at: Spot;
  state: string;
  number: number;
  label: string;
  route: string;
}
export interface Route {
  id: string;
  hue: string;
  name: string;
  line: Spot[];
}
export interface Vehicle {
  route: string;
  at: Spot;
  state: string;
  label: string;
}
export interface Depot {
  at: Spot;
  label: string;
}
export interface Day {
  basemap: Basemap;
  routes: Route[];
  stops: Stop[];
  vehicles: Vehicle[];
  depots: Depot[];
}

const STATES: Record<string, string> = {
  planned: "to do",
  en_route: "next",
  in_service: "in service",
  partial: "done in part",
};
const DONE = new Set(["completed", "partial"]);

/** The state of a stop as people say it. */
export function inWords(state: string): string {
  return STATES[state] ?? state.replaceAll("_", " ");
}

/** How a stop is drawn: `open`, `done`, `failed` or `off`. */
export function look(state: string): "open" | "done" | "failed" | "off" {
  if (DONE.has(state)) return "done";
  if (state === "failed") return "failed";
  return state === "cancelled" || state === "skipped" ? "off" : "open";
}

/** On a dark ground a route's color must be lighter to be told from it. */
export function lit(hue: string, night: boolean): string {
  if (!night) return hue;
  const parts = [1, 3, 5].map((begin) => parseInt(hue.slice(begin, begin + 2), 16));
  return `#${parts.map((part) => Math.round(part + (255 - part) * 0.42).toString(16).padStart(2, "0")).join("")}`;
}

/** The box around spots, [west, south, east, north]; null where there are none. */
export function boxOf(spots: Spot[]): [number, number, number, number] | null {
  if (!spots.length) return null;
  const lons = spots.map((spot) => spot[0]);
  const lats = spots.map((spot) => spot[1]);
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

/** All that is to be seen of a day, or of one of its routes. */
export function spotsOf(day: Day, route?: string): Spot[] {
  const stops = day.stops.filter((stop) => route === undefined || stop.route === route);
  const vehicles = day.vehicles.filter((vehicle) => route === undefined || vehicle.route === route);
  const depots = route === undefined ? day.depots : [];
  return [...stops, ...vehicles, ...depots].map((thing) => thing.at);
}

/** The routes as lines. */
export function linesOf(day: Day, night: boolean): FeatureCollection {
  return collection(
    day.routes
      .filter((route) => route.line.length > 1)
      .map((route) =>
        feature({ type: "LineString", coordinates: route.line }, { route: route.id, hue: lit(route.hue, night) }),
      ),
  );
}

/** The stops and depots as points, those that are done below the others. */
export function pointsOf(day: Day, night: boolean): FeatureCollection {
  const hues = new Map(day.routes.map((route) => [route.id, lit(route.hue, night)]));
  const stops = day.stops.map((stop) => {
    const drawn = look(stop.state);
    return feature(
      { type: "Point", coordinates: stop.at },
      {
        look: drawn,
        rank: drawn === "failed" ? 3 : drawn === "open" ? 2 : 1,
        hue: hues.get(stop.route) ?? "#888888",
        number: String(stop.number),
        words: `${stop.number}. ${stop.label}: ${inWords(stop.state)}`,
      },
    );
  });
  const depots = day.depots.map((depot) =>
    feature({ type: "Point", coordinates: depot.at }, { look: "depot", rank: 4, words: depot.label }),
  );
  return collection([...stops, ...depots]);
}

function feature(geometry: Geometry, properties: Record<string, string | number>): Feature {
  return { type: "Feature", geometry, properties };
}

function collection(features: Feature[]): FeatureCollection {
  return { type: "FeatureCollection", features };
}
