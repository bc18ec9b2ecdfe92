// What happens elsewhere comes by the event stream: vehicles move at once; facts about a route on the road make that route
// be read again, others the whole board, at most once a second, whatever their number. What did not change keeps its object,
// so nothing flickers.
import { batch } from "@preact/signals";
import { laid, merged, partly, told } from "../pure/merge";
import { boardOf, isSearched, seconds } from "../pure/model";
import type { Board, Vehicle } from "../pure/model";
import { kept } from "../pure/selection";
import { count } from "../pure/words";
import { applied, changeOf } from "./changes";
import { Problem } from "./http";
import type { Reader } from "./reader";
import type { Server } from "./server";
import type { Store } from "./store";
import type { Search, WireChange, WirePerson } from "../wire";

const EVERY_MS = 1000;
const SHARE = 15; // a whole day is read again at most so rarely that it takes this part of the time: a big day is dear
const TICK_MS = 15_000;
const TELL_MS = 150;
const MOST_PARTS = 60; // routes read by themselves; beyond that the whole day is dearer by little
const STATES = new Set(["completed", "partial", "failed", "en_route", "arrived", "skipped", "cancelled"]);
// Facts that change the route that they name, and nothing beside it.
const OF_ROUTE = /^(eta\.|vehicle\.(silent|heard)$|shift\.(started|ended|break_)|route\.(accepted|loading|started|finished|driven)$|stop\.(en_route|arrived|departed|completed|skipped)$)/;
const HOLD_MS = 80;
const LONGEST_MS = 10_000; // and no rarer than this: a dispatcher on a slow machine waits, too
const LOOK_MS = 1500;

export interface Moved {
  route_id: string;
  lat: number;
  lon: number;
  at: string;
  bearing_deg: number | null;
}

export class Live {
  private readonly listeners = new Set<(moved: Vehicle[]) => void>();
  private waiting = 0;
  private took = 0;
  private readonly news = new Map<string, { state: string; at: string }>();
  private telling = 0;
  private asked = 0;
  private stream: EventSource | null = null;
  private pending = new Map<string, Moved>();
  private flushing = 0;
  private drift = 0;
  private newest = 0;
  private missing: Promise<void> | null = null;
  private readonly parts = new Set<string>();
  private parting = 0;
  private parted = 0;
  private looking = false;
  private line = Promise.resolve();
  /** Others changed the plan while a change waits to be kept: its price is old. */
  onOthers: () => void = () => undefined;

  constructor(
    private readonly store: Store,
    private readonly server: Server,
    private readonly day: string,
    private readonly types: readonly string[],
    private readonly plan?: string,
    private readonly reader: Reader | null = null,
  ) {
    setInterval(() => this.tick(), TICK_MS);
  }

  /** The board for the first time, then the stream from there. */
  async start(open: (cursor: string) => EventSource): Promise<void> {
    await this.refetch();
    const cursor = this.store.board.value?.cursor;
    if (cursor === undefined) return;
    this.stream = open(cursor);
    this.stream.onopen = () => {
      const again = this.store.line.value === "lost";
      this.store.line.value = "live";
      if (again) this.soon();
    };
    this.stream.onerror = () => void (this.store.line.value = "lost");
    this.stream.addEventListener("position", (event) => this.moved(JSON.parse((event as MessageEvent<string>).data) as Moved));
    this.stream.addEventListener("reset", () => this.soon());
    this.stream.addEventListener("search", (event) => void this.searched((event as MessageEvent<string>).data));
    this.stream.addEventListener("presence", (event) => this.others((event as MessageEvent<string>).data));
    for (const type of this.types) this.stream.addEventListener(type, (event) => void this.heard(type, (event as MessageEvent<string>).data));
  }

  onMoved(listener: (moved: Vehicle[]) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Who else is here, of all days: told whole, as soon as anybody comes, goes or chooses. */
  private others(text: string): void {
    const { people } = JSON.parse(text) as { people: (WirePerson & { day: string })[] };
    this.store.people.value = people.filter((one) => one.day === this.day && one.tab !== this.server.tab);
  }

  /** How far the searches are. One that runs on from what stands has its best so far laid over it. */
  private async searched(text: string): Promise<void> {
    const { store } = this;
    const { searches } = JSON.parse(text) as { searches: (Omit<Search, "failure"> & { plan_id: string; best: boolean })[] };
    const board = store.board.peek();
    const mine = searches.find((one) => one.plan_id === board?.plan?.id);
    if (!board?.plan || !mine) return this.soon();
    const { state, base, seconds: wanted, progress } = mine;
    store.board.value = { ...board, plan: { ...board.plan, search: { state, base, seconds: wanted, progress, failure: null } } };
    if (base === 0) return this.soon();
    if (!mine.best || this.looking) return;
    this.looking = true;
    try {
      const [wire, now] = [await this.server.best(board.plan.id), store.board.peek()!];
      store.best.value = wire && isSearched(now) && wire.since === now.plan?.revision ? changeOf(now, wire) : null;
    } catch {
      store.best.value = null; // it comes again with the next word of the search
    } finally {
      this.looking = false;
    }
  }

  /** Somebody's edit of this plan comes as what it changed; what else happened makes the board be read again. */
  private async heard(type: string, text: string): Promise<void> {
    const { data, subject_id, at } = JSON.parse(text) as { data: { plan_id?: string; revision?: number; route_id?: string }; subject_id: string; at: string };
    if (type.startsWith("stop.") && this.store.board.peek()?.stops.has(subject_id)) this.saw(subject_id, type.slice(5), at);
    const known = this.store.board.peek()?.routes ?? [];
    if (data.route_id && OF_ROUTE.test(type)) return known.some((route) => route.route === data.route_id) ? this.partSoon(data.route_id) : undefined;
    const plan = this.store.board.peek()?.plan;
    if (type.startsWith("plan.") && data.plan_id !== plan?.id && this.plan) return;
    if (type !== "plan.edited" || data.plan_id !== plan?.id || plan?.state !== "ready") return this.soon();
    this.newest = Math.max(this.newest, data.revision ?? 0);
    if (!this.missing) this.missing = this.catchUp().finally(() => (this.missing = null));
  }

  /** What has become of a stop shows at once; what else follows from it comes with the next reading. */
  private saw(id: string, state: string, at: string): void {
    if (!STATES.has(state)) return;
    this.news.set(id, { state, at });
    this.telling ||= window.setTimeout(() => {
      this.telling = 0;
      const board = this.store.board.peek();
      if (board && !this.store.drag.peek()) this.store.board.value = told(board, this.news);
      this.news.clear();
    }, TELL_MS);
  }

  private async catchUp(): Promise<void> {
    const { store } = this;
    await new Promise((resolve) => setTimeout(resolve, HOLD_MS)); // the answer to an own edit comes first
    for (let plan = store.board.peek()?.plan; plan && plan.revision < this.newest; plan = store.board.peek()?.plan) {
      if (store.drag.peek()) {
        await new Promise((resolve) => setTimeout(resolve, HOLD_MS));
        continue;
      }
      try {
        const wire = await this.server.changes(plan.id, plan.revision);
        const board = store.board.peek();
        if (!board?.plan || board.plan.revision !== plan.revision) continue;
        this.lay(board, wire);
      } catch {
        return this.soon();
      }
    }
  }

  private lay(board: Board, wire: WireChange): void {
    const { store } = this;
    batch(() => {
      const next = applied(board, wire);
      store.board.value = next;
      store.selection.value = kept(store.selection.peek(), next);
      const who = [...new Set(wire.steps.map((step) => step.by))].join(", ");
      store.say(`${who || "Somebody"} changed ${count(wire.routes.length, "route")}.`);
    });
    if (store.draft.peek()) this.onOthers();
  }

  /** Something has changed: read the board again, soon. */
  soon(): void {
    const pause = Math.max(EVERY_MS, Math.min(SHARE * this.took, LONGEST_MS));
    this.waiting ||= window.setTimeout(() => void this.refetch(), Math.max(60, this.asked + pause - performance.now()));
  }

  /** The day read again, after any reading that is under way. */
  refetch = (): Promise<void> => (this.line = this.line.then(() => this.again()));

  private async again(): Promise<void> {
    clearTimeout(this.waiting);
    this.waiting = 0;
    this.parts.clear();
    this.asked = performance.now();
    const { store } = this;
    try {
      const next = await this.fresh();
      if (store.drag.peek()) return this.soon(); // what is carried must not change under the hand
      this.took = performance.now() - this.asked;
      const now = next ?? store.board.peek();
      if (now && isSearched(now) && !now.plan?.search?.base) setTimeout(() => this.soon(), LOOK_MS); // the best so far is no fact of the log
      if (!next) return;
      batch(() => {
        this.drift = next.now - Date.now() / 1000;
        store.board.value = next;
        if (!isSearched(next)) store.best.value = null;
        store.people.value = next.people.filter((one) => !one.me);
        store.selection.value = kept(store.selection.peek(), next);
        store.failed.value = "";
        this.tick();
      });
    } catch (error) {
      if (!store.board.peek()) store.failed.value = error instanceof Problem ? `${error.message} ${error.remedy}` : String(error);
      else store.line.value = "lost";
    }
  }

  /** The board as it is now; null: as it was. Beside the page where there is one to be compared with. */
  private async fresh(): Promise<Board | null> {
    const { store, reader } = this;
    const old = store.board.peek();
    if (!old || !reader) return merged(old, boardOf(await this.server.board(this.day, this.plan)));
    const patch = await reader.read(old);
    const next = patch && laid(store.board.peek()!, patch);
    if (next) reader.keep(next);
    return next;
  }

  /** A route on the road has changed: read it again, with others of which the same comes to be known. */
  private partSoon(route: string): void {
    this.parts.add(route);
    if (this.parts.size > MOST_PARTS) return this.soon();
    this.parting ||= window.setTimeout(() => void this.readParts(), Math.max(60, this.parted + EVERY_MS - performance.now()));
  }

  private async readParts(): Promise<void> {
    const { store } = this;
    const wanted = [...this.parts];
    this.parts.clear();
    this.parting = 0;
    this.parted = performance.now();
    if (wanted.length === 0 || !store.board.peek()) return;
    try {
      const wire = await this.server.routes(this.day, wanted);
      const board = store.board.peek()!;
      const next = store.drag.peek() || wire.routes.length < wanted.length ? null : partly(board, wire);
      if (next) store.board.value = next;
      else this.soon();
    } catch {
      this.soon();
    }
  }

  private tick(): void {
    if (this.store.board.peek()) this.store.clock.value = Date.now() / 1000 + this.drift;
  }

  private moved(moved: Moved): void {
    this.pending.set(moved.route_id, moved);
    this.flushing ||= requestAnimationFrame(() => {
      this.flushing = 0;
      const all = [...this.pending.values()].map(({ route_id, lat, lon, at, bearing_deg }) => ({
        route: route_id, lat, lon, heading: bearing_deg, at: seconds(at), silent: false,
      }));
      this.pending.clear();
      for (const listener of this.listeners) listener(all);
    });
  }
}
