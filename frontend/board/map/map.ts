// The board's map: a plain object outside the components, fed by effects. It tells the store what was chosen on it.
import { effect, untracked } from "@preact/signals";
import type { FeatureCollection } from "geojson";
import type { GeoJSONSource, Map as MapLibre, MapMouseEvent } from "maplibre-gl";
import { basemap } from "../../shared/basemap";
import { boxOf } from "../pure/geometry";
import type { Spot } from "../pure/geometry";
import type { Board, Route, Stop, Vehicle } from "../pure/model";
import { nameOf } from "../pure/model";
import { only, toggled } from "../pure/selection";
import { age } from "../pure/words";
import { still, theme } from "../store/theme";
import { openRoute } from "../views/RoutePanel";
import type { App } from "../views/app";
import { changed, depotsOf, drivenOf, lineOf, linesOf, pointOf, pointsOf, vehiclesOf, wayOf } from "./features";
import type { Along } from "./features";
import { DEPOTS, DRIVEN, LINES, STOPS, VEHICLES, dress, ofRoute, seen } from "./layers";
import { Shapes } from "./shapes";
import { Tip } from "./tip";
import { Ways } from "./ways";

const DRAW_MS = 250;
const MOST_WAYS = 12; // routes in view whose roads are asked for, beside the one that is looked at

export class BoardMap {
  private readonly map: MapLibre;
  private readonly ends: (() => void)[] = [];
  private readonly shapes: Shapes;
  private readonly tip = new Tip();
  private readonly ways: Ways;
  private dressed = false;
  private known = new Map<string, Route>();
  private left: readonly Stop[] = [];
  private marked = { chosen: new Set<string>(), near: new Set<string>() };
  private moving = 0;
  private readonly vehicles = new Map<string, Vehicle>();
  private vehiclesOf: readonly Vehicle[] = [];

  constructor(
    container: HTMLElement,
    private readonly app: App,
  ) {
    const { store } = app;
    const board = store.board.peek()!;
    this.ways = new Ways((points, profile) => app.acts.server.ways(points, profile));
    this.map = basemap(container, app.config.basemap, this.around(board) ?? [-10, 35, 30, 60], (map) => {
      dress(map, theme.peek(), this.whole());
      this.dressed = true;
      this.marked = { chosen: new Set(), near: new Set() };
      this.feed();
    }, { boxZoom: false, cooperativeGestures: false });
    this.map.getCanvas().setAttribute("aria-label", "Map of routes and stops; arrows move it, + and - zoom. Everything on it is in the lists too.");
    this.shapes = new Shapes(this.map, container, store);
    this.map.once("idle", () => container.setAttribute("data-drawn", "yes"));
    this.listen();
  }

  destroy(): void {
    for (const end of this.ends) end();
    clearTimeout(this.moving);
    this.tip.remove();
    this.map.remove();
  }

  /** All of the day, or one route. */
  fit(shift?: string): void {
    const board = this.app.store.board.peek();
    const box = board && this.around(board, shift);
    if (box) this.map.fitBounds(box, { padding: 56, maxZoom: 15, animate: !still() });
  }

  resize(): void {
    this.map.resize();
  }

  /** All that the layers show; what is new after it is told bit by bit. */
  private whole(): Record<string, FeatureCollection> {
    const { store } = this.app;
    const board = store.board.peek()!;
    const drawn = (shift: string): Route | undefined => store.drawn(shift);
    this.left = store.left.peek();
    this.known = new Map(board.routes.map((route) => [route.shift, drawn(route.shift) ?? route]));
    this.fleet(board);
    return {
      [STOPS]: pointsOf(board, drawn, store.left.peek()), [LINES]: linesOf(board, drawn, this.along), [DEPOTS]: depotsOf(board), [VEHICLES]: this.vans(),
      [DRIVEN]: drivenOf(this.app.crew.looked.peek()?.track ?? []),
    };
  }

  private fleet(board: Board): void {
    this.vehiclesOf = board.vehicles;
    this.vehicles.clear();
    for (const one of board.vehicles) this.vehicles.set(one.route, one);
  }

  private vans(): FeatureCollection {
    const hues = new Map((this.app.store.board.peek()?.routes ?? []).map((route) => [route.route ?? "", route.hue]));
    return vehiclesOf(this.vehicles.values(), hues, this.app.store.clock.peek());
  }

  /** The effects start once the style is there; each tells the map what is new. */
  private feed(): void {
    for (const end of this.ends.splice(0)) end();
    const { store } = this.app;
    this.ends.push(
      effect(() => {
        const { board, left } = { board: store.board.value, left: store.left.value };
        void [store.draft.value?.change, store.best.value];
        if (board) untracked(() => this.routes(board, left));
      }),
      effect(() => this.mark("chosen", new Set([...store.selection.value.ids, ...store.compared.value]))),
      effect(() => this.mark("near", new Set(store.hover.value ? [store.hover.value] : []))),
      effect(() => this.route(store.route.value)),
      effect(() => void this.source(DRIVEN)?.setData(drivenOf(this.app.crew.looked.value?.track ?? []))),
      effect(() => {
        if (store.silent.value.size && store.clock.value) untracked(() => this.drive());
      }),
      effect(() => {
        const board = store.board.value;
        if (!board || board.vehicles === this.vehiclesOf) return;
        this.fleet(board);
        this.drive();
      }),
      this.app.live.onMoved((moved) => {
        for (const one of moved) this.vehicles.set(one.route, one);
        this.moving ||= window.setTimeout(() => this.drive(), DRAW_MS);
      }),
    );
  }

  private source(id: string): GeoJSONSource | undefined {
    return this.map.getSource<GeoJSONSource>(id);
  }

  /** Only routes that are new objects are told; the first time all are. */
  private routes(board: Board, left: Board["left"]): void {
    if (!this.dressed) return;
    const { store } = this.app;
    const all = board.routes.map((route) => store.drawn(route.shift) ?? route);
    const fresh = changed(this.known, all);
    const whole = this.known.size === 0 || fresh.length > all.length / 2;
    if (whole) {
      void this.source(STOPS)?.setData(pointsOf(board, (shift) => store.drawn(shift), left));
      void this.source(LINES)?.setData(linesOf(board, (shift) => store.drawn(shift), this.along));
    } else if (fresh.length || left !== this.left) {
      const points = [...fresh.flatMap((route) => route.stops.map((stop) => pointOf(stop, route.hue))), ...(left === this.left ? [] : left.map((stop) => pointOf(stop, -1)))];
      const before = [...fresh.flatMap((route) => this.known.get(route.shift)?.stops ?? []), ...this.left];
      void this.source(STOPS)?.updateData({ add: points, remove: before.filter((stop) => !board.stops.has(stop.id)).map((stop) => stop.id) });
      const lines = fresh.map((route) => [route.shift, lineOf(board, route, this.along(route))] as const);
      void this.source(LINES)?.updateData({
        add: lines.flatMap(([, line]) => (line ? [line] : [])), remove: lines.flatMap(([shift, line]) => (line ? [] : [shift])),
      });
    }
    this.known = new Map(all.map((route) => [route.shift, route]));
    this.left = left;
    if (fresh.length) this.look();
  }

  private readonly along = (route: Route): Along => (way) => this.ways.along(way, route.profile);

  /** Ask for the roads of the route that is looked at, and of those in view where they are few. */
  private look(): void {
    const { store } = this.app;
    const board = store.board.peek();
    if (!board || !this.app.config.basemap) return;
    const view = this.map.getBounds();
    const seen = board.routes.filter((route) => route.stops.some((stop) => view.contains([stop.lon, stop.lat])));
    const chosen = board.routes.filter((route) => route.shift === store.route.peek());
    const wanted = [...chosen, ...(seen.length > MOST_WAYS ? [] : seen.filter((route) => route !== chosen[0]))];
    this.ways.want(wanted.map((base) => {
      const route = store.drawn(base.shift) ?? base;
      return { way: wayOf(board, route), profile: route.profile, done: () => this.line(base.shift) };
    }));
  }

  /** The line of one route has come to be known better. */
  private line(shift: string): void {
    const board = this.app.store.board.peek();
    const route = this.app.store.drawn(shift);
    const line = board && route && lineOf(board, route, this.along(route));
    if (line) void this.source(LINES)?.updateData({ add: [line] });
  }

  private mark(name: "chosen" | "near", now: Set<string>): void {
    const was = this.marked[name];
    for (const id of was) if (!now.has(id)) this.map.setFeatureState({ source: STOPS, id }, { [name]: false });
    for (const id of now) if (!was.has(id)) this.map.setFeatureState({ source: STOPS, id }, { [name]: true });
    this.marked[name] = now;
  }

  private route(shift: string | null): void {
    for (const layer of ["b-line-on", "b-line-edge"]) this.map.setFilter(layer, ofRoute(shift));
    this.map.setPaintProperty(LINES, "line-opacity", shift ? 0.12 : 0.45);
    for (const paint of ["circle-opacity", "circle-stroke-opacity"] as const) this.map.setPaintProperty(STOPS, paint, seen(shift));
    this.look();
  }

  private drive(): void {
    this.moving = 0;
    void this.source(VEHICLES)?.setData(this.vans());
  }

  private around(board: Board, shift?: string): [number, number, number, number] | null {
    const routes = shift ? board.routes.filter((route) => route.shift === shift) : board.routes;
    const spots: Spot[] = routes.flatMap((route) => route.stops.map((stop) => [stop.lon, stop.lat] as const));
    if (!shift) spots.push(...board.depots.map((one) => [one.lon, one.lat] as const), ...board.left.map((one) => [one.lon, one.lat] as const));
    return boxOf(spots);
  }

  private listen(): void {
    const { store } = this.app;
    this.map.on("mousemove", (event) => this.under(event));
    this.map.on("moveend", () => this.look());
    this.map.on("mouseout", () => this.tip.hide());
    this.map.on("click", (event) => {
      if (this.shapes.drew()) return;
      const id = this.at(event, STOPS);
      const board = store.board.peek();
      if (!board) return;
      if (!id) {
        const van = this.at(event, VEHICLES);
        const route = van ? board.routes.find((one) => one.route === van)?.shift : this.at(event, LINES);
        if (van && route) openRoute(this.app, route);
        else if (route) store.route.value = route;
        else if (!event.originalEvent.shiftKey) store.selection.value = { ids: new Set(), anchor: null };
        return;
      }
      const { shiftKey, ctrlKey, metaKey } = event.originalEvent;
      store.selection.value = shiftKey || ctrlKey || metaKey ? toggled(store.selection.peek(), id) : only(id);
      store.route.value = board.stops.get(id)?.shift ?? store.route.peek();
      store.hover.value = id;
    });
    this.map.on("dblclick", (event) => {
      const id = this.at(event, STOPS);
      if (!id) return;
      event.preventDefault();
      store.panel.value = { kind: "stop", id };
    });
  }

  private at(event: MapMouseEvent, layer: string): string | null {
    if (!this.dressed) return null;
    const { x, y } = event.point;
    const near = this.map.queryRenderedFeatures([[x - 4, y - 4], [x + 4, y + 4]], { layers: [layer] });
    const id = near[0]?.properties[layer === STOPS ? "id" : layer === LINES ? "shift" : "route"] as unknown;
    return typeof id === "string" ? id : null;
  }

  private under(event: MapMouseEvent): void {
    const { store } = this.app;
    if (this.shapes.drawing || this.app.drags.busy) return;
    const id = this.at(event, STOPS);
    const van = id ? null : this.at(event, VEHICLES);
    this.map.getCanvas().style.cursor = id || van ? "pointer" : "";
    store.hover.value = id;
    const board = store.board.peek();
    const stop = id ? board?.stops.get(id) : undefined;
    if (stop && board) this.tip.stop(event.originalEvent, stop, stop.shift ? board.byShift.get(stop.shift) : undefined, board.zone);
    else if (van) this.tip.text(event.originalEvent, this.vanWords(van));
    else this.tip.hide();
  }

  private vanWords(id: string): string {
    const one = this.vehicles.get(id);
    const route = this.app.store.board.peek()?.routes.find((row) => row.route === id);
    const old = one ? `seen ${age(this.app.store.clock.peek() - one.at)} ago` : "";
    return `${route ? nameOf(route) : "Vehicle"}, ${old}${one?.silent ? ", silent" : ""}`;
  }
}
