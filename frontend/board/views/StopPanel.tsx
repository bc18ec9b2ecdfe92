// One stop: what it is, when it is due, and one click to why it is here, why it is left out, and what would let it in.
import { useEffect } from "preact/hooks";
import type { Board, Stop } from "../pure/model";
import { isOpen, nameOf } from "../pure/model";
import { age, clock, count, duration, moreMoney, said, span, whyNot } from "../pure/words";
import type { App } from "./app";
import { openRoute } from "./RoutePanel";
import { Sheet } from "./Side";

export function StopPanel({ app, id }: { app: App; id: string }) {
  const { store } = app;
  const board = store.board.value;
  const stop = board?.stops.get(id);
  if (!board || !stop) return <Sheet app={app} title="Stop"><p class="empty">This stop is no longer part of the day.</p></Sheet>;
  const route = stop.shift ? board.byShift.get(stop.shift) : undefined;
  const live = Boolean(route?.route);
  return (
    <Sheet app={app} title={stop.label || stop.address}>
      <p class="soft">{stop.label && stop.address}</p>
      <p class="b-chips">
        {stop.orders.map((order, n) => !app.config.links.order ? <span key={order} class="chip">{order}</span> : <a key={order} class="chip" href={app.config.links.order.replace("ID", stop.tasks[n]?.order_id ?? stop.tasks[0]?.order_id ?? "")}>{order}</a>)}
        {stop.state !== "planned" && <span class={`chip ${stop.state === "failed" ? "is-bad" : stop.state === "completed" ? "is-good" : "is-quiet"}`}>{said(stop.state)}</span>}
        {stop.lock && <span class="chip is-quiet">place locked</span>}
        {stop.late > 0 && <span class="chip is-bad">{duration(stop.late)} late</span>}
      </p>
      <Facts board={board} stop={stop} routeName={route ? nameOf(route) : null} now={store.clock.value} />
      <div class="b-acts">
        {stop.visit && !live && app.config.may.plan && <button type="button" class="button small" onClick={() => void (store.panel.value = { kind: "move", ids: [id] })}>Move to…</button>}
        {stop.visit && stop.shift && !live && app.config.may.plan && (
          <button type="button" class="button small quiet" onClick={() => void app.acts.lock("position", !stop.lock, { ids: [id] })}>{stop.lock ? "Unlock place" : "Lock place"}</button>
        )}
        {stop.visit && stop.shift && !live && app.config.may.plan && <button type="button" class="button small quiet" onClick={() => app.acts.propose([id], { shift: null, place: 0 }, "menu")}>Take off route</button>}
        {live && isOpen(stop) && app.config.may.plan && <LiveActs app={app} stop={stop} route={route!.route!} />}
      </div>
      {stop.visit && <Why app={app} stop={stop} board={board} />}
      {!stop.visit && stop.shift === null && <p class="notice">It came after this plan was made. Plan again, or add it to a running route: <button type="button" class="link" onClick={() => { store.selection.value = { ids: new Set([id]), anchor: id }; store.panel.value = { kind: "order" }; }}>show the best places</button>.</p>}
    </Sheet>
  );
}

function Facts({ board, stop, routeName, now }: { board: Board; stop: Stop; routeName: string | null; now: number }) {
  const { zone } = board;
  const rows: [string, string][] = [];
  if (routeName) rows.push(["Route", `${routeName}, stop ${stop.at + 1}`]);
  if (stop.shift) rows.push(["Planned", `${span(stop.start, stop.leave, zone)}${stop.start - stop.arrive > 60 ? `, waits ${duration(stop.start - stop.arrive)}` : ""}`]);
  if (stop.eta && stop.doneAt === null) rows.push(["Expected", `${clock(stop.eta.p50, zone)} (${span(stop.eta.p10, stop.eta.p90, zone)}), ${age(now - stop.eta.madeAt)} old${stop.eta.stale ? ": stale" : ""}`]);
  if (stop.doneAt !== null) rows.push(["Done", `${clock(stop.doneAt, zone)} (planned ${clock(stop.leave, zone)})`]);
  rows.push(["Window", stop.windows.length ? stop.windows.map((one) => span(...one, zone)).join(", ") : "any time"]);
  if (stop.promise) rows.push(["Promised", span(...stop.promise, zone)]);
  rows.push(["At the door", duration(stop.service)]);
  return <dl class="facts">{rows.map(([name, value]) => [<dt key={name}>{name}</dt>, <dd key={`${name}-`}>{value}</dd>])}</dl>;
}

function LiveActs({ app, stop, route }: { app: App; stop: Stop; route: string }) {
  const { links } = app.config;
  return (
    <>
      <button type="button" class="button small" onClick={() => void (app.store.panel.value = { kind: "move", ids: [stop.id] })}>Move to…</button>
      <button type="button" class="button small quiet" onClick={() => void app.runs.skip(stop.stopId ?? stop.id)}>Skip</button>
      <button type="button" class="button small quiet" onClick={() => void app.runs.giveBack(route, stop.tasks.map((task) => task.id))}>Take off route</button>
      <button type="button" class="button small quiet" onClick={() => openRoute(app, stop.shift!)}>The route…</button>
      {stop.tasks[0] && links.message && <a class="button small quiet" href={links.message.replace("ID", stop.tasks[0].order_id)}>Message</a>}
    </>
  );
}

function Why({ app, stop, board }: { app: App; stop: Stop; board: Board }) {
  const { runs, acts, store } = app;
  useEffect(() => void runs.explain(stop.id), [stop.id, board.plan?.revision]);
  const why = runs.why.value;
  if (why?.id !== stop.id) return null;
  const name = (shift: string): string => {
    const route = board.byShift.get(shift);
    return route ? nameOf(route) : "another route";
  };
  const there = (shift: string, place: number): void => {
    acts.propose([stop.id], { shift, place }, "menu");
    store.route.value = shift;
  };
  const { answer } = why;
  const put = stop.shift !== null;
  return (
    <section class="b-why" aria-live="polite">
      <h3>{put ? "Why is it here?" : "Why is it left out?"}</h3>
      {why.failed && <p class="bad">{why.failed}</p>}
      {!answer && !why.failed && <p class="soft">Looking…</p>}
      {answer && put && (answer.elsewhere ? (
        <p>
          The next best place is {name(answer.elsewhere.shift)}, stop {answer.elsewhere.position + 1}: {moreMoney(answer.elsewhere.cost, board.currency)}.{" "}
          <button type="button" class="link" onClick={() => there(answer.elsewhere!.shift, answer.elsewhere!.position)}>Try it</button>
        </p>
      ) : <p>No other place would keep all rules.</p>)}
      {answer && !put && (
        <ul class="b-reasons">
          {(stop.reasons.length ? stop.reasons : answer.reasons).slice(0, 5).map((reason, n) => (
            <li key={n}>{whyNot(reason)}{reason.shifts > 1 && <small> on {count(reason.shifts, "route")}</small>}</li>
          ))}
        </ul>
      )}
      {answer && !put && answer.relaxations.length > 0 && (
        <>
          <h3>What would let it in</h3>
          <ul class="b-relax">
            {answer.relaxations.slice(0, 5).map((one, n) => (
              <li key={n}>
                <span>{one.text || said(one.code)} <small>{name(one.shift)}, {moreMoney(one.cost, board.currency)}</small></span>
                {board.byShift.has(one.shift) && one.code !== "van" && <button type="button" class="button small quiet" onClick={() => there(one.shift, one.position)}>Try</button>}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

