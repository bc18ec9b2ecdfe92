// All that the board's three views show, in signals: one store, one selection. Views read it; `acts` write it.
import { computed, signal } from "@preact/signals";
import type { Breach, Edit, WirePerson } from "../wire";
import type { Delta, Target } from "../pure/edits";
import { extent, isLive } from "../pure/model";
import type { Board, Route, Stop, Vehicle, Window } from "../pure/model";
import { NONE } from "../pure/selection";
import type { Selection } from "../pure/selection";
import type { View } from "../timeline/scale";
import { clamped } from "../timeline/scale";

/** What an edit would make of the routes that it touches. */
export interface Change {
  revision: number;
  routes: Map<string, Route>;
  left: Stop[] | null;
  delta: Delta;
  perRoute: { shift: string; delta: Delta }[];
  breaches: Breach[];
}

/** A change that is shown and not yet kept. */
export interface Draft {
  ids: ReadonlySet<string>;
  to: Target | null;
  words: string;
  edits: Edit[];
  by: "drag" | "key" | "menu";
  /** The routes are on the road: until the server has said what it comes to, the price is an estimate of ours. */
  road: boolean;
  state: "asking" | "shown" | "keeping" | "failed";
  change: Change | null;
  failure: string;
}

export type Panel =
  | { kind: "stop"; id: string }
  | { kind: "route"; shift: string }
  | { kind: "plan" | "compare" | "release" | "help" | "search" }
  | { kind: "move"; ids: string[] }
  | { kind: "order" };

export interface Notice {
  id: number;
  tone: "good" | "warn" | "bad";
  text: string;
  more?: string;
  act?: { label: string; run: () => void };
}

export interface Drag {
  ids: string[];
  x: number;
  y: number;
  over: Target | null;
}

export type Sort = "name" | "late" | "stops" | "end";

export class Store {
  readonly board = signal<Board | null>(null);
  readonly failed = signal("");
  readonly selection = signal<Selection>(NONE);
  readonly route = signal<string | null>(null);
  readonly hover = signal<string | null>(null);
  readonly draft = signal<Draft | null>(null);
  /** While a search runs on from what stands: what its best so far would change. */
  readonly best = signal<Change | null>(null);
  readonly drag = signal<Drag | null>(null);
  readonly panel = signal<Panel | null>(null);
  readonly notices = signal<Notice[]>([]);
  readonly said = signal("");
  readonly line = signal<"connecting" | "live" | "lost">("connecting");
  readonly people = signal<WirePerson[]>([]);
  readonly busy = signal(false);
  readonly query = signal("");
  readonly sort = signal<Sort>("name");
  readonly tool = signal<"hand" | "lasso" | "box">("hand");
  readonly tab = signal<"map" | "routes" | "timeline">("routes");
  readonly list = signal<"routes" | "left">("routes");
  readonly clock = signal(0);
  readonly windows = signal(false);
  readonly seen = signal<View | null>(null);
  readonly compared = signal<ReadonlySet<string>>(new Set());

  readonly live = computed(() => (this.board.value ? isLive(this.board.value) : false));
  readonly day = computed<Window>(() => (this.board.value ? extent(this.board.value) : [0, 1]));
  /** The part of the day that the timeline shows. */
  readonly view = computed<View>(() => clamped(this.seen.value ?? { from: this.day.value[0], to: this.day.value[1] }, this.day.value));
  /** Routes in the order of the lists, those that match the search. */
  readonly rows = computed<Route[]>(() => sorted(this.board.value, this.query.value, this.sort.value));
  readonly left = computed<Stop[]>(() => (this.draft.value ? this.draft.value.change : this.best.value)?.left ?? this.board.value?.left ?? []);
  readonly late = computed(() => (this.board.value ? this.board.value.routes.reduce((sum, route) => sum + route.lateStops, 0) : 0));

  /** Vehicles that have said nothing for too long, by their routes. */
  readonly silent = computed<ReadonlyMap<string, Vehicle>>(() => new Map((this.board.value?.vehicles ?? []).filter((one) => one.silent).map((one) => [one.route, one] as const)));

  /** What others hold chosen, by the hue in which they are drawn in the head. */
  readonly held = computed(() => new Map(this.people.value.flatMap((one, n) => one.selected.map((id) => [id, n + 2] as const))));

  /** A route as the board shows it now: with the draft, or else the best so far of a search, where one touches it. */
  drawn(shift: string): Route | undefined {
    const now = this.draft.value ? this.draft.value.change : this.best.value;
    return now?.routes.get(shift) ?? this.board.value?.byShift.get(shift);
  }

  stop(id: string): Stop | undefined {
    return this.board.value?.stops.get(id);
  }

  /** Say something to those who cannot see it. */
  say(text: string): void {
    this.said.value = text;
  }
}

function sorted(board: Board | null, query: string, sort: Sort): Route[] {
  if (!board) return [];
  const wanted = query.trim().toLocaleLowerCase();
  const found = wanted ? board.routes.filter((route) => matches(route, wanted)) : board.routes;
  if (sort === "name") return found;
  const rank = { late: (one: Route) => -one.late, stops: (one: Route) => -one.stops.length, end: (one: Route) => -(one.end ?? 0) }[sort];
  return [...found].sort((a, b) => rank(a) - rank(b));
}

function matches(route: Route, wanted: string): boolean {
  const has = (text: string): boolean => text.toLocaleLowerCase().includes(wanted);
  return has(route.driver) || has(route.vehicle)
    || route.stops.some((stop) => has(stop.label) || has(stop.address) || stop.orders.some(has));
}
