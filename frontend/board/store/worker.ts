// Beside the page: reads the day, compares it with what it has told already, and tells what is different.
import { equal } from "../pure/merge";
import type { Rest } from "../pure/merge";
import { boardOf } from "../pure/model";
import type { Board, Route, Stop } from "../pure/model";
import type { WireBoard } from "../wire";
import { Problem, tagged } from "./http";
import type { ProblemBody } from "./http";

export interface Wanted {
  address: string;
  /** Routes that the page has changed since: they are told of as they stand, whether they are others or not. */
  changed: string[];
}
export type Said =
  | { kind: "routes"; routes: Route[] }
  | { kind: "rest"; order: string[]; left: Stop[] | null; rest: Rest }
  | { kind: "same" }
  | { kind: "failed"; status: number; body: ProblemBody };

const PIECE = 500; // stops in one piece
let told: Board | null = null;
let tag = "";

async function read({ address, changed }: Wanted): Promise<void> {
  const tell = (said: Said): void => postMessage(said);
  try {
    const found = await tagged<WireBoard>(address, changed.length === 0 && told ? tag : "");
    if (!found) return tell({ kind: "same" });
    const fresh = boardOf(found.body);
    const anew = new Set(changed);
    for (const piece of pieces(fresh.routes.filter((route) => anew.has(route.shift) || !equal(told?.byShift.get(route.shift), route)))) tell({ kind: "routes", routes: piece });
    const { routes, byShift: _byShift, stops: _stops, left, ...rest } = fresh;
    tell({ kind: "rest", order: routes.map((route) => route.shift), left: told && equal(told.left, left) ? null : left, rest });
    [told, tag] = [fresh, found.tag];
  } catch (error) {
    const { status, code, message, remedy, details } = error instanceof Problem ? error : new Problem(0, { code: "network", detail: String(error) });
    tell({ kind: "failed", status, body: { code, detail: message, remedy, details } });
  }
}

/** Routes in pieces of some hundred stops. */
function* pieces(routes: readonly Route[]): Generator<Route[]> {
  let piece: Route[] = [];
  let size = 0;
  for (const route of routes) {
    piece.push(route);
    size += route.stops.length + 1;
    if (size < PIECE) continue;
    yield piece;
    [piece, size] = [[], 0];
  }
  if (piece.length) yield piece;
}

addEventListener("message", (event: MessageEvent<Wanted>) => void read(event.data));
