// What a dispatcher does. Each act asks the server, puts the answer into the store, and says it.
import { batch } from "@preact/signals";
import type { Edit, WireChange } from "../wire";
import { deltaWords, inOrder, isIdle, moves } from "../pure/edits";
import type { Delta, Target } from "../pure/edits";
import { estimated } from "../pure/estimate";
import { foreseen, wished } from "../pure/foreseen";
import { nameOf } from "../pure/model";
import type { Board, Route } from "../pure/model";
import { kept } from "../pure/selection";
import { count } from "../pure/words";
import { applied, changeOf } from "./changes";
import { Problem } from "./http";
import type { Notices } from "./notices";
import type { Option, Server } from "./server";
import { isOnRoad, onRoad } from "./road";
import type { Change, Draft, Store } from "./store";

export class Acts {
  private asking: AbortController | null = null;
  private again = false;

  constructor(
    readonly store: Store,
    readonly server: Server,
    readonly notices: Notices,
    private readonly refetch: () => Promise<void>,
  ) {}

  /** Show what it would change to bring these stops there. Nothing is kept. */
  propose(ids: Iterable<string>, to: Target, by: Draft["by"]): boolean {
    const { store } = this;
    const board = store.board.value;
    const chosen = new Set(ids);
    if (!board || chosen.size === 0) return false;
    if (isIdle(board, chosen, to)) {
      if (store.draft.value) this.discard(false);
      return false;
    }
    const row = to.shift === null ? null : board.byShift.get(to.shift);
    const where = row && (to.place === null ? `${nameOf(row)}, where it is best` : `${nameOf(row)}, place ${to.place + 1}`);
    const words = `${count(chosen.size, "stop")} to ${where ?? "no route"}`;
    const road = isOnRoad(board, chosen, to);
    if (road) {
      store.draft.value = { ids: chosen, to, words, edits: [], by, road, state: "asking", change: guessed(board, chosen, to), failure: "" };
      void this.pump();
      return true;
    }
    if (!board.plan) return false;
    const change = store.draft.value?.change ?? null;
    store.draft.value = { ids: chosen, to, words, edits: moves(board, chosen, to), by, road, state: "asking", change, failure: "" };
    void this.pump();
    return true;
  }

  /** The plan is another one now: count the draft again on it. */
  reprice(): void {
    const draft = this.store.draft.value;
    if (draft?.to && draft.state !== "keeping") this.propose(draft.ids, draft.to, draft.by);
  }

  /** At most one preview is on its way; the newest wish is asked for when it is back. */
  private async pump(): Promise<void> {
    if (this.asking) {
      this.again = true;
      return;
    }
    const { store } = this;
    const [draft, board] = [store.draft.value, store.board.value];
    if (!draft || !board || draft.state === "keeping") return;
    this.asking = new AbortController();
    try {
      const change = await this.priced(board, draft, this.asking.signal);
      const now = store.draft.value;
      if (change && now && now.state !== "keeping") {
        store.draft.value = { ...now, change, state: now === draft ? "shown" : "asking" };
        if (now === draft && draft.by !== "drag") store.say(`${draft.words}: ${deltaWords(change.delta).join(", ")}. Enter keeps it, Escape takes it back.`);
      }
    } catch (error) {
      const now = store.draft.value;
      if (now === draft) store.draft.value = { ...now, change: null, state: "failed", failure: reasonOf(error) };
    } finally {
      this.asking = null;
      if (this.again) {
        this.again = false;
        void this.pump();
      }
    }
  }

  /** What a draft comes to, by the server's clock: of the plan, or of the routes on the road. */
  private async priced(board: Board, draft: Draft, signal: AbortSignal): Promise<Change | null> {
    if (draft.road && draft.to) return foreseen(board, await this.server.foresee(wished(board, draft.ids, draft.to), signal), guessed(board, draft.ids, draft.to));
    return board.plan && changeOf(board, await this.server.preview(board.plan.id, board.plan.revision, draft.edits, signal));
  }

  /** The draft once its price is known; null where there is none any more. */
  settled(): Promise<Draft | null> {
    return new Promise((resolve) => {
      const stop = this.store.draft.subscribe((draft) => {
        if (draft?.state === "asking") return;
        queueMicrotask(() => stop());
        resolve(draft);
      });
    });
  }

  /** The pointer has let go of a draft that has to be confirmed. */
  hold(): void {
    const draft = this.store.draft.value;
    if (draft) this.store.draft.value = { ...draft, by: "menu" };
  }

  /** Keep the draft as one revision. */
  async keep(): Promise<boolean> {
    const { store } = this;
    const [draft, board] = [store.draft.value, store.board.value];
    if (!draft || !board || draft.state === "keeping" || draft.state === "failed") return false;
    store.draft.value = { ...draft, state: "keeping" };
    const done = draft.road ? await this.drive(draft, draft.state === "shown" && (draft.change?.delta.breaches.length ?? 0) > 0) : await this.send(draft.edits, draft.words);
    store.draft.value = null;
    return done;
  }

  /** A change on the road. What it was seen to break is accepted; what nobody could see is refused, and may be wanted all the same. */
  private async drive(draft: Draft, accept = false): Promise<boolean> {
    const board = this.store.board.value;
    if (!board || !draft.to) return false;
    try {
      await onRoad(this.server, board, draft.ids, draft.to, accept);
      this.notices.show("good", draft.words, "The drivers are told.");
      await this.refetch();
      return true;
    } catch (error) {
      this.notices.refused(error, accept ? undefined : { label: "Do it anyway", run: () => void this.drive(draft, true) });
      await this.refetch();
      return false;
    }
  }

  /** Take the draft back. */
  discard(tell = true): void {
    this.again = false;
    this.asking?.abort();
    if (this.store.draft.value && tell) this.store.say("Taken back. Nothing was changed.");
    this.store.draft.value = null;
  }

  /** Edits that need no preview: locks. */
  async send(edits: Edit[], words: string): Promise<boolean> {
    const { store } = this;
    const board = store.board.value;
    if (!board?.plan || edits.length === 0) return false;
    try {
      const wire = await this.server.edit(board.plan.id, board.plan.revision, edits);
      const { delta } = changeOf(board, wire);
      this.apply(wire);
      const more = wire.routes.length ? deltaWords(delta).join(" · ") : "";
      this.notices.show("good", words, more, { label: "Undo", run: () => void this.undo() });
      return true;
    } catch (error) {
      this.notices.refused(error);
      if (error instanceof Problem && error.code === "plan.revision_conflict") await this.refetch();
      return false;
    }
  }

  /** Lay an answer of the server on the board, without asking for the whole day again. */
  apply(wire: WireChange): void {
    const { store } = this;
    const board = store.board.value;
    if (!board?.plan) return;
    batch(() => {
      const next = applied(board, wire);
      store.board.value = next;
      store.selection.value = kept(store.selection.value, next);
    });
  }

  async undo(): Promise<void> {
    await this.stepBack("undo");
  }

  async redo(): Promise<void> {
    await this.stepBack("redo");
  }

  private async stepBack(which: "undo" | "redo"): Promise<void> {
    const { store } = this;
    if (store.draft.value) return this.discard();
    const plan = store.board.value?.plan;
    if (!plan || store.busy.value) return;
    store.busy.value = true;
    try {
      this.apply(await this.server[which](plan.id, plan.revision));
      store.say(which === "undo" ? "The last change was taken back." : "The change was made again.");
    } catch (error) {
      this.notices.refused(error);
    } finally {
      store.busy.value = false;
    }
  }

  /** Put a waiting order onto a running route, at the place that was chosen. */
  async insert(id: string | null, option: Option): Promise<void> {
    const board = this.store.board.value;
    const stop = id ? this.store.stop(id) : undefined;
    const route = board && routeOfOption(board, option);
    if (!stop || !route) return;
    if (!route.route) {
      this.propose([stop.id], { shift: option.shift_id, place: option.position }, "menu");
      return;
    }
    try {
      for (const task of stop.tasks) await this.server.add(route.route, task.id, option.position, false);
      this.notices.show("good", `Added to ${nameOf(route)}'s route.`, "The driver is told.");
    } catch (error) {
      this.notices.refused(error);
    }
    await this.refetch();
  }

  /** Lock or free the selected stops' places, or a whole route. */
  async lock(what: "route" | "driver" | "position", on: boolean, target: { shift?: string; ids?: Iterable<string> }): Promise<void> {
    const board = this.store.board.value;
    if (!board) return;
    const op = on ? "lock" : "unlock";
    const stops = target.ids ? inOrder(board, target.ids).filter((stop) => stop.visit && stop.shift) : [];
    const edits: Edit[] = target.shift
      ? [{ op, what, shift_id: target.shift }]
      : stops.map((stop) => ({ op, what, visit: stop.visit! }));
    const name = target.shift ? nameOf(board.byShift.get(target.shift)!) : count(edits.length, "stop");
    await this.send(edits, `${name} ${on ? "locked" : "unlocked"}`);
  }
}

/** Places on the road name the route, those of a plan the shift. */
export function routeOfOption(board: Board, option: Option): Route | undefined {
  return board.byShift.get(option.shift_id) ?? board.routes.find((route) => route.route === option.shift_id);
}

function guessed(board: Board, ids: ReadonlySet<string>, to: Target): Change {
  const { routes, perRoute } = estimated(board, ids, to);
  const sum = (pick: (delta: Delta) => number): number => perRoute.reduce((total, { delta }) => total + pick(delta), 0);
  const delta: Delta = {
    meters: sum((one) => one.meters), seconds: sum((one) => one.seconds), late: sum((one) => one.late), cost: 0,
    breaches: perRoute.flatMap((one) => one.delta.breaches),
  };
  return { revision: board.plan?.revision ?? 0, routes, left: null, delta, perRoute, breaches: board.breaches };
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
