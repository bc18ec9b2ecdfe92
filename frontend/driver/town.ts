// An invented route, for the tests.
import type { Intent, Offered, Sheet, Stop, Tap, Task } from "./kinds";

export function aTask(number: number, changes: Partial<Task> = {}): Task {
  return {
    task_id: `task-${number}`,
    order_id: `order-${number}`,
    order_external_id: `A-${number}`,
    kind: "deliver",
    open: true,
    outcome: "",
    instructions: "",
    door: null,
    pin_required: false,
    proof_required: [],
    merchant: null,
    recipient: { name: `Rosa ${number}`, phone: "+352621000001", language: "en" },
    promise: null,
    items: [],
    packages: [{ package_id: `package-${number}`, barcode: `HS${number}`, state: "on_board" }],
    ...changes,
  };
}

export function aStop(number: number, changes: Partial<Stop> = {}): Stop {
  return {
    stop_id: `stop-${number}`,
    position: number * 10,
    state: "planned",
    place: {
      place_id: `place-${number}`,
      address: `Mill Lane ${number}`,
      label: "",
      lat: 49.6 + number / 1000,
      lon: 6.1,
      access_notes: "",
      entrance: null,
      parking: null,
      parking_notes: "",
    },
    planned_arrive: "2026-11-23T08:00:00Z",
    planned_leave: "2026-11-23T08:03:00Z",
    service_s: 180,
    windows: [],
    tasks: [aTask(number)],
    ...changes,
  };
}

export function aSheet(stops: Stop[] = [aStop(1), aStop(2), aStop(3)], changes: Partial<Sheet> = {}): Sheet {
  const depot = { ...aStop(0).place, name: "Depot", zone: "Europe/Luxembourg" };
  return {
    route_id: "route-1",
    version: 4,
    state: "started",
    day: "2026-11-23",
    planned_start: "2026-11-23T07:00:00Z",
    planned_end: "2026-11-23T16:00:00Z",
    on_break: false,
    dispatcher_phone: "",
    vehicle: { id: "vehicle-1", name: "Van 1", plate: "" },
    start_depot: depot,
    end_depot: depot,
    stops,
    messages: [],
    reasons: ["recipient_absent", "refused", "item_missing"],
    left_with: ["recipient", "neighbor"],
    ...changes,
  };
}

export const anOffer = (changes: Partial<Offered> = {}): Offered => ({
  offer_id: "offer-1",
  deadline: "2026-11-23T09:00:45Z",
  arrive: "2026-11-23T09:20:00Z",
  position: 1,
  minutes: 6,
  meters: 2400,
  pieces: 1,
  later: 0,
  places: [{ kind: "collect", label: "Bakery", address: "Mill Lane 6, Town", lat: 49.6, lon: 6.1 }],
  ...changes,
});

let counted = 0;

export const anIntent = (kind: Tap["kind"], body: Tap["body"]): Intent => ({
  id: `intent-${++counted}`,
  kind,
  body,
  counter: counted,
  at: "2026-11-23T09:00:00Z",
});
