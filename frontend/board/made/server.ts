// A server in memory: keeps a made day, edits it, undoes. For tests and for `serve.mjs`.
import type { Breach, Edit, WireBoard, WireLeft, WirePlace, WireRoute, WireStop } from "../wire.ts";
import type { Sums, WireChange } from "../wire.ts";
import { schedule } from "./clock.ts";

type Rows = Map<string, string[]>;
interface State {
  rows: Rows;
  locks: ReadonlyMap<string, string>;
}

export class MadeServer {
  private readonly places = new Map<string, WirePlace>();
  private readonly reasons = new Map<string, WireLeft["reasons"]>();
  private state: State;
  private back: State[] = [];
  private forth: State[] = [];
  revision = 1;

  readonly day: WireBoard;

  constructor(day: WireBoard) {
    this.day = day;
    for (const stop of [...day.stops, ...day.unassigned]) this.places.set(stop.id, bare(stop));
    for (const left of day.unassigned) this.reasons.set(left.id, left.reasons);
    this.state = { rows: new Map(day.routes.map((route) => [route.shift_id, [...route.stops]])), locks: new Map() };
  }

  board(): WireBoard {
    const made = this.day.shifts.map((shift) => this.timed(shift.id, this.state));
    const seen = new Map(this.day.stops.map((stop) => [stop.id, stop]));
    const live = this.day.plan?.state === "released";
    return {
      ...this.day,
      plan: this.day.plan && { ...this.day.plan, revision: this.revision, undo: this.back.length, redo: this.forth.length },
      shifts: this.day.shifts.map((shift) => ({ ...shift, locked: this.state.locks.get(shift.id) ?? null })),
      breaches: made.flatMap((one) => breachesOf(one.route, one.stops)),
      routes: live ? this.day.routes : made.map((one) => one.route),
      stops: live ? this.day.stops : made.flatMap((one) => one.stops.map((stop) => ({ ...stop, state: seen.get(stop.id)?.state ?? "planned" }))),
      unassigned: this.left(this.state),
    };
  }

  /** What the edits change; kept only if wanted. */
  change(edits: Edit[], keep: boolean): WireChange {
    const was = this.state;
    const next = edited(was, edits);
    if (keep) {
      this.back = [...this.back, was].slice(-100);
      this.forth = [];
      this.state = next;
      this.revision += 1;
    }
    return this.between(was, next);
  }

  undo(): WireChange | null {
    return this.step(this.back, this.forth);
  }

  redo(): WireChange | null {
    return this.step(this.forth, this.back);
  }

  private step(from: State[], to: State[]): WireChange | null {
    const next = from.pop();
    if (!next) return null;
    const was = this.state;
    to.push(was);
    this.state = next;
    this.revision += 1;
    return this.between(was, next);
  }

  private between(was: State, next: State): WireChange {
    const touched = [...next.rows.keys()].filter((shift) => next.rows.get(shift) !== was.rows.get(shift));
    const routes = touched.map((shift) => {
      const [before, after] = [this.timed(shift, was), this.timed(shift, next)];
      return {
        shift_id: shift, before: sums(before.route, before.stops), after: sums(after.route, after.stops), breaches: breachesOf(after.route, after.stops),
        start: after.route.start, end: after.route.end, load: after.route.load, breaks: after.route.breaks,
        stops: after.stops.map(({ id, arrive, start, leave, late_s }) => ({ visit: id, arrive, start, leave, late_s })),
      };
    });
    const [off, on] = [new Set(this.left(was).map((one) => one.id)), new Set(this.left(next).map((one) => one.id))];
    const cost = (side: "before" | "after"): number => routes.reduce((sum, one) => sum + one[side].cost, 0);
    const locks = [...next.locks].map(([id, kind]) => ({
      kind, shift_id: kind === "position" ? null : id, visit: kind === "position" ? id : null, by: "Ada", mine: true, at: this.day.now,
    }));
    return {
      since: this.revision, revision: this.revision, cost: { before: cost("before"), after: cost("after") }, breaches: 0, routes,
      assigned: [...off].filter((id) => !on.has(id)), unassigned: [...on].filter((id) => !off.has(id)).map((visit) => ({ visit, reasons: this.reasons.get(visit) ?? [] })),
      locks, steps: [], undo: this.back.length, redo: this.forth.length,
    };
  }

  private timed(shift: string, state: State): { route: WireRoute; stops: WireStop[] } {
    const row = (state.rows.get(shift) ?? []).map((id) => this.places.get(id)!);
    const made = schedule(this.day.shifts.find((one) => one.id === shift)!, row, this.day.depots[0]!);
    return { route: made.route, stops: made.stops.map((stop) => ({ ...stop, lock: state.locks.get(stop.id) ?? null })) };
  }

  private left(state: State): WireLeft[] {
    const on = new Set([...state.rows.values()].flat());
    return [...this.places.values()].filter((place) => !on.has(place.id)).map((place) => ({ ...place, reasons: this.reasons.get(place.id) ?? [] }));
  }
}

function bare(stop: WirePlace): WirePlace {
  const { id, visit, place_id, label, address, lat, lon, tasks, orders, windows, service_s, priority, promise } = stop;
  return { id, visit, place_id, label, address, lat, lon, tasks, orders, windows, service_s, priority, promise };
}

function sums(route: WireRoute, stops: WireStop[]): Sums {
  return {
    stops: stops.length, meters: route.meters, seconds: (Date.parse(route.end) - Date.parse(route.start)) / 1000, late_s: route.late_s,
    cost: route.cost, breaches: stops.filter((stop) => stop.late_s > 0).length,
  };
}

const breachesOf = (route: WireRoute, stops: WireStop[]): Breach[] =>
  stops.filter((stop) => stop.late_s > 0).map((stop) => ({
    code: "time_window", visit: stop.id, shift: route.shift_id, amount: stop.late_s, text: `${stop.label}: ${Math.ceil(stop.late_s / 60)} min late`,
  }));

/** The sequences after the edits; rows that no edit touches stay the same objects. */
export function edited(was: State, edits: Edit[]): State {
  const rows = new Map(was.rows);
  const locks = new Map(was.locks);
  const take = (visit: string): void => {
    for (const [shift, row] of rows) if (row.includes(visit)) rows.set(shift, row.filter((one) => one !== visit));
  };
  const put = (visit: string, shift: string | null, position: number): void => {
    if (shift !== null) rows.set(shift, (rows.get(shift) ?? []).toSpliced(position, 0, visit));
  };
  for (const edit of edits) {
    if (edit.op === "move") {
      take(edit.visit);
      put(edit.visit, edit.shift_id, edit.position ?? rows.get(edit.shift_id ?? "")?.length ?? 0);
    } else if (edit.op === "place") {
      for (const [visit] of edit.places) take(visit);
      for (const [visit, shift, position] of edit.places) put(visit, shift, position);
    } else if (edit.op === "reorder") rows.set(edit.shift_id, edit.visits);
    else if (edit.op === "lock") locks.set(edit.shift_id ?? edit.visit!, edit.what);
    else locks.delete(edit.shift_id ?? edit.visit!);
  }
  return { rows, locks };
}
