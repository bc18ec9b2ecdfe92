// What the board asks of a server. `remote.ts` asks ours, `made/server.ts` answers by itself.
import type { Wished } from "../pure/foreseen";
import type { Spot } from "../pure/geometry";
import type { Compared, Edit, Odds, Step, WireBoard, WireChange, WireDriver, WireForeseen, WireOnRoad, WirePerson, WireRouteParts, WireTold, WireTrace, Why } from "../wire";

/** The ways of drives; "beside": a place of them lies beside the map; "none": there is no map. */
export type Found = Spot[][] | "beside" | "none";

export interface Option {
  /** The shift, or of a route on the road its id. */
  shift_id: string;
  position: number;
  cost: number;
  seconds?: number;
  meters?: number;
  touches?: string[];
}

export interface Wish {
  day: string;
  depot_ids: string[];
  seconds: number;
  quantile: number;
}

export interface Server {
  /** What names this tab among those that have the board open. */
  readonly tab: string;
  board(day: string, plan?: string): Promise<WireBoard>;
  /** Some of the day's routes on the road. */
  routes(day: string, routes: string[]): Promise<WireRouteParts>;
  preview(plan: string, revision: number, edits: Edit[], signal?: AbortSignal): Promise<WireChange>;
  /** What routes on the road would come to, were they so; nothing is kept. */
  foresee(routes: Wished[], signal?: AbortSignal): Promise<WireForeseen>;
  edit(plan: string, revision: number, edits: Edit[]): Promise<WireChange>;
  /** What the best so far of the search that runs on from the plan would change; null: there is none yet. */
  best(plan: string): Promise<WireChange | null>;
  undo(plan: string, revision: number): Promise<WireChange>;
  redo(plan: string, revision: number): Promise<WireChange>;
  changes(plan: string, since: number): Promise<WireChange>;
  ask(wish: Wish): Promise<{ id: string }>;
  optimize(plan: string, revision: number, seconds: number, shifts: string[] | null): Promise<void>;
  cancel(plan: string): Promise<void>;
  why(plan: string, visit: string): Promise<Why>;
  odds(plan: string, revision: number): Promise<Odds>;
  places(plan: string | null, stop: { visit: string | null; task: string | null }): Promise<Option[]>;
  revisions(plan: string): Promise<Step[]>;
  compare(plan: string, from: number, to: number): Promise<Compared>;
  release(plan: string, revision: number, accept: boolean): Promise<void>;
  skip(stop: string): Promise<void>;
  giveBack(route: string, task: string): Promise<void>;
  add(route: string, task: string, position: number | null, accept: boolean): Promise<void>;
  moveStop(stop: string, route: string, position: number | null, accept: boolean): Promise<void>;
  callHome(route: string): Promise<void>;
  /** A route on the road by itself, what its driver was told, and where it was driven. */
  route(route: string): Promise<WireOnRoad>;
  told(route: string): Promise<WireTold[]>;
  trace(route: string): Promise<WireTrace>;
  tell(route: string, words: string): Promise<void>;
  /** All who drive, by name. */
  drivers(): Promise<WireDriver[]>;
  nameDriver(shift: string, driver: string | null): Promise<void>;
  reassign(route: string, driver: string, accept: boolean): Promise<void>;
  recall(route: string): Promise<void>;
  finish(route: string): Promise<void>;
  here(day: string, selected: string[]): Promise<WirePerson[]>;
  gone(): void;
  /** The ways along roads from each point to the next. */
  ways(points: readonly Spot[], profile: string): Promise<Found>;
}
