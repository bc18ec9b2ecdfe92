import { describe, expect, it } from "vitest";
import { moved, read, written } from "./degrees";

describe("what is typed", () => {
  it("is read with a comma as with a point", () => {
    expect(read("49,6117", " 6.13 ")).toEqual([6.13, 49.6117]);
  });
  it("is nothing where it is no point on earth", () => {
    for (const [lat, lon] of [["", ""], ["49.6", ""], ["north", "6"], ["91", "6"], ["49", "181"]] as const) {
      expect(read(lat, lon)).toBeNull();
    }
  });
});

describe("a step", () => {
  it("is as long to the east as to the north", () => {
    const [lon, lat] = moved([6.13, 60], 10, 10);
    expect((lat - 60) * 111_195).toBeCloseTo(10, 3);
    expect((lon - 6.13) * 111_195 * 0.5).toBeCloseTo(10, 3);
  });
  it("leaves a trace in what is written", () => {
    expect(written(moved([6.13, 49.6117], 0, 1)[1])).toBe("49.611709");
  });
});
