// "Move to…": all that dragging does, by keys and single clicks. The best places first, then any route and place.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { inOrder } from "../pure/edits";
import { isOpen, nameOf } from "../pure/model";
import { clock, count, moreMoney } from "../pure/words";
import type { App } from "./app";
import { DraftWords } from "./Draft";

export function MoveDialog({ app, ids }: { app: App; ids: string[] }) {
  const { store, acts, runs } = app;
  const box = useRef<HTMLDialogElement>(null);
  const board = store.board.value!;
  const stops = inOrder(board, ids);
  const first = stops[0];
  const shift = useSignal(first?.shift ?? board.routes[0]?.shift ?? "");
  const place = useSignal(first && first.at >= 0 ? first.at : 0);
  useEffect(() => {
    box.current?.showModal();
    if (first) void runs.findPlaces(first.id);
  }, []);
  const row = board.byShift.get(shift.value);
  const rest = row?.stops.filter((stop) => !ids.includes(stop.id)) ?? [];
  const done = rest.findLastIndex((stop) => !isOpen(stop)) + 1;
  const draft = store.draft.value;
  const options = runs.options.value?.key === first?.id ? runs.options.value?.list : null;
  const to = (next: string, at: number): void => {
    shift.value = next;
    place.value = at;
    acts.propose(ids, { shift: next || null, place: at }, "menu");
  };
  const close = (): void => void (store.panel.value = null);
  const cancel = (): void => {
    acts.discard(Boolean(store.draft.value));
    close();
  };
  const name = stops.length === 1 ? first!.label || first!.address : count(stops.length, "stop");
  return (
    <dialog
      class="dialog b-move" ref={box} aria-labelledby="b-move-title"
      onCancel={(event) => { event.preventDefault(); cancel(); }} onKeyDown={(event) => event.stopPropagation()}
    >
      <form
        class="form"
        onSubmit={async (event) => {
          event.preventDefault();
          await acts.settled();
          if (await acts.keep()) close();
        }}
      >
        <h2 id="b-move-title">Move {name}</h2>
        {options && options.length > 0 && (
          <fieldset class="field">
            <legend>Best places</legend>
            {options.slice(0, 5).map((option) => {
              const route = board.byShift.get(option.shift_id);
              return route && (
                <label key={`${option.shift_id} ${option.position}`} class="check b-best">
                  <input type="radio" name="best" checked={shift.value === option.shift_id && place.value === option.position} onChange={() => to(option.shift_id, option.position)} />
                  <span>{nameOf(route)}, stop {option.position + 1}</span><span class="num">{moreMoney(option.cost, board.currency)}</span>
                </label>
              );
            })}
          </fieldset>
        )}
        <div class="b-two">
          <div class="field">
            <label for="b-to-route">Route</label>
            <select id="b-to-route" value={shift.value} onChange={(event) => to(event.currentTarget.value, event.currentTarget.value === first?.shift ? first.at : (board.byShift.get(event.currentTarget.value)?.stops.length ?? 0))}>
              {board.routes.map((route) => <option key={route.shift} value={route.shift} disabled={Boolean(route.locked)}>{nameOf(route)} ({route.stops.length}){route.locked ? ", locked" : ""}</option>)}
              <option value="">No route (unassigned)</option>
            </select>
          </div>
          {shift.value && (
            <div class="field">
              <label for="b-to-place">Place</label>
              <select id="b-to-place" value={place.value} onChange={(event) => to(shift.value, Number(event.currentTarget.value))}>
                {[...Array(rest.length + 1).keys()].filter((n) => n >= done).map((n) => (
                  <option key={n} value={n}>{n === 0 ? "1: first" : `${n + 1}: after ${rest[n - 1]!.label || rest[n - 1]!.address} (${clock(rest[n - 1]!.leave, board.zone)})`}</option>
                ))}
              </select>
            </div>
          )}
        </div>
        <div class="b-price" aria-live="polite">{draft ? <DraftWords app={app} draft={draft} /> : <span class="soft">Choose a place to see what it changes.</span>}</div>
        <p class="form-end">
          <button class="button" disabled={!draft || draft.state === "keeping" || draft.state === "failed"}>Move</button>
          <button type="button" class="button quiet" onClick={cancel}>Cancel</button>
        </p>
      </form>
    </dialog>
  );
}
