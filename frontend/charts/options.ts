// What ECharts is told to draw, from a plot's rows. Pure.
import type { EChartsCoreOption } from "echarts/core";
import { numberOf, saidOf } from "./types";
import type { Ink, Plot, Row } from "./types";

type Option = EChartsCoreOption;
const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MOST_BARS = 12;

/** The row that stands behind what is drawn at `dataIndex` of a series; null where nothing does. */
export type Find = (series: number, index: number) => number | null;

export interface Drawing {
  option: Option;
  find: Find;
}

const same: Find = (_, index) => index;

/** A tooltip drawn as text: HTML in it would need inline styles, which the page's policy forbids. */
function around(ink: Ink): Option {
  return {
    animation: false,
    textStyle: { fontFamily: ink.font, fontSize: 12, color: ink.ink },
    aria: { enabled: false },
    tooltip: {
      renderMode: "richText",
      confine: true,
      backgroundColor: ink.sheet,
      borderColor: ink.line,
      textStyle: { color: ink.ink, fontSize: 13 },
    },
  };
}

function axis(ink: Ink, name = ""): Record<string, unknown> {
  return {
    name,
    nameTextStyle: { color: ink.soft },
    axisLine: { lineStyle: { color: ink.line } },
    axisTick: { show: false },
    axisLabel: { color: ink.soft, hideOverlap: true },
    splitLine: { lineStyle: { color: ink.line } },
  };
}

export function heat(plot: Plot, ink: Ink): Drawing {
  const hours = plot.rows.map((row) => numberOf(row, "hour") ?? 0);
  const [first, last] = [Math.min(...hours), Math.max(...hours)];
  const names = Array.from({ length: last - first + 1 }, (_, number) => `${first + number}`);
  const cells = plot.rows.map((row, index) => ({
    value: [(numberOf(row, "hour") ?? 0) - first, (numberOf(row, "weekday") ?? 1) - 1, numberOf(row, "share") ?? 0],
    row: index,
  }));
  const option: Option = {
    ...around(ink),
    grid: { left: 40, right: 8, top: 8, bottom: 58 },
    xAxis: { ...axis(ink), type: "category", data: names, splitLine: { show: false } },
    yAxis: { ...axis(ink), type: "category", data: WEEKDAYS, inverse: true, splitLine: { show: false } },
    visualMap: {
      min: 0.5,
      max: 1,
      orient: "horizontal",
      left: "center",
      bottom: 0,
      itemHeight: 120,
      itemWidth: 12,
      calculable: false,
      formatter: (value: number) => `${Math.round(100 * value)} %`,
      text: ["100 %", "50 % or less"],
      textStyle: { color: ink.soft },
      inRange: { color: ink.heat },
    },
    series: [
      {
        type: "heatmap",
        data: cells,
        itemStyle: { borderColor: ink.sheet, borderWidth: 2, borderRadius: 3 },
        tooltip: { formatter: (item: { dataIndex: number }) => words(plot, item.dataIndex) },
      },
    ],
  };
  return { option, find: same };
}

function words(plot: Plot, index: number): string {
  const said = plot.rows[index]?.said ?? [];
  return plot.columns.map((column, number) => `${column.label}: ${said[number] ?? ""}`).join("\n");
}

export function pareto(plot: Plot, ink: Ink): Drawing {
  const reasons = plot.rows.map((row) => saidOf(plot, row, "reason"));
  const option: Option = {
    ...around(ink),
    grid: { left: 44, right: 48, top: 28, bottom: 8, containLabel: true },
    xAxis: {
      ...axis(ink),
      type: "category",
      data: reasons,
      axisLabel: { color: ink.soft, rotate: reasons.length > 4 ? 30 : 0, width: 110, overflow: "truncate" },
    },
    yAxis: [
      { ...axis(ink, "attempts"), type: "value", minInterval: 1 },
      { ...axis(ink, "together"), type: "value", max: 1, splitLine: { show: false }, axisLabel: percent(ink) },
    ],
    series: [
      {
        type: "bar",
        data: plot.rows.map((row) => numberOf(row, "count")),
        itemStyle: { color: ink.first, borderRadius: [4, 4, 0, 0] },
        barMaxWidth: 48,
        tooltip: tip(plot),
      },
      {
        type: "line",
        yAxisIndex: 1,
        data: plot.rows.map((row) => numberOf(row, "together")),
        lineStyle: { color: ink.second, width: 2 },
        itemStyle: { color: ink.second },
        symbolSize: 7,
        tooltip: tip(plot),
      },
    ],
  };
  return { option, find: same };
}

function percent(ink: Ink): Record<string, unknown> {
  return { color: ink.soft, formatter: (value: number) => `${Math.round(100 * value)} %` };
}

function tip(plot: Plot): Record<string, unknown> {
  return { formatter: (item: { dataIndex: number }) => words(plot, item.dataIndex) };
}

/** Of each horizon how wide the errors are; the nearest last. */
export function eta(plot: Plot, ink: Ink): Drawing {
  const bar = (name: string, label: string, color: string): Record<string, unknown> => ({
    type: "bar",
    name: label,
    data: plot.rows.map((row) => numberOf(row, name)),
    itemStyle: { color, borderRadius: [4, 4, 0, 0] },
    barMaxWidth: 32,
    tooltip: tip(plot),
  });
  const option: Option = {
    ...around(ink),
    legend: { top: 0, left: 0, textStyle: { color: ink.soft }, itemWidth: 14, itemHeight: 10 },
    grid: { left: 44, right: 12, top: 54, bottom: 8, containLabel: true },
    xAxis: { ...axis(ink), type: "category", data: plot.rows.map((row) => `${saidOf(plot, row, "horizon_min")} ahead`) },
    yAxis: { ...axis(ink, "minutes off"), type: "value" },
    series: [bar("median_min", "Half within", ink.first), bar("p90_min", "Nine of ten within", ink.second)],
  };
  return { option, find: same };
}

/** Attempt by attempt, each stacked by how it ended. */
export function funnel(plot: Plot, ink: Ink): Drawing {
  const part = (name: string, label: string, color: string): Record<string, unknown> => ({
    type: "bar",
    name: label,
    stack: "all",
    data: plot.rows.map((row) => numberOf(row, name)),
    itemStyle: { color },
    barMaxWidth: 36,
    tooltip: tip(plot),
  });
  const option: Option = {
    ...around(ink),
    legend: { top: 0, left: 0, textStyle: { color: ink.soft }, itemWidth: 14, itemHeight: 10 },
    grid: { left: 8, right: 24, top: 36, bottom: 8, containLabel: true },
    xAxis: { ...axis(ink), type: "value", minInterval: 1 },
    yAxis: {
      ...axis(ink),
      type: "category",
      inverse: true,
      data: plot.rows.map((row) => saidOf(plot, row, "attempt")),
    },
    series: [
      part("completed", "Completed", ink.good),
      part("partial", "Partial", ink.warn),
      part("failed", "Failed", ink.bad),
    ],
  };
  return { option, find: same };
}

/** The places that took longest against the plan. */
export function bars(plot: Plot, ink: Ink): Drawing {
  const rows = plot.rows.slice(0, MOST_BARS);
  const bar = (name: string, label: string, color: string): Record<string, unknown> => ({
    type: "bar",
    name: label,
    data: rows.map((row) => numberOf(row, name)),
    itemStyle: { color, borderRadius: [0, 4, 4, 0] },
    barMaxWidth: 10,
    tooltip: tip(plot),
  });
  const option: Option = {
    ...around(ink),
    legend: { top: 0, left: 0, textStyle: { color: ink.soft }, itemWidth: 14, itemHeight: 10 },
    grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
    xAxis: {
      ...axis(ink),
      type: "value",
      splitNumber: 3,
      axisLabel: { color: ink.soft, hideOverlap: true, formatter: "{value} min" },
    },
    yAxis: {
      ...axis(ink),
      type: "category",
      inverse: true,
      data: rows.map((row) => saidOf(plot, row, "place")),
      axisLabel: { color: ink.soft, width: 140, overflow: "truncate" },
    },
    series: [bar("mean_min", "Taken, mean", ink.first), bar("planned_min", "Planned, mean", ink.second)],
  };
  return { option, find: same };
}

/** Row by row, of all that was said what came as said; of forecasts also what came before and after. */
export function held(plot: Plot, ink: Ink): Drawing {
  const names = new Set(plot.columns.map((column) => column.name));
  const forecasts = names.has("inside");
  const first = plot.columns[0]?.name ?? "";
  const part = (label: string, of: (row: Row) => number | null, color: string): Record<string, unknown> => ({
    type: "bar",
    name: label,
    stack: "all",
    data: plot.rows.map(of),
    itemStyle: { color },
    barMaxWidth: 28,
    tooltip: tip(plot),
  });
  const share = (name: string) => (row: Row): number | null => numberOf(row, name);
  const broken = (row: Row): number | null => {
    const kept = numberOf(row, "kept");
    return kept === null ? null : 1 - kept;
  };
  const option: Option = {
    ...around(ink),
    legend: { top: 0, left: 0, textStyle: { color: ink.soft }, itemWidth: 14, itemHeight: 10 },
    grid: { left: 8, right: 24, top: 36, bottom: 8, containLabel: true },
    xAxis: { ...axis(ink), type: "value", max: 1, axisLabel: percent(ink) },
    yAxis: { ...axis(ink), type: "category", inverse: true, data: plot.rows.map((row) => saidOf(plot, row, first)) },
    series: forecasts
      ? [part("Before p10", share("early"), ink.warn), part("Between", share("inside"), ink.good), part("After p90", share("late"), ink.bad)]
      : [part("Kept", share("kept"), ink.good), part("Broken", broken, ink.bad)],
  };
  return { option, find: same };
}

export function scores(plot: Plot, ink: Ink): Drawing {
  const colors = [ink.bad, ink.bad, ink.warn, ink.good, ink.good];
  const option: Option = {
    ...around(ink),
    grid: { left: 8, right: 40, top: 8, bottom: 8, containLabel: true },
    xAxis: { ...axis(ink), type: "value", minInterval: 1, splitLine: { show: false }, axisLabel: { show: false } },
    yAxis: { ...axis(ink), type: "category", data: plot.rows.map((row) => saidOf(plot, row, "score")) },
    series: [
      {
        type: "bar",
        data: plot.rows.map((row, index) => ({
          value: numberOf(row, "orders"),
          itemStyle: { color: colors[index] ?? ink.first, borderRadius: [0, 4, 4, 0] },
        })),
        barMaxWidth: 22,
        label: { show: true, position: "right", color: ink.ink },
        tooltip: tip(plot),
      },
    ],
  };
  return { option, find: same };
}

export const DRAWINGS: Record<string, (plot: Plot, ink: Ink) => Drawing> = { heat, pareto, eta, funnel, bars, held, scores };
