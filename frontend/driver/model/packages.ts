// The packages of a route: what is to be loaded, what is on board, and whether both sides are equal at the end.
import type { Package, Sheet, Stop, Tap } from "../kinds";

export interface Line {
  one: Package;
  stop: Stop;
  number: number;
  collect: boolean;
}

export const lines = (sheet: Sheet): Line[] =>
  sheet.stops.flatMap((stop, i) =>
    stop.tasks.flatMap((task) =>
      task.packages.map((one) => ({ one, stop, number: i + 1, collect: task.kind === "collect" })),
    ),
  );

/** What the depot hands out: last stop first, as it is stowed. */
export const toLoad = (sheet: Sheet): Line[] =>
  lines(sheet)
    .filter(({ collect, stop }) => !collect && stop.state !== "cancelled")
    .reverse();

export const onBoard = (sheet: Sheet): Line[] => lines(sheet).filter(({ one }) => one.state === "on_board");

export interface Balance {
  came: number;
  delivered: number;
  returned: number;
  missing: number;
  on_board: number;
  holds: boolean;
}

/** By the last state of each package that ever came on board. */
export function balance(sheet: Sheet): Balance {
  const all = lines(sheet);
  const of = (state: string): number => all.filter(({ one }) => one.state === state).length;
  const delivered = of("delivered") + of("handed_over");
  const [returned, missing, on_board] = [of("returned"), of("missing"), of("on_board")];
  return {
    came: delivered + returned + missing + on_board,
    delivered,
    returned,
    missing,
    on_board,
    holds: on_board === 0,
  };
}

export type Found = { line: Line; again: boolean } | null;

/** The line of a code that was scanned or typed; one that still waits goes before one that is there already. */
export function find(rows: readonly Line[], code: string, wanted: string): Found {
  const same = rows.filter(({ one }) => one.barcode.trim().toLowerCase() === code.trim().toLowerCase());
  const open = same.find(({ one }) => one.state !== wanted);
  if (open) return { line: open, again: false };
  return same[0] ? { line: same[0], again: true } : null;
}

export const scanTap = (sheet: Sheet, one: Package, what: string): Tap => ({
  kind: "scan",
  body: { route_id: sheet.route_id, package_id: one.package_id, barcode: one.barcode, what },
});
