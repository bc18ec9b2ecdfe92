import { describe, expect, it } from "vitest";
import type { Outcome } from "../kinds";
import { anIntent, aSheet, aStop, aTask } from "../town";
import { conflictsIn } from "./conflicts";
import { everyS, isThere, meters, worth } from "./geo";
import { target, textTo, ways } from "./links";
import { doneTaps, EMPTY, failedTaps, lacks, needs } from "./needs";

const fix = (at: string, changes: object = {}) => ({
  lat: 49.6,
  lon: 6.1,
  at,
  accuracy_m: 10,
  speed_mh: 50_000,
  bearing_deg: 0,
  ...changes,
});

describe("what a stop asks for", () => {
  const stop = aStop(1, {
    tasks: [
      aTask(1, { proof_required: ["photo", "scan"], pin_required: true }),
      aTask(2, { proof_required: ["signature", "name"], order_id: "order-1", pin_required: true }),
    ],
  });

  it("is what its tasks ask together; an order's PIN is asked for once", () => {
    const found = needs(stop);
    expect([found.photo, found.signature, found.name]).toEqual([true, true, true]);
    expect(found.pins.map((task) => task.task_id)).toEqual(["task-1"]);
    expect(found.scan.map((one) => one.package_id)).toEqual(["package-1"]);
  });

  it("is said one by one until all is there", () => {
    expect(lacks(stop, EMPTY)).toEqual(["pin", "scan", "photo", "signature", "name"]);
    const capture = { ...EMPTY, pins: { "task-1": "4711" }, scanned: new Set(["package-1"]), photos: ["aa"] };
    expect(lacks(stop, { ...capture, signature: "bb", name: " Rosa " })).toEqual([]);
    expect(lacks(stop, { ...capture, left_out: { "task-2": "refused" } })).toEqual([]);
    expect(lacks(stop, { ...capture, left_out: { "task-1": "refused", "task-2": "refused" } })).toContain(
      "nothing_done",
    );
  });

  it("becomes taps: proofs, packages, and the outcome last", () => {
    const capture = {
      ...EMPTY,
      pins: { "task-1": " 4711 " },
      scanned: new Set(["package-1"]),
      photos: ["aa"],
      signature: "bb",
      name: "Rosa",
    };
    const taps = doneTaps("route-1", stop, capture, { lat: 49.6, lon: 6.1 });
    expect(taps.map((tap) => tap.body.proof ?? tap.body.what ?? tap.kind)).toEqual([
      ...["pin", "photo", "signature", "name", "scan"],
      ...["deliver", "deliver", "complete"],
    ]);
    expect(taps[0]!.body.text).toBe("4711");
    expect(taps.at(-1)!.body).toMatchObject({ stop_id: "stop-1", left_with: "recipient", lat: 49.6 });
  });

  it("is partial where a package is missing or a task is left out", () => {
    const one = aStop(1);
    const missing = doneTaps("route-1", one, { ...EMPTY, missing: new Set(["package-1"]) });
    expect(missing.at(-1)).toMatchObject({
      kind: "partial",
      body: { tasks: [{ state: "partial", reason: "item_missing" }] },
    });
    expect(missing[0]!.body.what).toBe("missing");
    const left = doneTaps("route-1", stop, { ...EMPTY, left_out: { "task-2": "refused" } }).at(-1)!;
    expect(left.body).toMatchObject({
      reason: "refused",
      tasks: [{ task_id: "task-2", state: "failed", reason: "refused" }],
    });
    const alone = doneTaps("route-1", one, { ...EMPTY, left_out: { "task-1": "refused" } }).at(-1)!;
    expect(alone.body.tasks).toEqual([{ task_id: "task-1", state: "partial", reason: "refused" }]);
    expect(lacks(one, { ...EMPTY, left_out: { "task-1": "refused" } })).toEqual([]);
  });

  it("is collected where the task collects, and nothing moves where it failed", () => {
    const collect = aStop(1, { tasks: [aTask(1, { kind: "collect" })] });
    expect(doneTaps("route-1", collect, EMPTY)[0]!.body.what).toBe("collect");
    const failed = failedTaps(aStop(1), "recipient_absent", { ...EMPTY, photos: ["aa"] });
    expect(failed.map((tap) => tap.kind)).toEqual(["proof", "fail"]);
  });
});

describe("which answers a driver must read", () => {
  const late = (id: string): Outcome => ({
    id,
    outcome: "late",
    refusal: { code: "stop.not_open", cause: "", remedy: "" },
  });

  it("are those where the server has another outcome", () => {
    const tap = anIntent("complete", { stop_id: "stop-1" });
    const other = aSheet([aStop(1, { state: "cancelled" })]);
    const [found] = conflictsIn([tap], [late(tap.id)], other);
    expect(found).toMatchObject({
      theirs: "cancelled",
      outcome: "late",
      label: "1 · Mill Lane 1",
      intent: { kind: "complete" },
    });
    const same = aSheet([aStop(1, { state: "completed" })]);
    expect(conflictsIn([tap], [late(tap.id)], same)).toEqual([]);
  });

  it("are not the steps that the geofence had seen before, but those at a stop that was taken off", () => {
    const tap = anIntent("arrive", { stop_id: "stop-1" });
    expect(conflictsIn([tap], [late(tap.id)], aSheet([aStop(1, { state: "arrived" })]))).toEqual([]);
    expect(conflictsIn([tap], [late(tap.id)], aSheet([aStop(1, { state: "cancelled" })]))).toHaveLength(1);
  });

  it("are all that was refused, also where the stop is on no sheet any more; a PIN is not kept", () => {
    const tap = anIntent("proof", { stop_id: "stop-9", proof: "pin", text: "4711" });
    const no: Outcome = {
      id: tap.id,
      outcome: "refused",
      refusal: { code: "proof.pin_wrong", cause: "no", remedy: "" },
    };
    const [found] = conflictsIn([tap], [no], null);
    expect(found).toMatchObject({ theirs: null, intent: { body: { text: "" } } });
  });
});

describe("positions", () => {
  it("are measured in meters", () => {
    expect(Math.round(meters({ lat: 49.6, lon: 6.1 }, { lat: 49.601, lon: 6.1 }))).toBe(111);
  });

  it("propose an arrival near the place, and not where the reading is bad", () => {
    expect(isThere(fix("", { lat: 49.6007 }), { lat: 49.6, lon: 6.1 })).toBe(true);
    expect(isThere(fix("", { lat: 49.603 }), { lat: 49.6, lon: 6.1 })).toBe(false);
    expect(isThere(fix("", { accuracy_m: 400 }), { lat: 49.6, lon: 6.1 })).toBe(false);
  });

  it("are kept the more often the faster one drives, and at a turn", () => {
    expect([0, 12_000, 50_000, 110_000].map(everyS)).toEqual([60, 15, 10, 8]);
    const last = fix("2026-11-23T09:00:00Z");
    expect(worth(fix("2026-11-23T09:00:05Z"), last)).toBe(false);
    expect(worth(fix("2026-11-23T09:00:10Z"), last)).toBe(true);
    expect(worth(fix("2026-11-23T09:00:05Z", { bearing_deg: 80, lat: 49.6005 }), last)).toBe(true);
    expect(worth(fix("2026-11-23T09:00:30Z", { accuracy_m: 900 }), last)).toBe(false);
  });
});

describe("the way there", () => {
  const place = { ...aStop(1).place, address: "Mill Lane 1 & 2", parking: { lat: 49.5, lon: 6.2 } };

  it("leads to the parking spot, by the phone's maps first", () => {
    expect(target(place)).toEqual({ lat: 49.5, lon: 6.2 });
    expect(ways(place, false)[0]!.href).toBe("geo:49.5,6.2?q=49.5,6.2(Mill%20Lane%201%20%26%202)");
    expect(ways(place, true).map((way) => way.name)).toEqual(["apple", "google", "waze"]);
  });

  it("goes by the address where there is no pin", () => {
    const blind = { ...place, parking: null, lat: null, lon: null };
    for (const { href } of ways(blind, false)) expect(href).toContain("Mill%20Lane%201%20%26%202");
    expect(textTo("+3521", "a b")).toBe("sms:+3521?body=a%20b");
  });
});
