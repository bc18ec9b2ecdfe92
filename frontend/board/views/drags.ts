// Stops carried by the pointer: from the timeline or a list, onto a route in either. The board's own, for a drop has to
// be priced while it hovers, which the browser's drag and drop does not allow.
import type { Target } from "../pure/edits";
import { nameOf } from "../pure/model";
import type { Acts } from "../store/acts";
import type { Store } from "../store/store";

const FAR = 5;
type Resolve = (x: number, y: number) => Target | null;

export class Drags {
  private readonly resolvers: Resolve[] = [];
  private start: { x: number; y: number; ids: () => string[]; pointer: number } | null = null;

  constructor(
    private readonly store: Store,
    private readonly acts: Acts,
  ) {
    this.move = this.move.bind(this);
    this.up = this.up.bind(this);
    this.stop = this.stop.bind(this);
  }

  /** A view says which target lies under a point of the window. */
  onto(resolve: Resolve): () => void {
    this.resolvers.push(resolve);
    return () => void this.resolvers.splice(this.resolvers.indexOf(resolve), 1);
  }

  /** The pointer went down on a stop; it becomes a drag once it has moved. */
  press(event: PointerEvent, ids: () => string[]): void {
    if (event.button !== 0 || event.pointerType === "touch") return;
    this.start = { x: event.clientX, y: event.clientY, ids, pointer: event.pointerId };
    addEventListener("pointermove", this.move);
    addEventListener("pointerup", this.up);
    addEventListener("pointercancel", this.stop);
  }

  get busy(): boolean {
    return this.store.drag.value !== null;
  }

  /** Escape, or the pointer was lost: nothing has happened. */
  stop(): void {
    this.release();
    if (this.store.drag.value) {
      this.store.drag.value = null;
      this.acts.discard();
    }
  }

  private release(): void {
    this.start = null;
    removeEventListener("pointermove", this.move);
    removeEventListener("pointerup", this.up);
    removeEventListener("pointercancel", this.stop);
    document.documentElement.classList.remove("is-dragging");
  }

  private move(event: PointerEvent): void {
    const { store, start } = this;
    if (!start || event.pointerId !== start.pointer) return;
    const was = store.drag.value;
    if (!was && Math.hypot(event.clientX - start.x, event.clientY - start.y) < FAR) return;
    const ids = was?.ids ?? start.ids();
    if (!was) document.documentElement.classList.add("is-dragging");
    const over = this.under(event.clientX, event.clientY);
    store.drag.value = { ids, x: event.clientX, y: event.clientY, over };
    if (over?.shift === was?.over?.shift && over?.place === was?.over?.place && was) return;
    if (over) this.acts.propose(ids, over, "drag");
    else this.acts.discard(false);
  }

  private under(x: number, y: number): Target | null {
    for (const resolve of this.resolvers) {
      const found = resolve(x, y);
      if (!found) continue;
      const row = found.shift === null ? null : this.store.board.value?.byShift.get(found.shift);
      return row?.locked ? null : found;
    }
    return null;
  }

  private up(event: PointerEvent): void {
    if (event.pointerId !== this.start?.pointer) return;
    const dragged = this.store.drag.value;
    this.release();
    this.store.drag.value = null;
    if (dragged) void this.drop();
  }

  /** Kept at once where it breaks nothing new; else it asks. */
  private async drop(): Promise<void> {
    const draft = await this.acts.settled();
    if (!draft?.change) return;
    if (draft.change.delta.breaches.length === 0 && !draft.road) {
      await this.acts.keep();
      return;
    }
    this.acts.hold();
    const row = draft.to?.shift ? this.store.board.value?.byShift.get(draft.to.shift) : null;
    const where = row ? ` ${nameOf(row)}'s route` : "";
    this.store.say(draft.road ? `It changes${where || " the day"} on the road. Keep it, or take it back.` : `It would break a rule on${where || " a route"}. Keep it anyway, or take it back.`);
  }
}
