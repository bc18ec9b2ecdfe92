import { describe, expect, test } from "vitest";
import { cornersOf, geometryOf, textOf } from "./ring";

describe("corners", () => {
  test("are read as lat, lon and kept as the map has them", () => {
    expect(cornersOf("49.6, 6.1\n\n49.7; 6.2")).toEqual([[6.1, 49.6], [6.2, 49.7]]);
    expect(textOf([[6.1, 49.6]])).toBe("49.60000, 6.10000");
  });

  test.each(["here", "49.6", "49.6, ", "1, 2, 3"])("%s can't be read", (text) => {
    expect(cornersOf(text)).toBeNull();
  });
});

describe("what is drawn", () => {
  test("closes from the third corner on", () => {
    expect(geometryOf("1, 2")).toMatchObject({ type: "LineString" });
    expect(geometryOf("0, 0\n0, 1\n1, 1")).toEqual({ type: "Polygon", coordinates: [[[0, 0], [1, 0], [1, 1], [0, 0]]] });
  });

  test("a pasted geometry is drawn as it is, what is broken not at all", () => {
    const point = { type: "Point", coordinates: [1, 2] };
    expect(geometryOf(JSON.stringify({ type: "Feature", geometry: point }))).toEqual(point);
    expect(geometryOf("{")).toBeNull();
    expect(geometryOf("")).toBeNull();
  });
});
