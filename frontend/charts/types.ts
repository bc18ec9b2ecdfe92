// What the page says to its charts (doors/console/measures/shown.py).
export interface Column {
  name: string;
  label: string;
  unit: string;
}

/** A row of a plot's table: raw values by column, the words that stand in the table, and where its rows are. */
export interface Row {
  said: string[];
  href: string;
  [name: string]: unknown;
}

export interface Plot {
  name: string;
  chart: string;
  title: string;
  columns: Column[];
  rows: Row[];
}

export interface Told {
  currency: string;
  plots: Plot[];
}

/** Colors as the theme has them now. */
export interface Ink {
  ink: string;
  soft: string;
  line: string;
  sheet: string;
  raised: string;
  first: string;
  second: string;
  good: string;
  warn: string;
  bad: string;
  heat: string[];
  font: string;
}

export function numberOf(row: Row, name: string): number | null {
  const value = row[name];
  return typeof value === "number" ? value : null;
}

export function saidOf(plot: Plot, row: Row, name: string): string {
  return row.said[plot.columns.findIndex((column) => column.name === name)] ?? "";
}
