// Made by types/make.mjs from docs/reference/openapi.json; a test fails when it is old.
// sha256 4203a26f2c018431bc9f2a11fc3ae58d74e6a12e15ee7b946e1d7d91fcb4a0d7
/* eslint-disable */

export interface Schemas {
  BoardBreach: BoardBreach;
  BoardDepot: BoardDepot;
  BoardDriven: BoardDriven;
  BoardDriver: BoardDriver;
  BoardEta: BoardEta;
  BoardLeft: BoardLeft;
  BoardLock: BoardLock;
  BoardOut: BoardOut;
  BoardPerson: BoardPerson;
  BoardPlan: BoardPlan;
  BoardReason: BoardReason;
  BoardRoute: BoardRoute;
  BoardRoutesOut: BoardRoutesOut;
  BoardSearch: BoardSearch;
  BoardShift: BoardShift;
  BoardStop: BoardStop;
  BoardTask: BoardTask;
  BoardVehicle: BoardVehicle;
  BoardWhere: BoardWhere;
  ChangedRouteOut: ChangedRouteOut;
  ChangesOut: ChangesOut;
  ComparedOut: ComparedOut;
  CostsOut: CostsOut;
  DriverMessageOut: DriverMessageOut;
  DriverMessagesOut: DriverMessagesOut;
  DriverOut: DriverOut;
  EarlierOut: EarlierOut;
  ElsewhereOut: ElsewhereOut;
  FellOut: FellOut;
  ForeseenBreachOut: ForeseenBreachOut;
  ForeseenOut: ForeseenOut;
  ForeseenRouteOut: ForeseenRouteOut;
  ForeseenStopOut: ForeseenStopOut;
  HunkOut: HunkOut;
  HunkPlaceOut: HunkPlaceOut;
  InsertionsOut: InsertionsOut;
  LegOut: LegOut;
  LivePlaceOut: LivePlaceOut;
  LivePlacesOut: LivePlacesOut;
  MovedOut: MovedOut;
  NowLeftOut: NowLeftOut;
  OddsOut: OddsOut;
  PathOut: PathOut;
  PointIn: PointIn;
  PositionOut: PositionOut;
  RelaxationOut: RelaxationOut;
  RevisionStepOut: RevisionStepOut;
  RouteOddsOut: RouteOddsOut;
  RouteOut: RouteOut;
  RouteSumsOut: RouteSumsOut;
  StopOddsOut: StopOddsOut;
  SumsOut: SumsOut;
  TimedOut: TimedOut;
  TouchedOut: TouchedOut;
  TraceOut: TraceOut;
  WeakOut: WeakOut;
  WhyOut: WhyOut;
}
/**
 * A rule that the plan does not keep.
 */
export interface BoardBreach {
  amount: number;
  code: string;
  shift: string;
  text: string;
  visit: string;
}
/**
 * Where routes start and end.
 */
export interface BoardDepot {
  id: string;
  lat: number | null;
  lon: number | null;
  name: string;
}
/**
 * How far a route on the road is, in stops.
 */
export interface BoardDriven {
  done: number;
  failed: number;
  total: number;
}
/**
 * Who drives.
 */
export interface BoardDriver {
  id: string;
  name: string;
}
/**
 * When a stop on the road is expected.
 */
export interface BoardEta {
  made_at: string;
  p10: string;
  p50: string;
  p90: string;
  stale: boolean;
}
/**
 * What is on no route. `visit` null: it came after the plan was asked for, and is no part of it.
 */
export interface BoardLeft {
  address: string;
  id: string;
  label: string;
  lat: number | null;
  lon: number | null;
  /**
   * References of its orders.
   *
   * @maxItems 500
   */
  orders: string[];
  place_id: string;
  /**
   * The highest of its orders, 0 to 9.
   */
  priority: number;
  /**
   * The window that was promised, of several the one that ends first.
   */
  promise: [string, string] | null;
  /**
   * @maxItems 5
   */
  reasons: BoardReason[];
  service_s: number;
  /**
   * @maxItems 500
   */
  tasks: BoardTask[];
  visit: string | null;
  /**
   * @maxItems 50
   */
  windows: [string, string][];
}
/**
 * Why a visit is on no route: one code, on how many shifts, and the words of the nearest.
 */
export interface BoardReason {
  code: string;
  shifts: number;
  text: string;
  would_let_in: string;
}
/**
 * A task at a stop.
 */
export interface BoardTask {
  id: string;
  /**
   * deliver, collect or service.
   */
  kind: string;
  loads: {
    [k: string]: number;
  };
  /**
   * The order's reference.
   */
  order: string | null;
  order_id: string;
  /**
   * Names the other end within the order; empty: none.
   */
  pair: string;
  recipient: string;
  /**
   * open, completed, partial, failed or cancelled.
   */
  state: string;
}
/**
 * What is fixed by hand, and by whom.
 */
export interface BoardLock {
  at: string;
  /**
   * The name of who locked it.
   */
  by: string;
  /**
   * driver, route or position.
   */
  kind: string;
  /**
   * You locked it: your own edits pass.
   */
  mine: boolean;
  shift_id: string | null;
  visit: string | null;
}
/**
 * Everything that the board of a day draws. `cursor`: say it as `Last-Event-ID` to `/live/events`, and no change
 * since is missed.
 */
export interface BoardOut {
  /**
   * @maxItems 20000
   */
  breaches: BoardBreach[];
  currency: string;
  cursor: string;
  day: string;
  /**
   * @maxItems 1000
   */
  depots: BoardDepot[];
  /**
   * @maxItems 20000
   */
  locks: BoardLock[];
  now: string;
  /**
   * @maxItems 500
   */
  people: BoardPerson[];
  plan: BoardPlan | null;
  /**
   * Of the day, newest first.
   *
   * @maxItems 1000
   */
  plans: BoardPlan[];
  /**
   * @maxItems 2000
   */
  routes: BoardRoute[];
  /**
   * @maxItems 2000
   */
  shifts: BoardShift[];
  /**
   * @maxItems 50000
   */
  stops: BoardStop[];
  /**
   * @maxItems 50000
   */
  unassigned: BoardLeft[];
  /**
   * @maxItems 2000
   */
  vehicles: BoardWhere[];
  zone: string;
}
/**
 * Somebody who has this board open.
 */
export interface BoardPerson {
  me: boolean;
  name: string;
  seen_at: string;
  /**
   * What they hold selected.
   *
   * @maxItems 200
   */
  selected: string[];
  tab: string;
}
/**
 * A plan of the day.
 */
export interface BoardPlan {
  /**
   * Of that revision, minor units; 0 where none stands.
   */
  cost: number;
  created_at: string;
  id: string;
  /**
   * Percentage of days on which its times are to hold; 0: the usual times.
   */
  quantile: number;
  /**
   * The undo that `redo` would take back for you; 0: none.
   */
  redo: number;
  /**
   * The revision that stands; 0: none yet.
   */
  revision: number;
  /**
   * Where the travel times come from; great_circle: no road data.
   */
  rung: string;
  search: BoardSearch | null;
  /**
   * asked, solving, ready, released or superseded.
   */
  state: string;
  /**
   * The revision that `undo` would take back for you; 0: none.
   */
  undo: number;
}
/**
 * A plan's newest search.
 */
export interface BoardSearch {
  /**
   * The revision that it searches on from; 0: the plan's first search.
   */
  base: number;
  /**
   * Code, cause and remedy, where it failed.
   */
  failure: {
    [k: string]: unknown;
  } | null;
  /**
   * How far it is: seconds, iterations, cost, routes, unassigned.
   */
  progress: {
    [k: string]: unknown;
  };
  /**
   * Seconds asked for.
   */
  seconds: number;
  /**
   * waiting, running, done or failed.
   */
  state: string;
}
/**
 * What a shift drives: of the plan (`route_id` null) or on the road.
 */
export interface BoardRoute {
  /**
   * @maxItems 20
   */
  breaks: [string, string][];
  /**
   * Minor units of the organization's currency.
   */
  cost: number;
  driven: BoardDriven;
  end: string;
  /**
   * Seconds of lateness of all its stops together.
   */
  late_s: number;
  /**
   * On board at departure; empty where the route is on the road.
   */
  load: {
    [k: string]: number;
  };
  meters: number;
  plan_id: string | null;
  route_id: string | null;
  shift_id: string;
  start: string;
  /**
   * planned, or the state of the route on the road.
   */
  state: string;
  /**
   * Ids of stops, in order.
   *
   * @maxItems 2000
   */
  stops: string[];
  /**
   * Of a route on the road: name it in acts on the route.
   */
  version: number | null;
}
/**
 * A vehicle's working span on the day.
 */
export interface BoardShift {
  driver: BoardDriver | null;
  end: string;
  end_depot: string;
  id: string;
  /**
   * driver or route, where it is locked.
   */
  locked: string | null;
  start: string;
  start_depot: string;
  vehicle: BoardVehicle;
}
/**
 * With what.
 */
export interface BoardVehicle {
  capacity: {
    [k: string]: number;
  };
  id: string;
  name: string;
  profile: string;
}
/**
 * A stop on a route.
 */
export interface BoardStop {
  address: string;
  arrive: string;
  done_at: string | null;
  eta: BoardEta | null;
  id: string;
  label: string;
  lat: number | null;
  late_s: number;
  leave: string;
  /**
   * position, where it is locked.
   */
  lock: string | null;
  lon: number | null;
  /**
   * References of its orders.
   *
   * @maxItems 500
   */
  orders: string[];
  place_id: string;
  /**
   * The highest of its orders, 0 to 9.
   */
  priority: number;
  /**
   * The window that was promised, of several the one that ends first.
   */
  promise: [string, string] | null;
  service_s: number;
  shift_id: string;
  /**
   * Service begins.
   */
  start: string;
  /**
   * planned, en_route, arrived, skipped or how it ended.
   */
  state: string;
  stop_id: string | null;
  /**
   * @maxItems 500
   */
  tasks: BoardTask[];
  visit: string | null;
  /**
   * @maxItems 50
   */
  windows: [string, string][];
}
/**
 * Where a route's vehicle was last heard.
 */
export interface BoardWhere {
  at: string;
  /**
   * Degrees clockwise from north.
   */
  heading: number | null;
  lat: number;
  lon: number;
  route_id: string;
  silent: boolean;
  /**
   * Meters per hour.
   */
  speed_mh: number | null;
}
/**
 * Some routes on the road, as `BoardOut` has them. `cursor`: as there.
 */
export interface BoardRoutesOut {
  cursor: string;
  now: string;
  /**
   * @maxItems 100
   */
  routes: BoardRoute[];
  /**
   * @maxItems 50000
   */
  stops: BoardStop[];
  /**
   * @maxItems 100
   */
  vehicles: BoardWhere[];
}
/**
 * A route that differs, before and after, with the times that it then has.
 */
export interface ChangedRouteOut {
  after: SumsOut | null;
  before: SumsOut | null;
  /**
   * @maxItems 2000
   */
  breaches: BoardBreach[];
  /**
   * @maxItems 20
   */
  breaks: [string, string][];
  end: string | null;
  load: {
    [k: string]: number;
  };
  shift_id: string;
  start: string | null;
  /**
   * @maxItems 2000
   */
  stops: TimedOut[];
}
/**
 * A route in numbers.
 */
export interface SumsOut {
  breaches: number;
  cost: number;
  late_s: number;
  meters: number;
  /**
   * From departure to finish.
   */
  seconds: number;
  stops: number;
}
/**
 * A stop in time.
 */
export interface TimedOut {
  arrive: string;
  late_s: number;
  leave: string;
  start: string;
  visit: string;
}
/**
 * What differs between two revisions: lay it on what you show, and you show the second.
 */
export interface ChangesOut {
  /**
   * Visits that were on no route, and are.
   *
   * @maxItems 20000
   */
  assigned: string[];
  /**
   * How many rules the whole plan then breaks.
   */
  breaches: number;
  cost: CostsOut;
  /**
   * Of the last step, positions as they came to be.
   *
   * @maxItems 500
   */
  edits: {
    [k: string]: unknown;
  }[];
  /**
   * @maxItems 20000
   */
  locks: BoardLock[];
  plan_id: string;
  redo: number;
  /**
   * The second; of a preview the one that it would be laid on.
   */
  revision: number;
  /**
   * @maxItems 2000
   */
  routes: ChangedRouteOut[];
  /**
   * The first revision.
   */
  since: number;
  /**
   * The revisions in between, oldest first.
   *
   * @maxItems 200
   */
  steps: RevisionStepOut[];
  /**
   * @maxItems 20000
   */
  unassigned: NowLeftOut[];
  /**
   * The revision that `undo` would take back for you; 0: none.
   */
  undo: number;
}
/**
 * What the plan costs, minor units; prizes of what is left out included.
 */
export interface CostsOut {
  after: number;
  before: number;
}
/**
 * A revision: who did what.
 */
export interface RevisionStepOut {
  at: string;
  by: string;
  note: string;
  /**
   * Of an undo what it took back, of a redo the undo.
   */
  of: number;
  revision: number;
  /**
   * solved, edited, undone or redone.
   */
  why: string;
}
/**
 * A visit that is now on no route.
 */
export interface NowLeftOut {
  /**
   * @maxItems 5
   */
  reasons: BoardReason[];
  visit: string;
}
/**
 * Two revisions, hunk by hunk.
 */
export interface ComparedOut {
  /**
   * Visits that were on no route, and are.
   *
   * @maxItems 20000
   */
  assigned: string[];
  /**
   * How many rules the whole plan then breaks.
   */
  breaches: number;
  cost: CostsOut;
  /**
   * Of the last step, positions as they came to be.
   *
   * @maxItems 500
   */
  edits: {
    [k: string]: unknown;
  }[];
  /**
   * @maxItems 20000
   */
  hunks: HunkOut[];
  /**
   * @maxItems 20000
   */
  locks: BoardLock[];
  plan_id: string;
  redo: number;
  /**
   * The second; of a preview the one that it would be laid on.
   */
  revision: number;
  /**
   * @maxItems 2000
   */
  routes: ChangedRouteOut[];
  /**
   * The first revision.
   */
  since: number;
  /**
   * The revisions in between, oldest first.
   *
   * @maxItems 200
   */
  steps: RevisionStepOut[];
  /**
   * @maxItems 20000
   */
  unassigned: NowLeftOut[];
  /**
   * The revision that `undo` would take back for you; 0: none.
   */
  undo: number;
}
/**
 * Visits that went the same way together.
 */
export interface HunkOut {
  from: HunkPlaceOut | null;
  kind: "moved" | "reordered" | "added" | "left_out";
  to: HunkPlaceOut | null;
  /**
   * @maxItems 2000
   */
  visits: string[];
}
/**
 * A place on a route.
 */
export interface HunkPlaceOut {
  position: number;
  shift_id: string;
}
/**
 * What was said.
 */
export interface DriverMessageOut {
  at: string;
  id: string;
  route_id: string;
  stop_id: string | null;
  text: string;
}
/**
 * By time.
 */
export interface DriverMessagesOut {
  /**
   * @maxItems 10000
   */
  items: DriverMessageOut[];
}
/**
 * Who drives.
 */
export interface DriverOut {
  active: boolean;
  external_id: string | null;
  id: string;
  language: string;
  metadata: {
    [k: string]: unknown;
  };
  name: string;
  phone: string;
  skills: string[];
  version: number;
}
/**
 * What an earlier start of a route would bring.
 */
export interface EarlierOut {
  /**
   * How many stops more are then expected to be on time.
   */
  gain: number;
  minutes: number;
}
/**
 * Where else a visit could go without breaking a rule.
 */
export interface ElsewhereOut {
  /**
   * What the plan would cost more, in minor units; negative: less.
   */
  cost: number;
  /**
   * Counted without the visit itself, 0 is first.
   */
  position: number;
  shift: string;
}
/**
 * A source of travel times that could not answer.
 */
export interface FellOut {
  cause: string;
  code: string;
  rung: string;
}
/**
 * A rule that it would break, or break worse.
 */
export interface ForeseenBreachOut {
  amount: number;
  code: string;
  /**
   * The halt, or empty where it is about the whole route.
   */
  stop_id: string;
  text: string;
}
/**
 * Each of the routes as it would be.
 */
export interface ForeseenOut {
  /**
   * @maxItems 20
   */
  routes: ForeseenRouteOut[];
}
/**
 * One route as it would be.
 */
export interface ForeseenRouteOut {
  after: RouteSumsOut;
  before: RouteSumsOut;
  /**
   * @maxItems 2000
   */
  breaches: ForeseenBreachOut[];
  ends_at: string;
  route_id: string;
  /**
   * Its open halts, in their order.
   *
   * @maxItems 2200
   */
  stops: ForeseenStopOut[];
}
/**
 * What remains of a route in numbers.
 */
export interface RouteSumsOut {
  /**
   * Minor units.
   */
  cost: number;
  late_s: number;
  meters: number;
  /**
   * From now until it ends.
   */
  seconds: number;
}
/**
 * A halt in time.
 */
export interface ForeseenStopOut {
  arrive: string;
  id: string;
  /**
   * Past its window.
   */
  late_s: number;
  leave: string;
  start: string;
}
/**
 * Where a visit would fit best.
 */
export interface InsertionsOut {
  /**
   * @maxItems 10
   */
  options: {
    [k: string]: unknown;
  }[];
}
/**
 * One drive.
 */
export interface LegOut {
  meters: number;
  /**
   * The line that it follows; two points where no road is known.
   */
  points: PointIn[];
  seconds: number;
}
/**
 * A coordinate in WGS84 degrees.
 */
export interface PointIn {
  lat: number;
  lon: number;
}
/**
 * A place for one more task on a route on the road.
 */
export interface LivePlaceOut {
  arrive: string;
  /**
   * Minor units that it adds.
   */
  cost: number;
  driver: string;
  meters: number;
  /**
   * Minutes that it adds to the route.
   */
  minutes: number;
  /**
   * Among the open stops, from 0: say it to `POST /routes/{id}/tasks`.
   */
  position: number;
  route_id: string;
  /**
   * Whom it makes late, the new one included.
   *
   * @maxItems 500
   */
  touched: TouchedOut[];
  vehicle: string;
  version: number;
}
/**
 * A stop that would be reached after its window, or after the window that was promised.
 */
export interface TouchedOut {
  /**
   * Past its window.
   */
  late_s: number;
  /**
   * @maxItems 500
   */
  orders: string[];
  /**
   * Past the window that was promised; 0: that is kept.
   */
  promise_late_s: number;
  stop_id: string;
}
/**
 * The best places, those that make nobody late first.
 */
export interface LivePlacesOut {
  /**
   * @maxItems 3
   */
  items: LivePlaceOut[];
}
/**
 * A visit that would help the others of its route by leaving it.
 */
export interface MovedOut {
  /**
   * How many of the others more are then expected to be on time.
   */
  gain: number;
  shift: string;
  visit: string;
}
/**
 * How sure a revision is, were it released: driven many times over, as much slower and faster as days are.
 */
export interface OddsOut {
  /**
   * How many of the stops are expected to be on time.
   */
  kept: number;
  /**
   * Version of the model of times; 0: the built-in one, for nothing was learned yet.
   */
  model: number;
  number: number;
  /**
   * The most helpful first.
   *
   * @maxItems 10
   */
  out: MovedOut[];
  plan_id: string;
  /**
   * @maxItems 1000
   */
  routes: RouteOddsOut[];
  samples: number;
  stops: number;
  /**
   * The least likely first.
   *
   * @maxItems 10
   */
  weakest: WeakOut[];
}
/**
 * How sure a route is.
 */
export interface RouteOddsOut {
  /**
   * As far as shift, goods and breaks allow.
   *
   * @maxItems 10
   */
  earlier: EarlierOut[];
  /**
   * How many of its stops are expected to be on time.
   */
  kept: number;
  /**
   * 0 to 1: that it ends after its shift.
   */
  overtime: number;
  shift: string;
  /**
   * @maxItems 2000
   */
  stops: StopOddsOut[];
}
/**
 * How likely a stop is on time.
 */
export interface StopOddsOut {
  /**
   * 0 to 1: that service begins by what a release would promise.
   */
  on_time: number;
  visit: string;
}
/**
 * A stop that is not sure, and what before it hurts it most.
 */
export interface WeakOut {
  /**
   * What it gains where that takes just what is planned.
   */
  gain: number;
  of: string;
  on_time: number;
  /**
   * The way to, or the service at, `of`; empty: none alone.
   */
  part: "way" | "service" | "";
  shift: string;
  visit: string;
}
/**
 * Drives from each point to the next, each leaving when the one before has arrived.
 */
export interface PathOut {
  /**
   * How old its knowledge is.
   */
  as_of: string | null;
  /**
   * What could not answer before it.
   */
  fell: FellOut[];
  legs: LegOut[];
  /**
   * Where it comes from; great_circle: estimated without road data.
   */
  rung: string;
  /**
   * Which map, service or model.
   */
  source: string;
}
/**
 * A position of a track.
 */
export interface PositionOut {
  accuracy_m: number | null;
  at: string;
  bearing_deg: number | null;
  lat: number;
  lon: number;
  speed_mh: number | null;
}
/**
 * What would let a visit in: the least of one rule that has to be given up.
 */
export interface RelaxationOut {
  /**
   * By how much: seconds, meters, stops, or the load's own unit; 0 where none is.
   */
  amount: number;
  /**
   * window_later, overtime, load:weight, skill, van, without, ...
   */
  code: string;
  /**
   * What the plan would cost more, in minor units.
   */
  cost: number;
  /**
   * Its place on the route then, 0 is first.
   */
  position: number;
  /**
   * Another visit is left out for it that has no price.
   */
  required: boolean;
  /**
   * The shift that would serve it; of `van` one more like this.
   */
  shift: string;
  text: string;
  /**
   * Whose window, or who is left out; empty where no visit is meant.
   */
  visit: string;
}
/**
 * What one shift drives.
 */
export interface RouteOut {
  /**
   * The version that the driver's phone has.
   */
  acknowledged: number;
  /**
   * Since when a change waits for the driver to read it; null: none does.
   */
  changed_at: string | null;
  day: string;
  /**
   * Meters, by positions; known when the route is finished.
   */
  driven_m: number | null;
  /**
   * The driver's name.
   */
  driver: string;
  driver_id: string;
  finished_at: string | null;
  id: string;
  on_break: boolean;
  plan_id: string | null;
  /**
   * Minor units of the organization's currency.
   */
  planned_cost: number;
  planned_end: string;
  /**
   * Meters, by the plan.
   */
  planned_m: number;
  planned_start: string;
  /**
   * When that was said, by the phone's clock.
   */
  read_at: string | null;
  /**
   * Who said it, as in the log: `driver:...`.
   */
  read_by: string;
  /**
   * The version that the driver said to have read; 0: none since the release.
   */
  read_version: number;
  revision: number;
  shift_id: string;
  started_at: string | null;
  /**
   * released, accepted, loading, started, finished, rejected or recalled.
   */
  state: string;
  stops_open: number;
  stops_total: number;
  /**
   * The vehicle's name.
   */
  vehicle: string;
  vehicle_id: string;
  version: number;
}
/**
 * Positions by time; where there are `MOST_TRACED`, ask again with `after` the last one.
 */
export interface TraceOut {
  /**
   * Meters since the route's start, by positions; null: it was never heard.
   */
  driven_m: number | null;
  /**
   * @maxItems 20000
   */
  items: PositionOut[];
}
/**
 * Why a visit is where it is, or nowhere.
 */
export interface WhyOut {
  /**
   * Of a visit on a route: its best other place, null: none.
   */
  elsewhere: ElsewhereOut | null;
  /**
   * Of a visit on no route, by shift.
   *
   * @maxItems 1000
   */
  reasons: {
    [k: string]: unknown;
  }[];
  /**
   * What would let it in, the cheapest first.
   *
   * @maxItems 10
   */
  relaxations: RelaxationOut[];
  visit: string;
}
