// Days as lines, drawn by uPlot.
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { numberOf } from "./types";
import type { Column, Ink, Plot } from "./types";

const DAY_S = 86_400;
const TICKS_DAYS = [1, 2, 7, 14, 28, 91, 182, 365];
const DAYS = new Set(["line", "pair"]);

export const isLine = (plot: Plot): boolean => DAYS.has(plot.chart);

interface Series {
  column: Column;
  of: (value: number) => number;
  unit: string;
}

/** Which columns are drawn, as what: shares as percent, meters as kilometers, minor units as money. */
export function seriesOf(plot: Plot, currency: string): Series[] {
  const drawn = plot.chart === "pair" ? plot.columns.slice(1, 3) : plot.columns.slice(1, 2);
  return drawn.map((column) => {
    if (column.unit === "percent") return { column, of: (value) => value * 100, unit: " %" };
    if (column.unit === "km") return { column, of: (value) => value / 1000, unit: " km" };
    if (column.unit === "money") return { column, of: (value) => value / 100, unit: ` ${currency}` };
    return { column, of: (value) => value, unit: "" };
  });
}

/** Every day from the first to the last, as UTC midnights; a day that is not told of is a gap. */
export function dataOf(plot: Plot, series: Series[]): (number | null)[][] {
  const stamps = plot.rows.map((row) => Date.parse(`${String(row["day"])}T00:00Z`) / 1000);
  const [first, last] = [Math.min(...stamps), Math.max(...stamps)];
  const days = Array.from({ length: (last - first) / DAY_S + 1 }, (_, number) => first + number * DAY_S);
  const places = new Map(stamps.map((stamp, index) => [stamp, index]));
  const values = series.map(({ column, of }) =>
    days.map((day) => {
      const row = plot.rows[places.get(day) ?? -1];
      const value = row ? numberOf(row, column.name) : null;
      return value === null ? null : of(value);
    }),
  );
  return [days, ...values];
}

export function drawLines(place: HTMLElement, plot: Plot, ink: Ink, currency: string): () => void {
  const series = seriesOf(plot, currency);
  const data = dataOf(plot, series);
  const colors = [ink.first, ink.second];
  const unit = series[0]?.unit ?? "";
  const axis = { stroke: ink.soft, grid: { stroke: ink.line, width: 1 }, ticks: { show: false }, font: `12px ${ink.font}` };
  const days = (data[0] ?? []) as number[];
  const ends: uPlot.Range.MinMax = [(days[0] ?? 0) - DAY_S / 2, (days.at(-1) ?? 0) + DAY_S / 2]; // of one day uPlot makes years
  const single = days.length < 60;
  const drawn = new uPlot(
    {
      ...sizeOf(place),
      tzDate: (stamp) => uPlot.tzDate(new Date(stamp * 1e3), "Etc/UTC"),
      cursor: { drag: { x: false, y: false }, points: { size: 8 } },
      scales: { x: { range: () => ends }, y: { range: rangeOf(unit) } },
      axes: [
        {
          ...axis,
          incrs: TICKS_DAYS.map((days) => days * DAY_S),
          values: [[31_536_000, "{YYYY}"], [2_419_200, "{MMM} {YYYY}"], [DAY_S, "{DD} {MMM}"]] as never,
          space: 72,
          size: 32,
        },
        { ...axis, size: 64, values: (_, splits) => splits.map((value) => `${value.toLocaleString("en")}${unit}`) },
      ],
      series: [
        { label: "Day", value: "{YYYY}-{MM}-{DD}" },
        ...series.map(({ column, unit: suffix }, number) => ({
          label: column.label,
          stroke: colors[number] ?? ink.first,
          width: 2,
          spanGaps: true,
          ...(number === 1 ? { dash: [6, 4] } : {}),
          points: { show: single, size: 6, fill: colors[number] ?? ink.first },
          value: (_: uPlot, value: number | null) => (value === null ? "–" : `${value.toFixed(1)}${suffix}`),
        })),
      ],
    },
    data as uPlot.AlignedData,
    place,
  );
  const follow = new ResizeObserver(() => drawn.setSize(sizeOf(place)));
  follow.observe(place);
  const lead = (): void => {
    const index = drawn.cursor.idx ?? -1;
    const day = data[0]?.[index];
    const row = plot.rows.find((one) => Date.parse(`${String(one["day"])}T00:00Z`) / 1000 === day);
    if (row) location.assign(`${row.href}#rows`);
  };
  drawn.over.addEventListener("click", lead);
  return () => {
    follow.disconnect();
    drawn.destroy();
  };
}

function rangeOf(unit: string): uPlot.Scale.Range {
  if (unit === " %") return (_, low) => [Math.max(0, Math.floor((low - 5) / 10) * 10), 100];
  return (_, __, high) => [0, (high || 1) * 1.1];
}

const LEGEND = 36;
const NARROW = 480; // there the legend takes two lines

function sizeOf(place: HTMLElement): { width: number; height: number } {
  const legend = place.clientWidth < NARROW ? 2 * LEGEND : LEGEND;
  return { width: place.clientWidth, height: Math.max(120, place.clientHeight - legend) };
}
