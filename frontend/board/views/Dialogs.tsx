// Release, with what it comes to and what has to be accepted; and the keys.
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { nameOf } from "../pure/model";
import { count, distance, said, span } from "../pure/words";
import type { App } from "./app";
import { MoveDialog } from "./MoveDialog";
import { openRoute } from "./RoutePanel";

export function Dialogs({ app }: { app: App }) {
  const panel = app.store.panel.value;
  if (panel?.kind === "release") return <Release app={app} />;
  if (panel?.kind === "help") return <Help app={app} />;
  if (panel?.kind === "move") return <MoveDialog key={panel.ids.join()} app={app} ids={panel.ids} />;
  return null;
}

function Modal({ app, title, children }: { app: App; title: string; children: ComponentChildren }) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => box.current?.showModal(), []);
  const close = (): void => void (app.store.panel.value = null);
  return (
    <dialog class="dialog" ref={box} aria-label={title} onCancel={(event) => { event.preventDefault(); close(); }} onKeyDown={(event) => event.stopPropagation()}>
      <h2>{title}</h2>
      {children}
    </dialog>
  );
}

function Release({ app }: { app: App }) {
  const { store, runs } = app;
  const board = store.board.value!;
  const accepted = useSignal(false);
  const routes = board.routes.filter((route) => route.stops.length > 0 && !route.route);
  const nameless = routes.filter((route) => !route.driver);
  const starts = routes.map((route) => route.start ?? Infinity);
  const total = routes.reduce((sum, route) => ({ stops: sum.stops + route.stops.length, meters: sum.meters + route.meters }), { stops: 0, meters: 0 });
  const must = board.breaches.length > 0;
  return (
    <Modal app={app} title="Release this plan">
      <dl class="facts">
        <dt>Routes</dt><dd>{count(routes.length, "route")}, {count(total.stops, "stop")}, {distance(total.meters)}</dd>
        <dt>First and last</dt><dd>{routes.length ? span(Math.min(...starts), Math.max(...routes.map((route) => route.end ?? 0)), board.zone) : "none"}</dd>
        <dt>Late stops</dt><dd class={store.late.value ? "bad" : ""}>{store.late.value}</dd>
        <dt>Left out</dt><dd class={board.left.length ? "warn" : ""}>{board.left.length ? `${count(board.left.length, "stop")} on no route` : "nothing"}</dd>
      </dl>
      {nameless.length > 0 && <p class="notice is-warn">{count(nameless.length, "route has", "routes have")} no driver yet: {nameless.slice(0, 4).map(nameOf).join(", ")}{nameless.length > 4 && "…"}. <button type="button" class="link" onClick={() => openRoute(app, nameless[0]!.shift)}>Name one for {nameOf(nameless[0]!)}</button> before releasing.</p>}
      {must && (
        <div class="b-accept">
          <h3>Rules that this plan breaks</h3>
          <ul class="b-breaches">
            {board.breaches.slice(0, 8).map((breach, n) => <li key={n}>{breach.text || said(breach.code)}</li>)}
            {board.breaches.length > 8 && <li>and {board.breaches.length - 8} more</li>}
          </ul>
          <label class="check"><input type="checkbox" checked={accepted.value} onChange={(event) => void (accepted.value = event.currentTarget.checked)} />I accept {must && board.breaches.length === 1 ? "this breach" : "these breaches"}</label>
        </div>
      )}
      <p class="soft">Drivers get their routes, and recipients who want it are told when to expect them.</p>
      <p class="form-end">
        <button type="button" class="button" disabled={routes.length === 0 || (must && !accepted.value) || store.busy.value} onClick={() => void runs.release(accepted.value)}>Release {count(routes.length, "route")}</button>
        <button type="button" class="button quiet" onClick={() => void (store.panel.value = null)}>Cancel</button>
      </p>
    </Modal>
  );
}

const KEYS: [keys: string[], what: string][] = [
  [["↑", "↓"], "In the timeline: the route above or below"],
  [["←", "→"], "The stop before or after; with Shift choose them too"],
  [["Space"], "Choose the stop, or leave it"],
  [["Enter"], "Open the stop; with a change in hand: keep it"],
  [["Alt", "← → ↑ ↓"], "Move the stop (or the chosen ones) and see what it costs"],
  [["M"], "Move to…: best places, any route, any place"],
  [["U"], "Take off the route"],
  [["K"], "Lock or free the place; with Shift keep the route's stops with its driver"],
  [["R"], "Open the route: its driver, words for them, planned against driven"],
  [["Esc"], "Take a change back, close a panel, choose none"],
  [["Ctrl", "Z"], "Undo; with Shift redo"],
  [["Ctrl", "A"], "Choose all stops of the route"],
  [["+", "−", "0"], "Zoom the timeline in, out, to the whole day"],
  [["L", "B"], "On the map: lasso, box"],
  [["/"], "Find a driver, a stop, an order"],
  [["1", "2", "3"], "Go to the routes, the map, the timeline"],
  [["?"], "This list"],
];

function Help({ app }: { app: App }) {
  return (
    <Modal app={app} title="Keys">
      <table class="b-keys"><tbody>
        {KEYS.map(([keys, what]) => <tr key={what}><th scope="row">{keys.map((key) => <kbd key={key}>{key}</kbd>)}</th><td>{what}</td></tr>)}
      </tbody></table>
      <p class="soft">By mouse: drag a stop onto another place or route, or from the list of unassigned. On the map, Shift and drag draws a box.</p>
      <p class="form-end"><button type="button" class="button" onClick={() => void (app.store.panel.value = null)}>Close</button></p>
    </Modal>
  );
}
