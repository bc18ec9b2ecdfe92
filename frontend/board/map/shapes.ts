// Choosing by a shape on the map: a box (Shift and drag, or the tool), or a lasso drawn by hand.
import type { Map as MapLibre } from "maplibre-gl";
import { boxed, lassoed, thinned } from "../pure/geometry";
import type { Spot } from "../pure/geometry";
import { taken } from "../pure/selection";
import { count } from "../pure/words";
import type { Store } from "../store/store";

type Dot = readonly [x: number, y: number];

export class Shapes {
  drawing = false;
  private done = 0;
  private readonly sheet = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  private readonly line = document.createElementNS("http://www.w3.org/2000/svg", "path");

  constructor(
    private readonly map: MapLibre,
    container: HTMLElement,
    private readonly store: Store,
  ) {
    this.sheet.setAttribute("class", "b-shape");
    this.sheet.setAttribute("aria-hidden", "true");
    this.sheet.append(this.line);
    container.append(this.sheet);
    map.getCanvasContainer().addEventListener("pointerdown", (event) => this.start(event), { capture: true });
  }

  /** Whether the click that comes now ends a shape rather than choosing a point. */
  drew(): boolean {
    return performance.now() - this.done < 150;
  }

  private start(event: PointerEvent): void {
    const tool = this.store.tool.peek();
    if (event.button !== 0 || (tool === "hand" && !event.shiftKey)) return;
    const box = this.map.getCanvas().getBoundingClientRect();
    const dot = (at: PointerEvent): Dot => [at.clientX - box.left, at.clientY - box.top];
    const dots: Dot[] = [dot(event)];
    const lasso = tool === "lasso";
    const abort = new AbortController();
    const options = { signal: abort.signal };
    this.map.dragPan.disable();
    const end = (): void => {
      abort.abort();
      this.drawing = false;
      this.line.removeAttribute("d");
      this.map.dragPan.enable();
    };
    addEventListener("pointermove", (now) => {
      const [x, y] = dot(now);
      if (!this.drawing && Math.hypot(x - dots[0]![0], y - dots[0]![1]) < 4) return;
      this.drawing = true;
      if (lasso) dots.push([x, y]);
      else dots[1] = [x, y];
      this.line.setAttribute("d", lasso ? pathOf(dots) : rectOf(dots[0]!, dots[1]!));
    }, options);
    addEventListener("pointerup", (now) => {
      const drawn = this.drawing;
      end();
      if (drawn) this.choose(thinned(dots, lasso ? 3 : 0), lasso, now.shiftKey && tool !== "hand" || now.ctrlKey || now.metaKey);
    }, options);
    addEventListener("pointercancel", end, options);
    addEventListener("keydown", (key) => {
      if (key.key === "Escape") end();
    }, options);
  }

  private choose(dots: readonly Dot[], lasso: boolean, add: boolean): void {
    this.done = performance.now();
    const spots = dots.map((dot): Spot => {
      const { lng, lat } = this.map.unproject([dot[0], dot[1]]);
      return [lng, lat];
    });
    const all = this.store.board.peek()?.stops.values() ?? [];
    const found = lasso ? lassoed(spots, all) : boxed(spots[0]!, spots.at(-1)!, all);
    this.store.selection.value = taken(this.store.selection.peek(), found, add);
    this.store.say(`${count(found.length, "stop")} chosen on the map`);
  }
}

const pathOf = (dots: readonly Dot[]): string => `M${dots.map((dot) => dot.map(Math.round).join(" ")).join("L")}Z`;
const rectOf = ([a, b]: Dot, [c, d]: Dot): string => `M${a} ${b}H${c}V${d}H${a}Z`;
