// Acts on routes that are on the road. A refusal for a broken rule can be answered by doing it anyway.
import type { Target } from "../pure/edits";
import { inOrder } from "../pure/edits";
import { isOpen } from "../pure/model";
import type { Board } from "../pure/model";
import type { Server } from "./server";

/** Bring stops of running routes to another place, or off the road; what waits joins one. One act of the server each. */
export async function onRoad(server: Server, board: Board, ids: Iterable<string>, to: Target, accept: boolean): Promise<void> {
  const stops = inOrder(board, ids).filter(isOpen);
  const target = to.shift === null ? undefined : board.byShift.get(to.shift);
  const carried = new Set(stops.map((stop) => stop.id));
  const done = target ? target.stops.filter((stop) => !isOpen(stop) && !carried.has(stop.id)).length : 0;
  for (const [number, stop] of stops.entries()) {
    const from = stop.shift ? board.byShift.get(stop.shift) : undefined;
    const position = to.place === null ? null : Math.max(0, to.place - done) + number;
    if (from?.route && target?.route) await server.moveStop(stop.stopId ?? stop.id, target.route, position, accept);
    else if (from?.route) for (const task of stop.tasks) await server.giveBack(from.route, task.id);
    else if (target?.route) for (const task of stop.tasks) await server.add(target.route, task.id, position, accept);
  }
}

/** Whether a change is about routes on the road rather than a plan. */
export function isOnRoad(board: Board, ids: Iterable<string>, to: Target): boolean {
  if (to.shift !== null && board.byShift.get(to.shift)?.route) return true;
  return [...ids].some((id) => {
    const shift = board.stops.get(id)?.shift;
    return Boolean(shift && board.byShift.get(shift)?.route);
  });
}
