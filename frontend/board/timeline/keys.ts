// The timeline by keys alone: arrows walk, Space and Shift choose, Alt carries, Enter keeps, Escape takes back.
import { batch } from "@preact/signals";
import { stepped } from "../pure/edits";
import type { Target } from "../pure/edits";
import type { Board, Route, Stop } from "../pure/model";
import { nameOf } from "../pure/model";
import { only, ranged, toggled } from "../pure/selection";
import type { App } from "../views/app";
import { stopWords } from "./Cells";
import { shown, zoomed } from "./scale";

const STEPS = { ArrowLeft: "earlier", ArrowRight: "later", ArrowUp: "above", ArrowDown: "below" } as const;
const PAGE = 10;

export function keysOf(app: App): (event: KeyboardEvent) => void {
  const { store, acts } = app;

  function walk(event: KeyboardEvent): boolean {
    const rows = store.rows.value;
    if (rows.length === 0) return false;
    const at = Math.max(0, rows.findIndex((route) => route.shift === store.route.value));
    const here = store.hover.value ? store.stop(store.hover.value) : undefined;
    const row = rows[at]!;
    const number = here?.shift === row.shift ? here.at : -1;
    const to = (next: number): boolean => go(rows[Math.min(Math.max(next, 0), rows.length - 1)]!, here ?? null);
    switch (event.key) {
      case "ArrowDown": return to(store.route.value === null ? 0 : at + 1);
      case "ArrowUp": return to(at - 1);
      case "PageDown": return to(at + PAGE);
      case "PageUp": return to(at - PAGE);
      case "ArrowRight": return pick(row, number + 1, event.shiftKey);
      case "ArrowLeft": return pick(row, number < 0 ? 0 : number - 1, event.shiftKey);
      case "Home": return event.ctrlKey ? to(0) : pick(row, 0, event.shiftKey);
      case "End": return event.ctrlKey ? to(rows.length - 1) : pick(row, row.stops.length - 1, event.shiftKey);
      default: return false;
    }
  }

  function go(row: Route, from: Stop | null): boolean {
    const near = from ? nearest(row, shown(from)[0]) : (row.stops[0] ?? null);
    batch(() => {
      store.route.value = row.shift;
      store.hover.value = near?.id ?? null;
    });
    if (!near) store.say(`${nameOf(row)}, no stops`);
    return true;
  }

  function pick(row: Route, at: number, extend: boolean): boolean {
    const stop = row.stops[Math.min(Math.max(at, 0), row.stops.length - 1)];
    if (!stop) return true;
    batch(() => {
      store.route.value = row.shift;
      store.hover.value = stop.id;
      const board = store.board.value;
      if (extend && board) store.selection.value = ranged(store.selection.value, stop.id, board);
    });
    return true;
  }

  /** The stop in hand goes one place on, or onto the next route; repeated keys go on from the draft. */
  function carry(key: keyof typeof STEPS): boolean {
    const board = store.board.value;
    const stop = store.hover.value ? store.stop(store.hover.value) : undefined;
    if (!board || !stop) return false;
    const draft = store.draft.value;
    const ids = draft?.ids ?? (store.selection.value.ids.has(stop.id) ? store.selection.value.ids : new Set([stop.id]));
    const target = draft?.to?.shift ? onwards(board, stop, draft.to, STEPS[key]) : stepped(board, stop, STEPS[key]);
    if (!target) return true;
    if (target.shift) store.route.value = target.shift;
    acts.propose(ids, target, "key");
    return true;
  }

  function plain(event: KeyboardEvent): boolean {
    const id = store.hover.value;
    const view = store.view.value;
    const middle = (view.from + view.to) / 2;
    const chosen = id && !store.selection.value.ids.has(id) ? [id] : [...store.selection.value.ids];
    switch (event.key) {
      case " ":
        if (id) store.selection.value = toggled(store.selection.value, id);
        return true;
      case "Enter":
        if (store.draft.value) void acts.keep();
        else if (id) {
          store.selection.value = store.selection.value.ids.has(id) ? store.selection.value : only(id);
          store.panel.value = { kind: "stop", id };
        }
        return true;
      case "m":
        if (chosen.length) store.panel.value = { kind: "move", ids: chosen };
        return true;
      case "u": return acts.propose(chosen, { shift: null, place: 0 }, "key");
      case "k":
        void acts.lock("position", !(id && store.stop(id)?.lock), { ids: chosen });
        return true;
      case "K": {
        const route = store.route.value && store.board.value?.byShift.get(store.route.value);
        if (!route || route.route) return false;
        void acts.lock("driver", route.locked !== "driver", { shift: route.shift });
        return true;
      }
      case "+": case "=": store.seen.value = zoomed(view, 0.7, middle, store.day.value); return true;
      case "-": store.seen.value = zoomed(view, 1.4, middle, store.day.value); return true;
      case "0": store.seen.value = null; return true;
      default: return false;
    }
  }

  return (event) => {
    if (event.metaKey || (event.ctrlKey && event.key !== "Home" && event.key !== "End")) return;
    const done = event.altKey ? event.key in STEPS && carry(event.key as keyof typeof STEPS) : walk(event) || plain(event);
    if (!done) return;
    event.preventDefault();
    event.stopPropagation();
    const id = store.hover.value;
    const stop = id && store.stop(id);
    if (stop && store.board.value && !event.altKey && event.key.startsWith("Arrow")) store.say(stopWords(stop, store.board.value));
  };
}

/** One step on from where a draft stands already. */
export function onwards(board: Board, stop: Stop, from: Target, step: "earlier" | "later" | "above" | "below"): Target | null {
  const row = from.shift ? board.byShift.get(from.shift) : undefined;
  if (!row) return null;
  if (step === "earlier" || step === "later") {
    const most = row.stops.filter((one) => one.id !== stop.id).length;
    const place = (from.place ?? most) + (step === "later" ? 1 : -1);
    return place < 0 || place > most ? null : { shift: row.shift, place };
  }
  return stepped(board, { ...stop, shift: row.shift }, step);
}

function nearest(row: Route, at: number): Stop | null {
  let best: Stop | null = null;
  for (const stop of row.stops) if (!best || Math.abs(shown(stop)[0] - at) < Math.abs(shown(best)[0] - at)) best = stop;
  return best;
}
