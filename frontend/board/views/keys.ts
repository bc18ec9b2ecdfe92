// Keys that hold everywhere on the board, save where somebody is writing.
import { taken } from "../pure/selection";
import type { App } from "./app";
import { openRoute } from "./RoutePanel";

const FOCUS: Record<string, [tab: "routes" | "map" | "timeline", selector: string]> = {
  "1": ["routes", ".b-route-main, .b-left-main, #b-find"], "2": ["map", ".b-map canvas"], "3": ["timeline", ".b-time-scroll"],
};

export function globalKeys(app: App): (event: KeyboardEvent) => void {
  const { store, acts, drags } = app;

  function escape(): boolean {
    if (drags.busy) drags.stop();
    else if (store.draft.value) acts.discard();
    else if (store.panel.value) store.panel.value = null;
    else if (store.tool.value !== "hand") store.tool.value = "hand";
    else if (store.selection.value.ids.size) store.selection.value = { ids: new Set(), anchor: null };
    else if (store.route.value) store.route.value = null;
    else return false;
    return true;
  }

  function withControl(event: KeyboardEvent): boolean {
    const key = event.key.toLowerCase();
    if (key === "z") void (event.shiftKey ? acts.redo() : acts.undo());
    else if (key === "y") void acts.redo();
    else if (key === "a") {
      const route = store.route.value && store.board.value?.byShift.get(store.route.value);
      if (!route) return false;
      store.selection.value = taken(store.selection.value, route.stops.map((stop) => stop.id), false);
    } else return false;
    return true;
  }

  function plain(event: KeyboardEvent): boolean {
    switch (event.key) {
      case "Escape": return escape();
      case "Enter":
        if (!store.draft.value || event.target instanceof HTMLButtonElement) return false;
        void acts.keep();
        return true;
      case "?": store.panel.value = { kind: "help" }; return true;
      case "/": {
        store.list.value = "routes";
        store.tab.value = "routes";
        requestAnimationFrame(() => document.getElementById("b-find")?.focus());
        return true;
      }
      case "l": case "L": store.tool.value = store.tool.value === "lasso" ? "hand" : "lasso"; return true;
      case "b": case "B": store.tool.value = store.tool.value === "box" ? "hand" : "box"; return true;
      case "m": case "M": {
        const ids = [...store.selection.value.ids].filter((id) => store.stop(id));
        if (ids.length) store.panel.value = { kind: "move", ids };
        return ids.length > 0;
      }
      case "r": case "R": {
        const shift = store.route.value;
        if (shift) openRoute(app, shift);
        return shift !== null;
      }
      case "1": case "2": case "3": {
        const [tab, selector] = FOCUS[event.key]!;
        store.tab.value = tab;
        requestAnimationFrame(() => document.querySelector<HTMLElement>(selector)?.focus());
        return true;
      }
      default: return false;
    }
  }

  return (event) => {
    const target = event.target as HTMLElement;
    const writing = target.matches("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]");
    if (document.querySelector("dialog[open]")) return;
    if (writing && event.key !== "Escape") return;
    const done = event.ctrlKey || event.metaKey ? withControl(event) : !event.altKey && plain(event);
    if (done) event.preventDefault();
  };
}
