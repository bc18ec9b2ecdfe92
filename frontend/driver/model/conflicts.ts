// Which answers of the server a driver must see. An answer that only says that both agree is none.
import type { Conflict, Intent, Outcome, RouteState, Sheet, StopState } from "../kinds";
import { numberOf } from "./belief";

const ASKED: Partial<Record<Intent["kind"], StopState>> = {
  complete: "completed",
  partial: "partial",
  fail: "failed",
};
const STEPS: readonly Intent["kind"][] = ["set_out", "arrive", "skip"];
const OF_ROUTE: readonly Intent["kind"][] = ["accept_route", "start_loading", "start_route", "finish_route"];
const BEHIND: readonly string[] = ["route.on_break", "route.not_on_break"];

/** The conflicts in what came back, each with what the server has instead. `sheet` is the newest there is. */
export function conflictsIn(taps: readonly Intent[], outcomes: readonly Outcome[], sheet: Sheet | null): Conflict[] {
  const byId = new Map(taps.map((tap) => [tap.id, tap]));
  const found: Conflict[] = [];
  for (const { id, outcome, refusal } of outcomes) {
    const intent = byId.get(id);
    if (!intent || outcome === "applied") continue;
    const stop = sheet?.stops.find((one) => one.stop_id === intent.body.stop_id);
    const theirs: StopState | RouteState | null =
      stop?.state ?? (intent.body.route_id && intent.body.route_id === sheet?.route_id ? sheet!.state : null);
    if (agreed(intent, outcome, refusal?.code ?? "", theirs)) continue;
    const label = stop && sheet ? `${numberOf(sheet, stop)} · ${stop.place.label || stop.place.address}` : "";
    found.push({ intent: without(intent), outcome, refusal, label, theirs });
  }
  return found;
}

/** It came too late and changes nothing: the stop has the very state, the arrival was seen by the geofence before. */
function agreed(intent: Intent, outcome: string, code: string, theirs: string | null): boolean {
  // who said no is not asked any more
  if (BEHIND.includes(code) || intent.kind === "decline_offer" || intent.kind === "read_route") return true;
  if (outcome !== "late") return false;
  if (ASKED[intent.kind]) return theirs === ASKED[intent.kind];
  if (STEPS.includes(intent.kind)) return theirs !== "cancelled";
  if (OF_ROUTE.includes(intent.kind)) return theirs === null || !["recalled", "rejected"].includes(theirs);
  return false;
}

/** A PIN is compared and forgotten, here too. */
const without = (intent: Intent): Intent =>
  intent.body.proof === "pin" ? { ...intent, body: { ...intent.body, text: "" } } : intent;
