// What the phone believes: the server's sheet with the taps on top that the server has not answered yet. Nothing of a
// belief is kept: once a tap is answered, the sheet that comes with the answer stands for it.
import type { Intent, PackageState, RouteState, Sheet, Stop, StopState } from "../kinds";

const ROUTE: Partial<Record<Intent["kind"], RouteState>> = {
  accept_route: "accepted",
  reject_route: "rejected",
  start_loading: "loading",
  start_route: "started",
  finish_route: "finished",
};
const STOP: Partial<Record<Intent["kind"], StopState>> = {
  set_out: "en_route",
  arrive: "arrived",
  complete: "completed",
  partial: "partial",
  fail: "failed",
  skip: "skipped",
};
const SCAN: Record<string, PackageState> = {
  load: "on_board",
  collect: "on_board",
  deliver: "delivered",
  return: "returned",
  hand_over: "handed_over",
  missing: "missing",
};
const ENDED: readonly StopState[] = ["completed", "partial", "failed", "cancelled"];

export const isOpen = (stop: Stop): boolean => !ENDED.includes(stop.state);

/** The sheet as it will be once the server has taken these taps. */
export const believe = (sheet: Sheet, taps: readonly Intent[]): Sheet => taps.reduce(after, sheet);

function after(sheet: Sheet, tap: Intent): Sheet {
  if (tap.kind === "scan") return tap.body.route_id === sheet.route_id ? scanned(sheet, tap) : sheet;
  const stop = STOP[tap.kind];
  if (stop) return stopped(sheet, String(tap.body.stop_id), stop);
  if (tap.body.route_id !== sheet.route_id) return sheet;
  if (tap.kind === "read_route") return readTo(sheet, Number(tap.body.version));
  const state = ROUTE[tap.kind];
  if (state) return { ...sheet, state, on_break: false };
  if (tap.kind === "break_start" || tap.kind === "break_end") return { ...sheet, on_break: tap.kind === "break_start" };
  return sheet;
}

/** What was changed after that is still to be read. */
const readTo = (sheet: Sheet, version: number): Sheet =>
  sheet.changed && sheet.changed.version <= version ? { ...sheet, changed: null } : sheet;

/** An outcome stands: a later tap changes nothing. Who sets out to one stop puts the other one off. */
function stopped(sheet: Sheet, stop_id: string, state: StopState): Sheet {
  const known = sheet.stops.find((stop) => stop.stop_id === stop_id);
  if (!known || !isOpen(known)) return sheet;
  const stops = sheet.stops.map((stop): Stop => {
    if (stop.stop_id === stop_id) return { ...stop, state };
    return state === "en_route" && stop.state === "en_route" ? { ...stop, state: "skipped" } : stop;
  });
  const started = sheet.state === "released" || sheet.state === "accepted" || sheet.state === "loading";
  return { ...sheet, state: started ? "started" : sheet.state, stops };
}

function scanned(sheet: Sheet, tap: Intent): Sheet {
  const state = SCAN[String(tap.body.what)];
  const { package_id, barcode } = tap.body;
  if (!state) return sheet;
  const stops = sheet.stops.map((stop) => ({
    ...stop,
    tasks: stop.tasks.map((task) => ({
      ...task,
      packages: task.packages.map((one) =>
        (package_id ? one.package_id === package_id : one.barcode === barcode) ? { ...one, state } : one,
      ),
    })),
  }));
  return { ...sheet, stops };
}

/** Where the driver goes now: the stop under way, else the first that is open, those put off last. */
export function nextStop(sheet: Sheet): Stop | null {
  const open = sheet.stops.filter(isOpen);
  const order: StopState[] = ["arrived", "en_route", "planned", "skipped"];
  for (const state of order) {
    const found = open.find((stop) => stop.state === state);
    if (found) return found;
  }
  return null;
}

/** Stops that the driver seems to have left without a word, those aside that the driver said to be still at work on. */
export const seemsLeft = (sheet: Sheet, still: readonly string[]): Stop[] =>
  sheet.state === "started"
    ? sheet.stops.filter((stop) => stop.state === "arrived" && stop.seems_left_at && !still.includes(stop.stop_id))
    : [];

/** 1 for the first stop as it stands on the sheet: positions may have gaps. */
export const numberOf = (sheet: Sheet, stop: Stop): number =>
  sheet.stops.findIndex((one) => one.stop_id === stop.stop_id) + 1;

export const counts = (sheet: Sheet): { all: number; ended: number; completed: number; failed: number } => ({
  all: sheet.stops.filter((stop) => stop.state !== "cancelled").length,
  ended: sheet.stops.filter((stop) => !isOpen(stop) && stop.state !== "cancelled").length,
  completed: sheet.stops.filter((stop) => stop.state === "completed" || stop.state === "partial").length,
  failed: sheet.stops.filter((stop) => stop.state === "failed").length,
});
