// The whole day read again beside the page: a worker asks, reads ten megabytes and compares; what is different comes back in
// pieces that take the page a few milliseconds each.
import type { Patch } from "../pure/merge";
import type { Board, Route } from "../pure/model";
import { Problem } from "./http";
import type { Said, Wanted } from "./worker";

export class Reader {
  private routes = new Map<string, Route>();
  private laid: Board["byShift"] = new Map();
  private end: { resolve: (patch: Patch | null) => void; reject: (error: unknown) => void } | null = null;

  constructor(
    private readonly worker: Worker,
    private readonly address: string,
  ) {
    worker.onmessage = (event: MessageEvent<Said>) => this.heard(event.data);
    worker.onerror = () => this.end?.reject(new Error("the day could not be read"));
  }

  /** What differs from the board that is shown; null: nothing. One reading at a time. */
  read(shown: Board): Promise<Patch | null> {
    this.routes = new Map();
    const changed = [...shown.byShift].filter(([shift, route]) => this.laid.get(shift) !== route).map(([shift]) => shift);
    return new Promise((resolve, reject) => {
      this.end = { resolve, reject };
      this.worker.postMessage({ address: this.address, changed } satisfies Wanted);
    });
  }

  /** The board that came of it: routes that are others by the next time have been changed here. */
  keep(board: Board): void {
    this.laid = board.byShift;
    this.routes = new Map();
  }

  private heard(said: Said): void {
    if (said.kind === "routes") for (const route of said.routes) this.routes.set(route.shift, route);
    else if (said.kind === "failed") this.end?.reject(new Problem(said.status, said.body));
    else this.end?.resolve(said.kind === "same" ? null : { ...said, routes: this.routes });
  }
}
