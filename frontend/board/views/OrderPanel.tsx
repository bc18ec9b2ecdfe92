// An urgent order while routes run: the three best places for it, what each costs, and whose promise it touches.
import { useEffect } from "preact/hooks";
import { nameOf } from "../pure/model";
import { moreMoney, moreTime, moreWay } from "../pure/words";
import { routeOfOption } from "../store/acts";
import type { App } from "./app";
import { Sheet } from "./Side";

const BEST = 3;

export function OrderPanel({ app }: { app: App }) {
  const { store, runs } = app;
  const board = store.board.value!;
  const waiting = board.left;
  const id = [...store.selection.value.ids].find((one) => board.stops.get(one)?.shift === null) ?? waiting[0]?.id ?? null;
  useEffect(() => {
    if (id) void runs.findPlaces(id);
  }, [id, board.cursor]);
  const found = runs.options.value?.key === id ? runs.options.value : null;
  return (
    <Sheet app={app} title="Add an order to a route">
      {app.config.links.write && <p><a class="button small quiet" href={app.config.links.write} target="_blank">Write a new order</a></p>}
      {waiting.length === 0 ? <p class="empty">No order waits. New orders appear here as soon as they are ready.</p> : (
        <div class="field">
          <label for="b-order">Order</label>
          <select id="b-order" value={id ?? ""} onChange={(event) => void (store.selection.value = { ids: new Set([event.currentTarget.value]), anchor: event.currentTarget.value })}>
            {waiting.map((stop) => <option key={stop.id} value={stop.id}>{[stop.orders.join(", "), stop.label, stop.address].filter(Boolean).join(" · ")}</option>)}
          </select>
        </div>
      )}
      {id && found && !found.list && <p class="soft">Looking for the best places…</p>}
      {found?.list?.length === 0 && <p class="notice is-warn">No running route can take it without breaking a rule.</p>}
      <ol class="b-options">
        {found?.list?.slice(0, BEST).map((option) => {
          const route = routeOfOption(board, option);
          return (
            <li key={`${option.shift_id} ${option.position}`}>
              <b>{route ? nameOf(route) : "A route"}, as open stop {option.position + 1}</b>
              <span>{moreMoney(option.cost, board.currency)}{option.seconds !== undefined && ` · ${moreTime(option.seconds)}`}{option.meters !== undefined && ` · ${moreWay(option.meters)}`}</span>
              <span class={option.touches?.length ? "warn" : "good"}>{option.touches?.length ? `Touches the promise of ${option.touches.join(", ")}` : "Touches nobody's promise"}</span>
              <button type="button" class="button small" onClick={() => void app.acts.insert(id, option)}>Add here</button>
            </li>
          );
        })}
      </ol>
    </Sheet>
  );
}
