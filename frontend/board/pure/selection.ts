// One selection for the map, the lists and the timeline: a set of stops, and the one from which a range is counted.
import type { Board } from "./model";

export interface Selection {
  ids: ReadonlySet<string>;
  anchor: string | null;
}
export const NONE: Selection = { ids: new Set(), anchor: null };

export const only = (id: string): Selection => ({ ids: new Set([id]), anchor: id });

export function toggled(was: Selection, id: string): Selection {
  const ids = new Set(was.ids);
  if (!ids.delete(id)) ids.add(id);
  return { ids, anchor: id };
}

/** These too, or these alone. */
export function taken(was: Selection, found: readonly string[], add: boolean): Selection {
  const ids = new Set(add ? was.ids : []);
  for (const id of found) ids.add(id);
  return { ids, anchor: found.at(-1) ?? was.anchor };
}

/** From the anchor to `id` where both are on one route (or both left out); else just `id` too. */
export function ranged(was: Selection, id: string, board: Board): Selection {
  const [from, to] = [was.anchor && board.stops.get(was.anchor), board.stops.get(id)];
  if (!from || !to || from.shift !== to.shift) return taken(was, [id], true);
  const row = to.shift ? (board.byShift.get(to.shift)?.stops ?? []) : board.left;
  const [a, b] = [row.findIndex((one) => one.id === from.id), row.findIndex((one) => one.id === to.id)];
  const found = row.slice(Math.min(a, b), Math.max(a, b) + 1).map((one) => one.id);
  return { ids: new Set([...was.ids, ...found]), anchor: was.anchor };
}

/** What of it still exists, after the board changed. The same object where nothing went. */
export function kept(was: Selection, board: Board): Selection {
  const ids = [...was.ids].filter((id) => board.stops.has(id));
  if (ids.length === was.ids.size) return was;
  return { ids: new Set(ids), anchor: was.anchor && board.stops.has(was.anchor) ? was.anchor : null };
}
