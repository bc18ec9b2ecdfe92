import { describe, expect, it } from "vitest";
import { boxOf, inWords, lit, linesOf, look, pointsOf, spotsOf } from "./day";
import type { Day } from "./day";

const DAY: Day = {
  basemap: { styles: { light: "/l.json", dark: "/d.json" }, attribution: "© OpenStreetMap contributors" },
  routes: [
    { id: "a", hue: "#2f6fed", name: "Mira", line: [[6.1, 49.6], [6.2, 49.7]] },
    { id: "b", hue: "#c2410c", name: "Tom", line: [[6.1, 49.6]] },
  ],
  stops: [
    { id: "1", at: [6.2, 49.7], state: "completed", number: 1, label: "Rosenweg 3", route: "a" },
    { id: "2", at: [6.1, 49.65], state: "failed", number: 2, label: "Quai Neuf 1", route: "b" },
  ],
  vehicles: [{ route: "a", at: [6.15, 49.62], state: "started", label: "Sprinter 1" }],
  depots: [{ at: [6.0, 49.5], label: "Depot" }],
};

describe("the day on the map", () => {
  it("holds all that is to be seen in its box", () => {
    expect(boxOf(spotsOf(DAY))).toEqual([6.0, 49.5, 6.2, 49.7]);
    expect(boxOf(spotsOf(DAY, "b"))).toEqual([6.1, 49.65, 6.1, 49.65]);
    expect(boxOf([])).toBeNull();
  });
  it("draws a line only where there are two ends", () => {
    expect(linesOf(DAY, false).features.map((one) => one.properties?.["route"])).toEqual(["a"]);
  });
  it("says of a stop what it is, and puts a failed one on top", () => {
    const [done, failed, depot] = pointsOf(DAY, false).features.map((one) => one.properties);
    expect(done).toMatchObject({ look: "done", words: "1. Rosenweg 3: completed", hue: "#2f6fed" });
    expect(failed?.["rank"]).toBeGreaterThan(done?.["rank"] as number);
    expect(depot).toMatchObject({ look: "depot", words: "Depot" });
  });
  it("speaks of states as people do", () => {
    expect([inWords("planned"), inWords("partial"), inWords("in_transit")]).toEqual(["to do", "done in part", "in transit"]);
    expect(["planned", "partial", "failed", "cancelled"].map(look)).toEqual(["open", "done", "failed", "off"]);
  });
  it("lights a route's color up by night", () => {
    expect(lit("#2f6fed", false)).toBe("#2f6fed");
    expect(lit("#000000", true)).toBe("#6b6b6b");
  });
});
