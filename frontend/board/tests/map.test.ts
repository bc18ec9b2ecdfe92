// What the map is given.
import { describe, expect, it } from "vitest";
import { madeDay } from "../made/day";
import { changed, lineOf, pointsOf, vehiclesOf } from "../map/features";
import { Ways } from "../map/ways";
import type { Spot } from "../pure/geometry";
import { boardOf } from "../pure/model";

const board = boardOf(madeDay({ routes: 3, stops: 12, left: 2, vehicles: 5, live: true }));

describe("the map", () => {
  it("has each stop once, with its number, its look and its route's hue", () => {
    const { features } = pointsOf(board, (shift) => board.byShift.get(shift), board.left);
    expect(features).toHaveLength(14);
    expect(new Set(features.map((one) => one.id)).size).toBe(14);
    expect(features.at(-1)?.properties).toMatchObject({ look: "left", hue: -1, number: "" });
    expect(features[0]?.properties).toMatchObject({ number: "1", hue: 0 });
    expect(features.some((one) => one.properties?.["look"] === "done")).toBe(true);
  });

  it("draws a route from its depot by its stops and back", () => {
    const line = lineOf(board, board.routes[0]!, (way) => way)!;
    const { coordinates } = line.geometry;
    expect(coordinates).toHaveLength(board.routes[0]!.stops.length + 2);
    expect(coordinates[0]).toEqual(coordinates.at(-1));
    expect(lineOf(board, { ...board.routes[0]!, stops: [] }, (way) => way)).toBeNull();
  });

  it("is told only of routes that are new", () => {
    const known = new Map(board.routes.map((route) => [route.shift, route]));
    expect(changed(known, board.routes)).toEqual([]);
    expect(changed(known, [{ ...board.routes[1]! }, board.routes[0]!])).toHaveLength(1);
  });

  it("draws a vehicle of no route in grey", () => {
    const { features } = vehiclesOf(board.vehicles, new Map([[board.routes[0]!.route!, 0]]), board.now);
    expect(features.find((one) => one.id === board.routes[0]!.route)?.properties?.["hue"]).toBe(0);
    expect(features.at(-1)?.properties?.["hue"]).toBe(11);
  });

  it("says how old the last word of a silent vehicle is, and of no other", () => {
    const [one, other] = [{ ...board.vehicles[0]!, silent: true, at: board.now - 720 }, board.vehicles[1]!];
    const ages = vehiclesOf([one, other], new Map(), board.now).features.map((van) => van.properties?.["age"] as unknown);
    expect(ages).toEqual(["12 min", ""]);
  });
});

describe("the ways along roads", () => {
  const [a, b, c, d]: Spot[] = [[6.1, 49.6], [6.2, 49.6], [6.3, 49.6], [6.4, 49.6]];
  const bend = (from: Spot, to: Spot): Spot[] => [from, [(from[0] + to[0]) / 2, 49.7], to];
  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

  it("are straight until they are known, and asked for once", async () => {
    const asked: number[] = [];
    const ways = new Ways(async (points) => {
      asked.push(points.length);
      return points.slice(1).map((to, n) => bend(points[n]!, to));
    });
    const way = [a!, b!, c!];
    expect(ways.along(way, "van")).toEqual(way);
    let told = 0;
    ways.want([{ way, profile: "van", done: () => (told += 1) }]);
    await settle();
    expect(ways.along(way, "van")).toEqual([a, [6.15, 49.7], b, [6.25, 49.7], c].map((spot) => [expect.closeTo(spot![0]!), spot![1]]));
    expect(ways.along(way, "truck")).toEqual(way);
    ways.want([{ way: [a!, b!, c!], profile: "van", done: () => (told += 1) }]);
    await settle();
    ways.want([{ way: [a!, b!, c!, d!], profile: "van", done: () => (told += 1) }]);
    await settle();
    expect([asked, told]).toEqual([[3, 2], 2]);
  });

  it("are found for the rest where one place lies beside the map, and given up where there is no map", async () => {
    const ways = new Ways(async (points) => (points.some((spot) => spot === d) ? "beside" : points.slice(1).map((to, n) => bend(points[n]!, to))));
    ways.want([{ way: [a!, b!, c!, d!], profile: "van", done: () => undefined }]);
    await settle();
    expect(ways.along([a!, b!, c!, d!], "van")).toHaveLength(6);
    let asked = 0;
    const none = new Ways(async () => {
      asked += 1;
      return "none";
    });
    for (let n = 0; n < 6; n++) {
      none.want([{ way: [a!, [6 + n, 49]], profile: "van", done: () => undefined }]);
      await settle();
    }
    expect(asked).toBe(1);
  });
});
