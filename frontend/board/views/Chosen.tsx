// What can be done with the chosen stops, by single clicks.
import { inOrder } from "../pure/edits";
import { isOpen } from "../pure/model";
import { count, duration } from "../pure/words";
import type { App } from "./app";
import { Icon } from "./Icon";

export function Chosen({ app }: { app: App }) {
  const { store, acts } = app;
  const { ids } = store.selection.value;
  const board = store.board.value;
  const open = store.panel.value;
  const told = open?.kind === "stop" && ids.size === 1 && ids.has(open.id); // its panel has the same buttons
  if (ids.size === 0 || !board || store.draft.value || store.drag.value || told) return null;
  const all = inOrder(board, ids);
  const may = app.config.may.plan;
  const movable = may ? all.filter((stop) => stop.visit !== null || isOpen(stop)).map((stop) => stop.id) : [];
  const on = may ? all.filter((stop) => stop.shift !== null && stop.visit !== null) : [];
  const locked = on.length > 0 && on.every((stop) => stop.lock);
  const service = all.reduce((sum, stop) => sum + stop.service, 0);
  return (
    <div class="b-chosen" role="toolbar" aria-label="Chosen stops">
      <span class="b-chosen-what"><b>{count(ids.size, "stop")}</b> <span class="soft">{duration(service)} at the door</span></span>
      {movable.length > 0 && <button type="button" class="button small" aria-keyshortcuts="m" onClick={() => void (store.panel.value = { kind: "move", ids: movable })}>Move to…</button>}
      {on.length > 0 && <button type="button" class="button small quiet" onClick={() => acts.propose(on.map((stop) => stop.id), { shift: null, place: 0 }, "menu")}>Take off</button>}
      {on.length > 0 && <button type="button" class="button small quiet" onClick={() => void acts.lock("position", !locked, { ids: on.map((stop) => stop.id) })}>{locked ? "Unlock" : "Lock"}</button>}
      {ids.size === 1 && <button type="button" class="button small quiet" onClick={() => void (store.panel.value = { kind: "stop", id: [...ids][0]! })}>{all[0]?.shift ? "Why here?" : "Why not?"}</button>}
      <Icon name="close" label="Choose none" onClick={() => void (store.selection.value = { ids: new Set(), anchor: null })} />
    </div>
  );
}
