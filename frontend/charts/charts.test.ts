import { describe, expect, test } from "vitest";
import { dataOf, seriesOf } from "./lines";
import { DRAWINGS, heat, held } from "./options";
import type { Ink, Plot } from "./types";

const ink: Ink = {
  ink: "#000", soft: "#555", line: "#ddd", sheet: "#fff", raised: "#eee", first: "#00f", second: "#f80",
  good: "#080", warn: "#a60", bad: "#a00", heat: ["#a00", "#aa0", "#0a0"], font: "sans-serif",
};

function plot(chart: string, columns: [string, string][], rows: Record<string, unknown>[]): Plot {
  return {
    name: "x", chart, title: "X",
    columns: columns.map(([name, unit]) => ({ name, label: name, unit })),
    rows: rows.map((row) => ({ ...row, href: "/x", said: columns.map(([name]) => String(row[name])) })),
  };
}

describe("days", () => {
  test("a day that is not told of is a gap, and shares are percent", () => {
    const days = plot("line", [["day", "text"], ["on_time", "percent"]], [
      { day: "2026-11-01", on_time: 0.5 }, { day: "2026-11-03", on_time: 1 },
    ]);
    expect(dataOf(days, seriesOf(days, "EUR"))).toEqual([[1793491200, 1793577600, 1793664000], [50, null, 100]]);
  });

  test("planned and driven are two lines of kilometers", () => {
    const pair = plot("pair", [["day", "text"], ["planned_m", "km"], ["driven_m", "km"], ["planned_s", "h"]], [
      { day: "2026-11-01", planned_m: 1500, driven_m: 2000, planned_s: 1 },
    ]);
    expect(dataOf(pair, seriesOf(pair, "EUR"))).toEqual([[1793491200], [1.5], [2]]);
  });
});

describe("drawings", () => {
  test("the heat map begins at the first hour that has a promise", () => {
    const hours = plot("heat", [["weekday", "weekday"], ["hour", "hour"], ["share", "percent"]], [
      { weekday: 2, hour: 9, share: 0.9 }, { weekday: 7, hour: 11, share: 0.4 },
    ]);
    const { option, find } = heat(hours, ink);
    expect(option["xAxis"]).toMatchObject({ data: ["9", "10", "11"] });
    expect(option["series"]).toMatchObject([{ data: [{ value: [0, 1, 0.9] }, { value: [2, 6, 0.4] }] }]);
    expect(find(0, 1)).toBe(1);
  });

  test("what was said of arrivals is split into before, as said and after; of windows into kept and broken", () => {
    const said = plot("held", [["horizon_min", "min"], ["early", "percent"], ["inside", "percent"], ["late", "percent"]], [
      { horizon_min: 60, early: 0.1, inside: 0.7, late: 0.2 },
    ]);
    expect(held(said, ink).option["series"]).toMatchObject([{ data: [0.1] }, { data: [0.7] }, { data: [0.2] }]);
    const windows = plot("held", [["ahead_min", "ahead"], ["kept", "percent"]], [{ ahead_min: 0, kept: 0.75 }]);
    const { option } = held(windows, ink);
    expect(option["series"]).toMatchObject([{ name: "Kept", data: [0.75] }, { name: "Broken", data: [0.25] }]);
    expect(option["yAxis"]).toMatchObject({ data: ["0"] });
  });

  test.each(Object.entries(DRAWINGS))("%s shows no HTML and does not move", (_, draw) => {
    const { option } = draw(plot("x", [["hour", "hour"], ["weekday", "weekday"]], [{ hour: 1, weekday: 1 }]), ink);
    expect(option["animation"]).toBe(false);
    expect(option["tooltip"]).toMatchObject({ renderMode: "richText" });
  });
});
