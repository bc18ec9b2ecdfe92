// A plan's life: asked for, searched with progress, stopped, put on the road. And what a stop can tell about itself.
import { signal } from "@preact/signals";
import { count } from "../pure/words";
import type { Notices } from "./notices";
import type { Option, Server } from "./server";
import type { Store } from "./store";
import type { Compared, Odds, Step, Why } from "../wire";

export class Runs {
  readonly why = signal<{ id: string; answer: Why | null; failed: string } | null>(null);
  readonly odds = signal<{ revision: number; answer: Odds | null } | null>(null);
  readonly options = signal<{ key: string; list: Option[] | null } | null>(null);
  readonly revisions = signal<Step[] | null>(null);
  readonly difference = signal<Compared | null>(null);

  constructor(
    private readonly store: Store,
    private readonly server: Server,
    private readonly notices: Notices,
    private readonly refetch: () => Promise<void>,
  ) {}

  /** One act at a time: what it made is read, and said; a refusal is said, and with it what would do it all the same. */
  async run(what: () => Promise<unknown>, done = "", more = "", anyway?: () => void): Promise<boolean> {
    const { store } = this;
    if (store.busy.value) return false;
    store.busy.value = true;
    try {
      await what();
      await this.refetch();
      if (done) this.notices.show("good", done, more);
      return true;
    } catch (error) {
      this.notices.refused(error, anyway && { label: "Do it anyway", run: anyway });
      return false;
    } finally {
      store.busy.value = false;
    }
  }

  /** A refusal in the server's words. */
  refused(error: unknown): void {
    this.notices.refused(error);
  }

  /** A new plan of the day. */
  /** `quantile`: percent of days on which its times are to hold; 0: the usual times. */
  ask(depots: string[], seconds: number, quantile: number): Promise<boolean> {
    const { day } = this.store.board.value!;
    return this.run(() => this.server.ask({ day, depot_ids: depots, seconds, quantile }), "Planning has begun.", "The best plan so far is drawn as it is found.");
  }

  /** Search on from what stands, under its locks. */
  optimize(seconds: number, shifts: string[] | null): Promise<boolean> {
    const plan = this.store.board.value?.plan;
    if (!plan) return Promise.resolve(false);
    const where = shifts ? count(shifts.length, "route") : "all routes";
    return this.run(() => this.server.optimize(plan.id, plan.revision, seconds, shifts), `Improving ${where}.`, "Locks hold.");
  }

  cancel(): Promise<boolean> {
    const plan = this.store.board.value?.plan;
    return plan ? this.run(() => this.server.cancel(plan.id), "Stopped.", "The best plan so far stands.") : Promise.resolve(false);
  }

  async release(accept: boolean): Promise<boolean> {
    const plan = this.store.board.value?.plan;
    if (!plan) return false;
    const done = await this.run(() => this.server.release(plan.id, plan.revision, accept), "Released.", "Drivers have their routes.");
    if (done) this.store.panel.value = null;
    return done;
  }

  /** Why a stop is where it is, or nowhere. */
  async explain(id: string): Promise<void> {
    const [plan, stop] = [this.store.board.value?.plan, this.store.stop(id)];
    this.why.value = { id, answer: null, failed: "" };
    if (!plan || !stop?.visit) return;
    try {
      const answer = await this.server.why(plan.id, stop.visit);
      if (this.why.value?.id === id) this.why.value = { id, answer, failed: "" };
    } catch (error) {
      if (this.why.value?.id === id) this.why.value = { id, answer: null, failed: error instanceof Error ? error.message : String(error) };
    }
  }

  /** How sure the plan is that stands. */
  async weigh(): Promise<void> {
    const plan = this.store.board.value?.plan;
    if (!plan) return;
    const { revision } = plan;
    this.odds.value = { revision, answer: null };
    try {
      const answer = await this.server.odds(plan.id, revision);
      if (this.odds.value?.revision === revision) this.odds.value = { revision, answer };
    } catch (error) {
      if (this.odds.value?.revision === revision) this.odds.value = null;
      this.notices.refused(error);
    }
  }

  /** The best places for one stop. */
  async findPlaces(id: string): Promise<void> {
    const [board, stop] = [this.store.board.value, this.store.stop(id)];
    if (!board || !stop || (stop.visit === null && stop.shift !== null)) return void (this.options.value = { key: id, list: [] });
    this.options.value = { key: id, list: null };
    try {
      const list = await this.server.places(board.plan?.state === "ready" ? board.plan.id : null, { visit: stop.visit, task: stop.tasks[0]?.id ?? null });
      if (this.options.value?.key === id) this.options.value = { key: id, list };
    } catch (error) {
      if (this.options.value?.key === id) this.options.value = { key: id, list: [] };
      this.notices.refused(error);
    }
  }

  async history(): Promise<void> {
    const plan = this.store.board.value?.plan;
    if (!plan) return;
    try {
      this.revisions.value = await this.server.revisions(plan.id);
    } catch (error) {
      this.revisions.value = [];
      this.notices.refused(error);
    }
  }

  /** What is different between two revisions; the map marks what it names. */
  async compare(from: number, to: number): Promise<void> {
    const board = this.store.board.value;
    if (!board?.plan) return;
    try {
      const found = await this.server.compare(board.plan.id, from, to);
      this.difference.value = found;
      this.store.compared.value = new Set(found.hunks.flatMap((hunk) => hunk.visits).filter((id) => board.stops.has(id)));
      this.store.say(`${count(found.hunks.length, "difference")}.`);
    } catch (error) {
      this.notices.refused(error);
    }
  }

  /** A stop on the road is passed over. */
  skip(stop: string): Promise<boolean> {
    return this.run(() => this.server.skip(stop), "Skipped: it comes after the others.", "The driver is told.");
  }

  /** Goods of a stop on the road go back: it is taken off its route and its orders can be planned again. */
  giveBack(route: string, tasks: string[]): Promise<boolean> {
    return this.run(async () => {
      for (const task of tasks) await this.server.giveBack(route, task);
    }, "Taken off the route.", "Its orders wait to be planned again.");
  }
}
