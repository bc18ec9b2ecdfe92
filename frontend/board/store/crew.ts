// The route that is looked at: who drives it, what its driver was told, where it was driven; and how it changes hands.
import { computed, effect, signal, untracked } from "@preact/signals";
import { nameOf } from "../pure/model";
import type { Route } from "../pure/model";
import type { Spot } from "../pure/geometry";
import type { WireDriver, WireOnRoad, WireTold } from "../wire";
import type { Runs } from "./runs";
import type { Server } from "./server";
import type { Store } from "./store";

const AGAIN_MS = 30_000;

/** A route on the road as it was read last. */
export interface Looked {
  route: string;
  now: WireOnRoad;
  told: WireTold[];
  track: Spot[];
  /** Meters since its start; null: its vehicle was never heard. */
  driven: number | null;
}

export class Crew {
  readonly looked = signal<Looked | null>(null);
  readonly drivers = signal<WireDriver[] | null>(null);
  private wanted: string | null = null;

  constructor(
    private readonly store: Store,
    private readonly server: Server,
    private readonly runs: Runs,
  ) {}

  /** From now on the route that is looked at is read, and read again while it is. */
  follow(): () => void {
    const { store } = this;
    const route = computed(() => (store.route.value && store.board.value?.byShift.get(store.route.value)?.route) || null);
    return effect(() => {
      const id = route.value;
      untracked(() => void this.look(id));
      if (!id) return undefined;
      const again = setInterval(() => void (document.hidden || this.look(id)), AGAIN_MS);
      return () => clearInterval(again);
    });
  }

  /** Read a route on the road; null: none is looked at. What can't be read now is asked for again. */
  async look(route: string | null): Promise<void> {
    this.wanted = route;
    if (this.looked.value && this.looked.value.route !== route) this.looked.value = null;
    if (!route) return;
    try {
      const [now, told, trace] = await Promise.all([this.server.route(route), this.server.told(route), this.server.trace(route)]);
      if (this.wanted !== route) return;
      this.looked.value = { route, now, told, track: trace.items.map(({ lat, lon }): Spot => [lon, lat]), driven: trace.driven_m };
    } catch {
      // it stays as it was read before; the interval asks again
    }
  }

  /** Who may drive: those in service, read once. */
  async known(): Promise<void> {
    if (this.drivers.value) return;
    try {
      this.drivers.value = (await this.server.drivers()).filter((one) => one.active);
    } catch (error) {
      this.runs.refused(error);
    }
  }

  phone(id: string | null): string {
    return this.drivers.value?.find((one) => one.id === id)?.phone ?? "";
  }

  /** Say who drives: of a draft the shift is told, of a route on the road both phones are. */
  async give(route: Route, driver: string | null, accept = false): Promise<boolean> {
    const name = this.drivers.value?.find((one) => one.id === driver)?.name ?? "Nobody yet";
    if (!route.route) return this.runs.run(() => this.server.nameDriver(route.shift, driver), `${route.vehicle}: ${name}.`);
    if (!driver) return false;
    const { route: id } = route;
    const anyway = accept ? undefined : (): void => void this.give(route, driver, true);
    return this.anew(id, () => this.server.reassign(id, driver, accept), `${name} has ${nameOf(route)}'s route.`, "Both phones are told.", anyway);
  }

  /** Words for the driver, about no stop. */
  tell(route: string, words: string): Promise<boolean> {
    return this.anew(route, () => this.server.tell(route, words), "Sent.", "The driver's phone shows it with its next look.");
  }

  /** Before it starts: the route is over, and what stood on it can be planned again. */
  recall(route: string): Promise<boolean> {
    return this.anew(route, () => this.server.recall(route), "Taken back.", "What stood on it can be planned again.");
  }

  /** What waits on it can be planned again; the driver ends what is begun and comes back. */
  callHome(route: string): Promise<boolean> {
    return this.anew(route, () => this.server.callHome(route), "Called home.", "What was not begun can be planned again.");
  }

  /** For a driver whose phone says nothing any more. */
  finish(route: string): Promise<boolean> {
    return this.anew(route, () => this.server.finish(route), "Ended.", "What was open can be planned again.");
  }

  private async anew(route: string, what: () => Promise<void>, done: string, more: string, anyway?: () => void): Promise<boolean> {
    const held = await this.runs.run(what, done, more, anyway);
    if (held && this.wanted === route) await this.look(route);
    return held;
  }
}
