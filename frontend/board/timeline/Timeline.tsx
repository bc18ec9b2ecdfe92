// The day by driver: names at the side, one canvas for what is in view, and for keys and screen readers a grid of which
// only the row in use has cells.
import { effect, signal, useComputed, useSignalEffect } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { nameOf } from "../pure/model";
import type { Board, Route, Vehicle } from "../pure/model";
import { age, ahead, count, duration } from "../pure/words";
import { theme } from "../store/theme";
import type { Change } from "../store/store";
import type { App } from "../views/app";
import { Cells, cellId } from "./Cells";
import { keysOf } from "./keys";
import { paint, paintAxis } from "./paint";
import type { Scene } from "./paint";
import { Pointer } from "./pointer";
import { HEAD, ROW, rowsIn } from "./scale";
import { Tools } from "./Tools";

/** The stops that the best so far of a search would have elsewhere. */
function moved(best: Change | null, board: Board | null): ReadonlySet<string> | null {
  if (!best || !board) return null;
  const all = [...best.routes.values()].flatMap((route) => route.stops);
  return new Set(all.filter((stop) => board.stops.get(stop.id)?.shift !== stop.shift).map((stop) => stop.id));
}

const NONE: ReadonlySet<string> = new Set();

/** Where the timeline stands, for its painter and its pointer. */
export interface Stage {
  scroll: number;
  width: number;
  height: number;
  scroller: HTMLElement | null;
}

export function Timeline({ app }: { app: App }) {
  const { store } = app;
  const stage = useMemo(() => signal<Stage>({ scroll: 0, width: 0, height: 0, scroller: null }), []);
  const pointer = useMemo(() => new Pointer(app, stage), [app]);
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const axis = useRef<HTMLCanvasElement>(null);

  useEffect(() => {
    const box = scroller.current!;
    const measure = (): void => {
      const side = box.querySelector<HTMLElement>(".b-time-side")?.offsetWidth ?? 0;
      stage.value = { scroll: box.scrollTop, width: Math.max(1, box.clientWidth - side), height: box.clientHeight, scroller: box };
    };
    const watch = new ResizeObserver(measure);
    watch.observe(box);
    box.addEventListener("scroll", measure, { passive: true });
    const wheel = (event: WheelEvent): void => pointer.wheel(event);
    box.addEventListener("wheel", wheel, { passive: false });
    const drop = app.drags.onto((x, y) => pointer.target(x, y));
    return () => {
      watch.disconnect();
      box.removeEventListener("scroll", measure);
      box.removeEventListener("wheel", wheel);
      drop();
    };
  }, [app]);

  useEffect(() => {
    let asked = 0;
    const draw = (): void => {
      asked = 0;
      const scene = sceneOf(app, stage.value, pointer.band.value);
      const [pen, top] = [fitted(canvas.current!, scene.width, scene.height), fitted(axis.current!, scene.width, HEAD)];
      paint(pen, scene);
      paintAxis(top, scene);
    };
    const end = effect(() => {
      sceneOf(app, stage.value, pointer.band.value);
      if (!asked) asked = requestAnimationFrame(draw);
    });
    return () => {
      end();
      cancelAnimationFrame(asked);
    };
  }, [app]);

  useSignalEffect(() => reveal(app, scroller.current));

  const keys = useMemo(() => keysOf(app), [app]);
  const here = useComputed(() => (store.hover.value ? cellId(store.hover.value) : undefined));
  return (
    <section class="b-time" aria-label="Timeline">
      <Tools app={app} />
      <div class="b-time-axis" aria-hidden="true"><span class="b-time-corner">Driver</span><canvas ref={axis} /></div>
      <div
        class="b-time-scroll" ref={scroller} role="grid" tabIndex={0} aria-label="Timeline of routes. Arrows move, Space selects, Alt with arrows moves a stop."
        aria-rowcount={store.rows.value.length} aria-multiselectable="true" aria-activedescendant={here}
        onKeyDown={keys} onPointerDown={pointer.down} onPointerMove={pointer.over} onPointerLeave={pointer.leave} onDblClick={pointer.open}
      >
        <canvas class="b-time-canvas" ref={canvas} aria-hidden="true" />
        <Rows app={app} stage={stage} />
      </div>
    </section>
  );
}

function Rows({ app, stage }: { app: App; stage: { value: Stage } }) {
  const { store } = app;
  const rows = store.rows.value;
  const { scroll, height } = stage.value;
  const [first, end] = rowsIn(scroll, height, rows.length);
  const seen = rows.slice(first, end).map((base, n) => [store.drawn(base.shift) ?? base, first + n] as const);
  const active = store.route.value;
  const far = rows.findIndex((route) => route.shift === active);
  if (far >= 0 && (far < first || far >= end)) seen.push([rows[far]!, far]);
  return (
    <div class="b-time-space" role="rowgroup" style={{ blockSize: `${rows.length * ROW}px` }}>
      {seen.map(([route, number]) => (
        <div
          key={route.shift} role="row" aria-rowindex={number + 1} data-shift={route.shift}
          class={`b-time-row${route.shift === active ? " is-active" : ""}${store.drag.value?.over?.shift === route.shift ? " is-over" : ""}`}
          style={{ transform: `translateY(${number * ROW}px)` }}
        >
          <div role="rowheader" class="b-time-side" title={`${nameOf(route)} · ${route.vehicle}`}>
            <span class={`b-dot${silentOf(app, route) ? " is-silent" : ""}`} data-hue={route.hue} />
            <span class="b-time-name">{nameOf(route)}</span>
            <Silence app={app} route={route} />
            {route.locked && <span class="b-lock" role="img" aria-label="locked" />}
            {route.late > 0 ? <span class="b-time-late">+{duration(route.late)}<span class="unseen"> late</span></span> : <span class="b-time-count">{route.stops.length}</span>}
          </div>
          {route.shift === active ? <Cells app={app} route={route} width={stage.value.width} /> : (
            <div role="gridcell" class="unseen">{count(route.stops.length, "stop")}{route.lateStops ? `, ${route.lateStops} late` : ""}</div>
          )}
        </div>
      ))}
    </div>
  );
}

const silentOf = (app: App, route: Route): Vehicle | undefined => (route.route ? app.store.silent.value.get(route.route) : undefined);

/** How long a vehicle has said nothing. */
function Silence({ app, route }: { app: App; route: Route }) {
  const silent = silentOf(app, route);
  return silent ? <span class="b-silent">{age(app.store.clock.value - silent.at)}<span class="unseen"> silent</span></span> : null;
}

function sceneOf(app: App, stage: Stage, band: Scene["band"]): Scene {
  const { store } = app;
  const rows = store.rows.value;
  const [first, end] = rowsIn(stage.scroll, stage.height, rows.length);
  const draft = store.draft.value;
  const zone = store.board.value?.zone ?? "UTC";
  const view = store.view.value;
  return {
    rows: rows.slice(first, end).map((route) => store.drawn(route.shift) ?? route), first, scroll: stage.scroll, width: stage.width, height: stage.height,
    view, theme: theme.value, zone, offset: ahead(view.from, zone), now: store.clock.value, selected: store.selection.value.ids,
    carried: draft?.state === "asking" ? draft.ids : NONE, changed: draft ? draft.ids : moved(store.best.value, store.board.value) ?? store.compared.value, hover: store.hover.value, active: store.route.value,
    windows: store.windows.value, drop: dropOf(app), held: store.held.value, band,
  };
}

function dropOf(app: App): Scene["drop"] {
  const over = app.store.drag.value?.over;
  return over?.shift && over.place !== null && app.store.draft.value?.state === "asking" ? { shift: over.shift, place: over.place } : null;
}

/** Bring the row in use into view when somebody else (the map, a list, a key) chose it. */
function reveal(app: App, box: HTMLElement | null): void {
  const shift = app.store.route.value;
  if (!box || !shift || app.store.drag.peek()) return;
  const number = app.store.rows.peek().findIndex((route) => route.shift === shift);
  const [top, bottom] = [number * ROW, (number + 1) * ROW];
  if (number < 0) return;
  if (top < box.scrollTop) box.scrollTop = top;
  else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight;
}

function fitted(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const sharp = Math.min(devicePixelRatio, 2);
  const [w, h] = [Math.round(width * sharp), Math.round(height * sharp)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const pen = canvas.getContext("2d", { alpha: false })!;
  pen.setTransform(sharp, 0, 0, sharp, 0, 0);
  return pen;
}
