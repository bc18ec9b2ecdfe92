// What the server says and what the phone says, as `/api/v1/driver` has it.

export type StopState =
  "planned" | "en_route" | "arrived" | "completed" | "partial" | "failed" | "skipped" | "cancelled";
export type RouteState = "released" | "accepted" | "loading" | "started" | "finished" | "rejected" | "recalled";
export type PackageState = "expected" | "on_board" | "delivered" | "returned" | "handed_over" | "missing";
export type ProofKind = "photo" | "signature" | "name" | "scan";

export interface Point {
  lat: number;
  lon: number;
}

export interface Span {
  start: string;
  end: string;
}

export interface Place {
  place_id: string;
  address: string;
  label: string;
  lat: number | null;
  lon: number | null;
  access_notes: string;
  entrance: Point | null;
  parking: Point | null;
  parking_notes: string;
  gate_code?: string;
}

export interface Package {
  package_id: string;
  barcode: string;
  state: PackageState;
}

/** What the recipient said of the own door; `photo` is an address of the API. */
export interface Door {
  leave_with: string;
  leave_where: string;
  gate_code: string;
  photo: string | null;
}

/** What the office wrote to this driver; about one stop, where it names one. */
export interface Said {
  id: string;
  stop_id: string | null;
  text: string;
  /** Goods to be taken up at the stop, from a vehicle or (""), a depot: said in the language of the app. */
  take_over?: { pieces: number; stops: number; vehicle: string } | null;
  at: string;
}

export interface Task {
  task_id: string;
  order_id: string;
  order_external_id: string | null;
  kind: "deliver" | "collect" | "service";
  open: boolean;
  outcome: string;
  instructions: string;
  door: Door | null;
  pin_required: boolean;
  proof_required: ProofKind[];
  merchant: string | null;
  recipient: { name: string; phone: string; language: string };
  promise: Span | null;
  items: { name: string; quantity: number }[];
  packages: Package[];
}

export interface Stop {
  stop_id: string;
  position: number;
  state: StopState;
  place: Place;
  planned_arrive: string;
  planned_leave: string;
  service_s: number;
  /** Since when positions say that the driver has left without telling what became of it. */
  seems_left_at?: string | null;
  windows: Span[];
  tasks: Task[];
}

export interface Depot extends Place {
  name: string;
  zone: string;
}

/** What of the route the driver has not said to have read: ids of stops. */
export interface Changed {
  version: number;
  at: string;
  added: string[];
  gone: string[];
  moved: string[];
  retimed: { stop_id: string; was: string }[];
}

export interface Sheet {
  route_id: string;
  version: number;
  state: RouteState;
  day: string;
  planned_start: string;
  planned_end: string;
  on_break: boolean;
  dispatcher_phone: string;
  changed?: Changed | null;
  vehicle: { id: string; name: string; plate: string };
  start_depot: Depot;
  end_depot: Depot;
  stops: Stop[];
  messages: Said[];
  reasons: string[];
  left_with: string[];
}

export type IntentKind =
  | "accept_route"
  | "read_route"
  | "reject_route"
  | "start_loading"
  | "start_route"
  | "finish_route"
  | "break_start"
  | "break_end"
  | "scan"
  | "set_out"
  | "arrive"
  | "complete"
  | "partial"
  | "fail"
  | "skip"
  | "note"
  | "proof"
  | "accept_offer"
  | "decline_offer";

/** What a tap says beside its kind; the server names the fields. */
export type Body = Record<string, unknown>;

/** A tap before it is kept. */
export interface Tap {
  kind: IntentKind;
  body: Body;
}

/** A tap that is kept: its id is minted here, `counter` rises with each tap on this phone, `at` is the phone's clock. */
export interface Intent extends Tap {
  id: string;
  counter: number;
  at: string;
}

export interface Refusal {
  code: string;
  cause: string;
  remedy: string;
  field?: string | null;
}

export interface Outcome {
  id: string;
  outcome: "applied" | "late" | "refused";
  refusal: Refusal | null;
}

export interface Answer {
  outcomes: Outcome[];
  now: string;
  route_id: string | null;
  route_version: number | null;
  sheet: Sheet | null;
  tag: string | null;
  offers: Offered[];
  /** Seconds after which to look again, where something may be offered. */
  again_s: number | null;
}

/** An order that can't wait: this driver may take it until the deadline, by the server's clock. */
export interface Offered {
  offer_id: string;
  deadline: string;
  arrive: string;
  /** Stops that would come before it. */
  position: number;
  minutes: number;
  meters: number;
  pieces: number;
  /** Recipients who would be reached later than they were told. */
  later: number;
  places: { kind: Task["kind"]; label: string; address: string; lat: number; lon: number }[];
}

/** A picture: its bytes are those whose SHA-256 its proof declares. */
export interface Picture {
  sha256: string;
  bytes: ArrayBuffer;
}

/** One reading of the position, as `/live/positions` takes it. */
export interface Fix {
  lat: number;
  lon: number;
  at: string;
  accuracy_m: number | null;
  speed_mh: number | null;
  bearing_deg: number | null;
}

/** A tap that the server did not take as it was meant, beside what the server has instead. */
export interface Conflict {
  intent: Intent;
  outcome: "late" | "refused";
  refusal: Refusal | null;
  label: string;
  theirs: StopState | RouteState | null;
}

export interface Phone {
  driver_id: string;
  driver: string;
  device_id: string;
  organization: string;
  dispatcher_phone: string;
  zone: string;
}
