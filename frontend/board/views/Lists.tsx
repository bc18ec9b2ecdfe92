// The lists at the side: routes, and stops on no route with the reason. Long lists draw only what is in view.
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { nameOf } from "../pure/model";
import type { Route, Stop } from "../pure/model";
import { only, ranged, taken, toggled } from "../pure/selection";
import { age, clock, count, distance, duration, span, whyNot } from "../pure/words";
import type { Target } from "../pure/edits";
import type { Sort } from "../store/store";
import { rowsIn } from "../timeline/scale";
import type { App } from "./app";
import { Icon, Picture } from "./Icon";
import { openRoute } from "./RoutePanel";

const ROUTE_ROW = 64;
const LEFT_ROW = 68;

/** What lies under a point of the window: a route (it takes the stop where it is best), or the list of what is on none. */
function under(x: number, y: number): Target | null {
  const at = document.elementFromPoint(x, y)?.closest<HTMLElement>(".b-lists [data-shift], .b-lists [data-list=left], #b-tab-left");
  if (!at) return null;
  return { shift: at.dataset["shift"] ?? null, place: at.dataset["shift"] ? null : 0 };
}

export function Lists({ app }: { app: App }) {
  const { store } = app;
  useEffect(() => app.drags.onto(under), [app]);
  const which = store.list.value;
  const tab = (name: "routes" | "left", words: string, n: number) => (
    <button
      type="button" role="tab" id={`b-tab-${name}`} aria-selected={which === name} aria-controls="b-list" tabIndex={which === name ? 0 : -1}
      onClick={() => void (store.list.value = name)}
      onKeyDown={(event) => {
        if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
        store.list.value = which === "routes" ? "left" : "routes";
        document.getElementById(`b-tab-${store.list.value}`)?.focus();
      }}
    >
      {words} <span class={`b-badge${name === "left" && n ? " is-warn" : ""}`}>{n.toLocaleString("en-GB")}</span>
    </button>
  );
  return (
    <section class="b-lists" aria-label="Routes and unassigned stops">
      <div class="tabs b-tabs" role="tablist" aria-label="Lists">
        {tab("routes", "Routes", store.board.value?.routes.length ?? 0)}
        {tab("left", "Unassigned", store.left.value.length)}
      </div>
      <div class="b-list-panel" id="b-list" data-list={which} role="tabpanel" aria-labelledby={`b-tab-${which}`}>
        {which === "routes" ? <Routes app={app} /> : <Left app={app} />}
      </div>
    </section>
  );
}

function Routes({ app }: { app: App }) {
  const { store } = app;
  const rows = store.rows.value;
  return (
    <>
      <div class="b-find">
        <Picture name="search" />
        <input
          type="search" id="b-find" aria-label="Find a driver, a vehicle, a stop or an order" placeholder="Driver, stop, order…" value={store.query.value}
          onInput={(event) => void (store.query.value = event.currentTarget.value)}
        />
        <select aria-label="Order of the list" value={store.sort.value} onChange={(event) => void (store.sort.value = event.currentTarget.value as Sort)}>
          <option value="name">As planned</option>
          <option value="late">Latest first</option>
          <option value="stops">Most stops</option>
          <option value="end">Last home</option>
        </select>
      </div>
      <Long count={rows.length} row={ROUTE_ROW} label="Routes" draw={(n) => <RouteRow key={rows[n]!.shift} app={app} base={rows[n]!} number={n} />}>
        {rows.length === 0 && <p class="empty">{store.query.value ? "Nothing matches." : "No shift on this day. Add shifts under Settings, then plan."}</p>}
      </Long>
    </>
  );
}

function RouteRow({ app, base, number }: { app: App; base: Route; number: number }) {
  const { store, acts } = app;
  const route = store.drawn(base.shift) ?? base;
  const zone = store.board.value?.zone ?? "UTC";
  const on = store.route.value === route.shift;
  const over = store.drag.value?.over?.shift === route.shift;
  const silent = route.route ? store.silent.value.get(route.route) : undefined;
  const open = (add: boolean): void => {
    store.route.value = route.shift;
    store.hover.value = null;
    store.selection.value = taken(store.selection.value, route.stops.map((stop) => stop.id), add);
  };
  return (
    <li class={`b-route${on ? " is-on" : ""}${over ? " is-over" : ""}`} data-shift={route.shift} style={{ transform: `translateY(${number * ROUTE_ROW}px)` }}>
      <button type="button" class="b-route-main" aria-pressed={on} onClick={(event) => (event.shiftKey ? open(true) : void (store.route.value = on ? null : route.shift))} onDblClick={() => open(false)}>
        <span class={`b-dot${silent ? " is-silent" : ""}`} data-hue={route.hue} />
        <span class="b-route-name">{nameOf(route)} <small>{route.driver ? route.vehicle : "no driver yet"}</small></span>
        {route.late > 0 && <span class="chip is-bad b-late" title={`${duration(route.late)} late in all`}>+{duration(route.late)}<span class="unseen"> late</span></span>}
        <span class="b-route-more">
          {silent && <><b class="b-silent">silent {age(store.clock.value - silent.at)}</b> · </>}
          {route.route ? `${route.driven.done + route.driven.failed}/${route.driven.total} done` : count(route.stops.length, "stop")}
          {route.start !== null && route.end !== null && route.stops.length > 0 && ` · ${route.route ? `back ${clock(route.end, zone)}` : span(route.start, route.end, zone)}`}
          {route.stops.length > 0 && !route.route && ` · ${distance(route.meters)}`}
        </span>
      </button>
      {on && <Icon name="more" label={`More about ${nameOf(route)}'s route`} keys="R" onClick={() => openRoute(app, route.shift)} />}
      {!route.route && <Load route={route} />}
      {!route.route && app.config.may.plan && (on || route.locked === "driver") && <Icon
        name="driver" label={route.locked === "driver" ? `Let ${nameOf(route)}'s stops go to others` : `Keep these stops with ${nameOf(route)}`} keys="Shift+K"
        pressed={route.locked === "driver"} onClick={() => void acts.lock("driver", route.locked !== "driver", { shift: route.shift })}
      />}
      {!route.route && app.config.may.plan && <Icon
        name={route.locked === "route" ? "lock" : "free"} label={route.locked === "route" ? `Unlock ${nameOf(route)}'s route` : `Lock ${nameOf(route)}'s route`} pressed={route.locked === "route"}
        onClick={() => void acts.lock("route", route.locked !== "route", { shift: route.shift })}
      />}
    </li>
  );
}

/** How full it is: the fullest of its loads. */
function Load({ route }: { route: Route }) {
  const parts = Object.entries(route.capacity).filter(([, most]) => most > 0).map(([name, most]) => [name, (route.load[name] ?? 0) / most] as const);
  const fullest = parts.sort((a, b) => b[1] - a[1])[0];
  if (!fullest) return null;
  const percent = Math.round(fullest[1] * 100);
  return (
    <span class={`b-load${percent > 100 ? " is-over" : ""}`} role="img" aria-label={`${percent} % of ${fullest[0]}`} title={parts.map(([name, part]) => `${name}: ${Math.round(part * 100)} %`).join(", ")}>
      <i style={{ blockSize: `${Math.min(100, percent)}%` }} />
    </span>
  );
}

function Left({ app }: { app: App }) {
  const { store, drags } = app;
  const left = store.left.value;
  const zone = store.board.value?.zone ?? "UTC";
  const choose = (event: MouseEvent, stop: Stop): void => {
    const [was, board] = [store.selection.value, store.board.value!];
    if (event.shiftKey) store.selection.value = ranged(was, stop.id, board);
    else if (event.ctrlKey || event.metaKey) store.selection.value = toggled(was, stop.id);
    else store.selection.value = only(stop.id);
    store.hover.value = stop.id;
  };
  return (
    <>
      {left.length > 0 && (
        <div class="b-find">
          <button type="button" class="button small quiet" onClick={() => void (store.selection.value = taken(store.selection.value, left.map((stop) => stop.id), false))}>Choose all</button>
          <span class="soft">Drag onto a route, or choose and “Move to…”</span>
        </div>
      )}
      <Long
        count={left.length} row={LEFT_ROW} label="Unassigned stops"
        draw={(n) => {
          const stop = left[n]!;
          const chosen = store.selection.value.ids.has(stop.id);
          return (
            <li key={stop.id} class={`b-left${chosen ? " is-on" : ""}`} style={{ transform: `translateY(${n * LEFT_ROW}px)` }}>
              <button
                type="button" class="b-left-main" aria-pressed={chosen} onClick={(event) => choose(event, stop)}
                onPointerDown={(event) => drags.press(event, () => (store.selection.peek().ids.has(stop.id) ? [...store.selection.peek().ids] : [stop.id]))}
              >
                <span class="b-left-name">{stop.label || stop.address} <small>{stop.orders.join(", ")}</small></span>
                <span class="b-left-more">{stop.address}{stop.windows[0] && ` · ${span(...stop.windows[0], zone)}`}</span>
                <span class="b-left-why">{stop.reasons[0] ? whyNot(stop.reasons[0]) : "not planned yet"}{stop.reasons.length > 1 && ` +${stop.reasons.length - 1}`}</span>
              </button>
              <button type="button" class="button small quiet" aria-label={`Why is ${stop.label || stop.address} left out?`} onClick={() => void (store.panel.value = { kind: "stop", id: stop.id })}>Why?</button>
            </li>
          );
        }}
      >
        {left.length === 0 && <p class="empty">Every stop is on a route.</p>}
      </Long>
    </>
  );
}

/** A list of which only the rows in view exist. */
function Long({ count: total, row, label, draw, children }: { count: number; row: number; label: string; draw: (n: number) => ComponentChildren; children?: ComponentChildren }) {
  const box = useRef<HTMLDivElement>(null);
  const place = useSignal({ scroll: 0, height: 600 });
  useEffect(() => {
    const node = box.current!;
    const read = (): void => void (place.value = { scroll: node.scrollTop, height: node.clientHeight });
    const watch = new ResizeObserver(read);
    watch.observe(node);
    node.addEventListener("scroll", read, { passive: true });
    return () => {
      watch.disconnect();
      node.removeEventListener("scroll", read);
    };
  }, []);
  const [first, end] = rowsIn(place.value.scroll, place.value.height, total, row, 4);
  return (
    <div class="b-long" ref={box}>
      {children}
      {total > 0 && (
        <ul aria-label={`${label}: ${total.toLocaleString("en-GB")}`} style={{ blockSize: `${total * row}px` }}>
          {Array.from({ length: Math.max(0, end - first) }, (_, n) => draw(first + n))}
        </ul>
      )}
    </div>
  );
}

