// One route: who drives it, how it goes against its plan, words for its driver, and how it ends before its time.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Board, Route } from "../pure/model";
import { nameOf, seconds } from "../pure/model";
import { age, clock, count, distance, duration, said, span } from "../pure/words";
import type { Looked } from "../store/crew";
import type { App } from "./app";
import { Sheet } from "./Side";

const LIVE = new Set(["released", "accepted", "loading", "started"]);
const MOST_WORDS = 1000;

/** Look at a route, and open it. */
export function openRoute({ store }: App, shift: string): void {
  store.route.value = shift;
  store.panel.value = { kind: "route", shift };
}

export function RoutePanel({ app, shift }: { app: App; shift: string }) {
  const { store, crew, config } = app;
  const board = store.board.value;
  const route = board?.byShift.get(shift);
  useEffect(() => void crew.known(), []);
  if (!board || !route) return <Sheet app={app} title="Route"><p class="empty">This route is no longer part of the day.</p></Sheet>;
  const looked = route.route && crew.looked.value?.route === route.route ? crew.looked.value : null;
  const live = LIVE.has(route.state);
  const driver = looked?.now.driver_id ?? route.driverId;
  const phone = crew.phone(driver);
  return (
    <Sheet app={app} title={nameOf(route)}>
      <p class="b-chips">
        <span class="chip">{route.vehicle}</span>
        {route.route && <span class={`chip ${route.state === "started" ? "is-good" : "is-quiet"}`}>{said(route.state)}</span>}
        {looked?.now.on_break && <span class="chip is-quiet">on a break</span>}
        {route.late > 0 && <span class="chip is-bad">{duration(route.late)} late in all</span>}
      </p>
      <Facts app={app} board={board} route={route} looked={looked} />
      {phone && <p class="b-acts"><a class="button small" href={`tel:${phone}`}>Call {nameOf(route)}</a></p>}
      {(route.route ? live && config.may.release : config.may.crew) && <Driver key={`${shift} ${driver}`} app={app} route={route} driver={driver} />}
      {route.route && <Words app={app} id={route.route} looked={looked} may={live && config.may.release} zone={board.zone} />}
      {route.route && live && config.may.release && <Ends app={app} id={route.route} state={route.state} />}
    </Sheet>
  );
}

function Facts({ app, board, route, looked }: { app: App; board: Board; route: Route; looked: Looked | null }) {
  const { zone } = board;
  const silent = route.route ? app.store.silent.value.get(route.route) : undefined;
  const rows: [string, string][] = [];
  const now = looked?.now;
  if (now) rows.push(["Planned", span(seconds(now.planned_start), seconds(now.planned_end), zone)]);
  else if (route.start !== null && route.end !== null) rows.push(["Planned", span(route.start, route.end, zone)]);
  if (now?.started_at) rows.push(["Began", clock(seconds(now.started_at), zone)]);
  if (now?.finished_at) rows.push(["Ended", clock(seconds(now.finished_at), zone)]);
  else if (now?.started_at && route.end !== null) rows.push(["Back", `about ${clock(route.end, zone)}`]);
  const { done, failed, total } = route.driven;
  rows.push(["Stops", route.route ? `${done + failed} of ${total} done${failed ? `, ${failed} failed` : ""}` : count(route.stops.length, "stop")]);
  if (looked && now) rows.push(["Way", `${looked.driven === null && now.driven_m === null ? "not heard yet" : `${distance(now.driven_m ?? looked.driven ?? 0)} driven`}, ${distance(now.planned_m)} planned`]);
  else rows.push(["Way", distance(route.meters)]);
  if (silent) rows.push(["Heard", `${age(app.store.clock.value - silent.at)} ago`]);
  if (now) rows.push(["Phone", now.acknowledged >= now.version ? "has the newest route" : "has not fetched the newest route yet"]);
  if (now?.changed_at) rows.push(["Driver", `not seen yet, changed at ${clock(seconds(now.changed_at), zone)}`]);
  else if (now?.read_at) rows.push(["Driver", `seen by the driver at ${clock(seconds(now.read_at), zone)}`]);
  return (
    <>
      <dl class="facts">{rows.map(([name, value]) => [<dt key={name}>{name}</dt>, <dd key={`${name}-`}>{value}</dd>])}</dl>
      {looked && looked.track.length > 1 && <p class="soft b-trail"><i aria-hidden="true" />The thin line on the map is where it was driven.</p>}
    </>
  );
}

function Driver({ app, route, driver }: { app: App; route: Route; driver: string | null }) {
  const { crew, store } = app;
  const wanted = useSignal(driver ?? "");
  const all = crew.drivers.value;
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void crew.give(route, wanted.value || null);
      }}
    >
      <div class="field">
        <label for="b-driver">Driver</label>
        <select id="b-driver" value={wanted.value} disabled={!all} onChange={(event) => void (wanted.value = event.currentTarget.value)}>
          {!route.route && <option value="">Nobody yet</option>}
          {all?.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
        </select>
      </div>
      <p class="form-end"><button class="button small" disabled={wanted.value === (driver ?? "") || store.busy.value}>{route.route ? "Give the route to this driver" : "Name this driver"}</button></p>
    </form>
  );
}

function Words({ app, id, looked, may, zone }: { app: App; id: string; looked: Looked | null; may: boolean; zone: string }) {
  const words = useSignal("");
  const told = looked?.told ?? [];
  if (!may && told.length === 0) return null;
  return (
    <section>
      <h3>Said to the driver</h3>
      {told.length > 0 && (
        <ul class="b-told" aria-label="Said to the driver">
          {told.map((one) => <li key={one.id}><small>{clock(seconds(one.at), zone)}</small> {one.text}</li>)}
        </ul>
      )}
      {may && (
        <form
          class="form"
          onSubmit={async (event) => {
            event.preventDefault();
            if (await app.crew.tell(id, words.value.trim())) words.value = "";
          }}
        >
          <div class="field">
            <label for="b-words">Message</label>
            <textarea id="b-words" rows={2} maxLength={MOST_WORDS} value={words.value} onInput={(event) => void (words.value = event.currentTarget.value)} />
          </div>
          <p class="form-end"><button class="button small" disabled={!words.value.trim() || app.store.busy.value}>Send</button></p>
        </form>
      )}
    </section>
  );
}

/** Each asks once more before it does it. */
function Ends({ app, id, state }: { app: App; id: string; state: string }) {
  const { crew } = app;
  const sure = useSignal("");
  const act = (name: string, asks: string, really: string, run: () => Promise<boolean>) => (
    <button
      key={name} type="button" class={`button small danger${sure.value === name ? "" : " quiet"}`} disabled={app.store.busy.value}
      onClick={() => (sure.value === name ? void run().then(() => (sure.value = "")) : void (sure.value = name))} onBlur={() => void (sure.value = "")}
    >
      {sure.value === name ? really : asks}
    </button>
  );
  return (
    <section>
      <h3>End it before its time</h3>
      <p class="soft">{state === "started" ? "Called home, the driver ends what is begun and comes back. End it yourself only where the phone says nothing any more." : "The driver keeps nothing of it; what stands on it can be planned again."}</p>
      <div class="b-acts">
        {state === "started" ? [
          act("home", "Call it home…", "Really call it home", () => crew.callHome(id)),
          act("end", "End it here…", "Really end it here", () => crew.finish(id)),
        ] : act("back", "Take it back…", "Really take it back", () => crew.recall(id))}
      </div>
    </section>
  );
}
