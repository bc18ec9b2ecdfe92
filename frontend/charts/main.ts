// The plots of the measures. Each stands beside its table, which has the same numbers and links: a chart is drawn for
// the eye, and is hidden from who can't use it. A click leads to the rows behind what was clicked.
import { BarChart, HeatmapChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { inkOf, whenThemeChanges } from "./ink";
import { drawLines, isLine } from "./lines";
import { DRAWINGS } from "./options";
import type { Ink, Plot, Told } from "./types";

use([BarChart, HeatmapChart, LineChart, GridComponent, LegendComponent, TooltipComponent, VisualMapComponent, SVGRenderer]);

function drawOther(place: HTMLElement, plot: Plot, ink: Ink): () => void {
  const drawing = DRAWINGS[plot.chart]?.(plot, ink);
  if (!drawing) return () => undefined;
  const chart = init(place, null, { renderer: "svg" });
  chart.setOption(drawing.option);
  chart.on("click", (event) => {
    const index = drawing.find(event.seriesIndex ?? 0, event.dataIndex);
    const row = index === null ? undefined : plot.rows[index];
    if (row) location.assign(`${row.href}#rows`);
  });
  const follow = new ResizeObserver(() => chart.resize());
  follow.observe(place);
  return () => {
    follow.disconnect();
    chart.dispose();
  };
}

function told(): Told | null {
  const data = document.getElementById("measures-data");
  return data?.textContent ? (JSON.parse(data.textContent) as Told) : null;
}

function drawAll(page: Told): () => void {
  const ink = inkOf(document.body);
  const undo: (() => void)[] = [];
  for (const place of document.querySelectorAll<HTMLElement>("[data-chart]")) {
    const plot = page.plots.find((one) => one.name === place.dataset["chart"]);
    if (!plot) continue;
    place.hidden = false;
    place.setAttribute("aria-hidden", "true");
    undo.push(isLine(plot) ? drawLines(place, plot, ink, page.currency) : drawOther(place, plot, ink));
    place.dataset["drawn"] = "yes";
  }
  return () => undo.forEach((act) => act());
}

const page = told();
if (page) {
  for (const table of document.querySelectorAll<HTMLDetailsElement>(".as-table")) table.open = false;
  let undo = drawAll(page);
  whenThemeChanges(() => {
    undo();
    undo = drawAll(page);
  });
}
