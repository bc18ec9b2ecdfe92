// What the map is given: points and lines of the day. Pure.
import type { Feature, FeatureCollection, LineString, Point } from "geojson";
import type { Board, Route, Stop, Vehicle } from "../pure/model";
import { isOpen } from "../pure/model";
import { age } from "../pure/words";
import type { Spot } from "../pure/geometry";

type Points = FeatureCollection<Point>;
type Lines = FeatureCollection<LineString>;

export type Along = (way: readonly Spot[]) => readonly Spot[];
const LOOKS: Record<string, string> = { completed: "done", partial: "done", failed: "failed", cancelled: "off", skipped: "off" };

export function pointOf(stop: Stop, hue: number): Feature<Point> {
  const look = stop.shift === null ? "left" : (LOOKS[stop.state] ?? (stop.late > 0 ? "late" : "open"));
  return {
    type: "Feature", id: stop.id, geometry: { type: "Point", coordinates: [stop.lon, stop.lat] },
    properties: { id: stop.id, hue, look, number: stop.at >= 0 ? String(stop.at + 1) : "", shift: stop.shift ?? "" },
  };
}

export function pointsOf(board: Board, drawn: (shift: string) => Route | undefined, left: readonly Stop[]): Points {
  const features: Feature<Point>[] = [];
  for (const base of board.routes) {
    const route = drawn(base.shift) ?? base;
    for (const stop of route.stops) features.push(pointOf(stop, route.hue));
  }
  for (const stop of left) features.push(pointOf(stop, -1));
  return { type: "FeatureCollection", features };
}

/** The places that a route leads by, in order: from its depot by its stops and back. */
export function wayOf(board: Board, route: Route): Spot[] {
  if (route.stops.length === 0) return [];
  const depot = (id: string): Spot[] => board.depots.filter((one) => one.id === id).map((one) => [one.lon, one.lat]);
  const open = route.route ? route.stops.filter((stop) => isOpen(stop) || stop.doneAt !== null) : route.stops;
  return [...depot(route.depots[0]), ...open.filter((stop) => stop.located).map((stop): Spot => [stop.lon, stop.lat]), ...depot(route.depots[1])];
}

/** `along`: the line that is driven by way of these places, where it is known. */
export function lineOf(board: Board, route: Route, along: Along): Feature<LineString> | null {
  const way = wayOf(board, route);
  if (way.length < 2) return null;
  return { type: "Feature", id: route.shift, geometry: { type: "LineString", coordinates: along(way).map((spot) => [...spot]) }, properties: { shift: route.shift, hue: route.hue } };
}

export function linesOf(board: Board, drawn: (shift: string) => Route | undefined, along: (route: Route) => Along): Lines {
  const found = board.routes.map((base) => {
    const route = drawn(base.shift) ?? base;
    return lineOf(board, route, along(route));
  });
  return { type: "FeatureCollection", features: found.filter((line) => line !== null) };
}

/** `now`: how old the last word of a silent one is stands beside it. */
export function vehiclesOf(vehicles: Iterable<Vehicle>, hues: ReadonlyMap<string, number>, now: number): Points {
  return {
    type: "FeatureCollection",
    features: [...vehicles].map((one) => ({
      type: "Feature", id: one.route, geometry: { type: "Point", coordinates: [one.lon, one.lat] },
      properties: { route: one.route, hue: hues.get(one.route) ?? 11, silent: one.silent, age: one.silent ? age(now - one.at) : "" },
    })),
  };
}

/** Where the route that is looked at was driven. */
export function drivenOf(track: readonly Spot[]): Lines {
  if (track.length < 2) return { type: "FeatureCollection", features: [] };
  return { type: "FeatureCollection", features: [{ type: "Feature", geometry: { type: "LineString", coordinates: track.map((spot) => [...spot]) }, properties: {} }] };
}

export function depotsOf(board: Board): Points {
  return {
    type: "FeatureCollection",
    features: board.depots.map((one) => ({ type: "Feature", geometry: { type: "Point", coordinates: [one.lon, one.lat] }, properties: { name: one.name } })),
  };
}

/** Stops of routes that are not the same objects any more: what the map has to be told after an edit. */
export function changed(before: Map<string, Route>, routes: Iterable<Route>): Route[] {
  return [...routes].filter((route) => before.get(route.shift) !== route);
}
