// The timeline under the hand: click and shift-click choose, a bar is carried, empty ground pans, Shift draws a box.
import { batch, signal } from "@preact/signals";
import type { Target } from "../pure/edits";
import type { Route, Stop } from "../pure/model";
import { only, ranged, taken, toggled } from "../pure/selection";
import type { App } from "../views/app";
import { ROW, panned, placeAt, shown, stopAt, toTime, toX, zoomed } from "./scale";
import type { Stage } from "./Timeline";

interface Under {
  route: Route | null;
  stop: Stop | null;
  x: number;
  y: number;
  aside: boolean;
}

export class Pointer {
  readonly band = signal<{ x: number; y: number; w: number; h: number } | null>(null);

  constructor(
    private readonly app: App,
    private readonly stage: { value: Stage; peek(): Stage },
  ) {
    for (const name of ["down", "over", "leave", "open"] as const) this[name] = this[name].bind(this) as never;
  }

  /** What lies under a point of the window. */
  private under(clientX: number, clientY: number): Under | null {
    const { scroller, scroll, width } = this.stage.peek();
    const { store } = this.app;
    const box = scroller?.getBoundingClientRect();
    if (!box || clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom) return null;
    const x = clientX - box.left - (scroller!.clientWidth - width);
    const y = clientY - box.top;
    const base = store.rows.peek()[Math.floor((y + scroll) / ROW)];
    const route = base ? (store.drawn(base.shift) ?? base) : null;
    return { route, stop: route && x >= 0 ? stopAt(route, store.view.peek(), width, x) : null, x, y, aside: x < 0 };
  }

  /** Where something dropped there would go; at a name: to the best place of that route. */
  target(clientX: number, clientY: number): Target | null {
    const { store } = this.app;
    const found = this.under(clientX, clientY);
    const route = found?.route && store.board.peek()?.byShift.get(found.route.shift);
    if (!found || !route) return null;
    const carried = new Set(store.drag.peek()?.ids ?? []);
    if (found.aside) return { shift: route.shift, place: null };
    return { shift: route.shift, place: placeAt(route, toTime(store.view.peek(), this.stage.peek().width, found.x), carried) };
  }

  down(event: PointerEvent): void {
    const { store, drags } = this.app;
    const found = this.under(event.clientX, event.clientY);
    if (!found || event.button !== 0) return;
    const board = store.board.peek()!;
    batch(() => {
      if (found.route && !event.shiftKey) store.route.value = found.route.shift;
      if (!found.stop) return;
      const { id } = found.stop;
      const was = store.selection.peek();
      if (event.shiftKey) store.selection.value = ranged(was, id, board);
      else if (event.ctrlKey || event.metaKey) store.selection.value = toggled(was, id);
      else if (!was.ids.has(id)) store.selection.value = only(id);
      store.hover.value = id;
    });
    if (found.stop) drags.press(event, () => [...store.selection.peek().ids]);
    else if (!found.aside && event.pointerType !== "touch") this.ground(event, found);
  }

  over(event: PointerEvent): void {
    if (this.app.drags.busy || event.buttons) return;
    const found = this.under(event.clientX, event.clientY);
    this.app.store.hover.value = found?.stop?.id ?? null;
    const { scroller } = this.stage.peek();
    if (scroller) scroller.style.cursor = found?.stop ? "grab" : "default";
  }

  leave(): void {
    if (!this.app.drags.busy) this.app.store.hover.value = null;
  }

  open(event: MouseEvent): void {
    const stop = this.under(event.clientX, event.clientY)?.stop;
    if (stop) this.app.store.panel.value = { kind: "stop", id: stop.id };
  }

  wheel(event: WheelEvent): void {
    const { store } = this.app;
    const { width } = this.stage.peek();
    const view = store.view.peek();
    if (event.ctrlKey || event.metaKey) {
      const found = this.under(event.clientX, event.clientY);
      store.seen.value = zoomed(view, Math.exp(event.deltaY * 0.0022), toTime(view, width, Math.max(0, found?.x ?? width / 2)), store.day.peek());
    } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      const by = event.deltaX || event.deltaY;
      store.seen.value = panned(view, (by / width) * (view.to - view.from), store.day.peek());
    } else return;
    event.preventDefault();
  }

  /** Empty ground: drag pans, with Shift it is a box around stops; a click alone chooses nothing. */
  private ground(event: PointerEvent, from: Under): void {
    const { store } = this.app;
    const { width, scroller } = this.stage.peek();
    const start = store.view.peek();
    const top = scroller!.scrollTop;
    const abort = new AbortController();
    let far = false;
    const move = (now: PointerEvent): void => {
      const [dx, dy] = [now.clientX - event.clientX, now.clientY - event.clientY];
      far ||= Math.hypot(dx, dy) > 4;
      if (!far) return;
      if (event.shiftKey) {
        this.band.value = { x: Math.min(from.x, from.x + dx), y: Math.min(from.y, from.y + dy), w: Math.abs(dx), h: Math.abs(dy) };
      } else {
        store.seen.value = panned(start, (-dx / width) * (start.to - start.from), store.day.peek());
        scroller!.scrollTop = top - dy;
      }
    };
    const up = (): void => {
      abort.abort();
      const band = this.band.peek();
      this.band.value = null;
      if (band) this.boxed(band, event.ctrlKey || event.metaKey);
      else if (!far && !event.shiftKey) store.selection.value = { ids: new Set(), anchor: null };
    };
    addEventListener("pointermove", move, { signal: abort.signal });
    addEventListener("pointerup", up, { signal: abort.signal });
    addEventListener("pointercancel", up, { signal: abort.signal });
  }

  private boxed(band: { x: number; y: number; w: number; h: number }, add: boolean): void {
    const { store } = this.app;
    const { scroll, width } = this.stage.peek();
    const view = store.view.peek();
    const rows = store.rows.peek().slice(Math.floor((band.y + scroll) / ROW), Math.floor((band.y + band.h + scroll) / ROW) + 1);
    const found = rows.flatMap((route) =>
      route.stops.filter((stop) => toX(view, width, shown(stop)[1]) >= band.x && toX(view, width, shown(stop)[0]) <= band.x + band.w).map((stop) => stop.id),
    );
    store.selection.value = taken(store.selection.peek(), found, add);
    store.say(`${found.length} stops chosen`);
  }
}
