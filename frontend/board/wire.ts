// What the board's API says, by the names that the board uses. The types are made from the API's own document.
import type {
  BoardBreach, BoardLeft, BoardLock, BoardOut, BoardPerson, BoardPlan, BoardReason, BoardRoute, BoardSearch, BoardShift, BoardStop,
  BoardRoutesOut, BoardTask, BoardWhere, ChangedRouteOut, ChangesOut, ComparedOut, DriverMessageOut, DriverOut, ForeseenOut, ForeseenRouteOut, HunkOut, OddsOut, PathOut, RelaxationOut,
  RevisionStepOut, RouteOut, SumsOut, TraceOut, WhyOut,
} from "../shared/generated/api.ts";

export type Span = [from: string, to: string];
export type WireBoard = BoardOut;
export type WireShift = BoardShift;
export type WireRoute = BoardRoute;
export type WireStop = BoardStop;
export type WireLeft = BoardLeft;
/** What the stops of a route and those on none have in common. */
export type WirePlace = Omit<BoardLeft, "reasons">;
export type WireTask = BoardTask;
export type WirePlan = BoardPlan;
export type WirePath = PathOut;
export type WirePerson = BoardPerson;
export type WireVehicle = BoardWhere;
/** Some routes on the road, read by themselves. */
export type WireRouteParts = BoardRoutesOut;
export type Reason = BoardReason;
export type Breach = BoardBreach;
export type Search = BoardSearch;
export type Held = BoardLock;
export type Sums = SumsOut;
export type Step = RevisionStepOut;
export type Hunk = HunkOut;
export type WireChangedRoute = ChangedRouteOut;
export type WireChange = Omit<ChangesOut, "edits" | "plan_id">;
export type Compared = Omit<ComparedOut, "edits" | "plan_id">;
/** What a change of routes on the road would come to. */
export type WireForeseen = ForeseenOut;
export type WireForeseenRoute = ForeseenRouteOut;
/** A route on the road by itself: by whom it is driven, since when, how far by the plan. */
export type WireOnRoad = RouteOut;
export type WireDriver = DriverOut;
/** What a driver was told. */
export type WireTold = DriverMessageOut;
/** Where a route was driven. */
export type WireTrace = TraceOut;
/** How sure a revision of a plan is. */
export type Odds = OddsOut;
export type Why = Pick<WhyOut, "elsewhere"> & { reasons: Reason[]; relaxations: Omit<RelaxationOut, "required" | "visit">[] };

/** One change that a dispatcher makes. */
export type Edit =
  | { op: "move"; visit: string; shift_id: string | null; position?: number }
  | { op: "place"; places: [visit: string, shift_id: string | null, position: number][] }
  | { op: "reorder"; shift_id: string; visits: string[] }
  | { op: "lock" | "unlock"; what: "driver" | "route" | "position"; shift_id?: string; visit?: string };
