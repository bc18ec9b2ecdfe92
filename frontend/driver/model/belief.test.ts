import { describe, expect, it } from "vitest";
import { anIntent, aSheet, aStop, aTask } from "../town";
import { believe, counts, nextStop } from "./belief";
import { balance, find, lines, onBoard, scanTap, toLoad } from "./packages";

const at = (sheet: ReturnType<typeof aSheet>): string[] => sheet.stops.map((stop) => stop.state);

describe("what the phone believes", () => {
  it("puts the taps on top of the sheet, and leaves the sheet as it was", () => {
    const sheet = aSheet();
    const taps = [anIntent("set_out", { stop_id: "stop-1" }), anIntent("complete", { stop_id: "stop-1" })];
    expect(at(believe(sheet, taps))).toEqual(["completed", "planned", "planned"]);
    expect(at(sheet)).toEqual(["planned", "planned", "planned"]);
  });

  it("lets an outcome stand whatever is tapped after it", () => {
    const sheet = aSheet([aStop(1, { state: "cancelled" })]);
    expect(at(believe(sheet, [anIntent("complete", { stop_id: "stop-1" })]))).toEqual(["cancelled"]);
  });

  it("puts off the stop that was under way when another is driven to", () => {
    const taps = [anIntent("set_out", { stop_id: "stop-1" }), anIntent("set_out", { stop_id: "stop-2" })];
    expect(at(believe(aSheet(), taps))).toEqual(["skipped", "en_route", "planned"]);
  });

  it("starts a route whose start tap is missing", () => {
    const sheet = aSheet(undefined, { state: "released" });
    expect(believe(sheet, [anIntent("arrive", { stop_id: "stop-1" })]).state).toBe("started");
  });

  it("has nothing to read any more once the driver said so, but what was changed after that", () => {
    const changed = { version: 4, at: "2026-11-23T08:00:00Z", added: ["stop-2"], gone: [], moved: [], retimed: [] };
    const sheet = aSheet(undefined, { changed });
    const read = (version: number) => anIntent("read_route", { route_id: sheet.route_id, version });
    expect(believe(sheet, [read(4)]).changed).toBeNull();
    expect(believe(sheet, [read(3)]).changed).toEqual(changed);
  });

  it("takes nothing from another route's taps", () => {
    const taps = [anIntent("finish_route", { route_id: "other" }), anIntent("arrive", { stop_id: "stop-9" })];
    expect(believe(aSheet(), taps)).toEqual(aSheet());
  });

  it("goes to the stop under way, then in order, then to those put off", () => {
    const sheet = aSheet([aStop(1, { state: "skipped" }), aStop(2), aStop(3, { state: "arrived" })]);
    expect(nextStop(sheet)?.stop_id).toBe("stop-3");
    const later = believe(sheet, [anIntent("fail", { stop_id: "stop-3" })]);
    expect(nextStop(later)?.stop_id).toBe("stop-2");
    expect(nextStop(believe(later, [anIntent("complete", { stop_id: "stop-2" })]))?.stop_id).toBe("stop-1");
    expect(counts(later)).toEqual({ all: 3, ended: 1, completed: 0, failed: 1 });
  });
});

describe("the packages of a route", () => {
  const fresh = (): ReturnType<typeof aSheet> => {
    const task = (n: number) => aTask(n, { packages: [{ package_id: `p${n}`, barcode: `HS${n}`, state: "expected" }] });
    return aSheet([
      aStop(1, { tasks: [task(1)] }),
      aStop(2, { tasks: [{ ...task(2), kind: "collect" }] }),
      aStop(3, { tasks: [task(3)] }),
    ]);
  };
  const scan = (sheet: ReturnType<typeof aSheet>, n: number, what: string) => {
    const { kind, body } = scanTap(sheet, lines(sheet)[n - 1]!.one, what);
    return anIntent(kind, body);
  };

  it("are loaded from the last stop to the first, without those that are collected on the way", () => {
    expect(toLoad(fresh()).map(({ one }) => one.barcode)).toEqual(["HS3", "HS1"]);
  });

  it("are found by their code, whatever its case, and known again", () => {
    const sheet = fresh();
    expect(find(toLoad(sheet), " hs1 ", "on_board")).toMatchObject({ again: false });
    const loaded = believe(sheet, [scan(sheet, 1, "load")]);
    expect(find(toLoad(loaded), "HS1", "on_board")).toMatchObject({ again: true });
    expect(find(toLoad(loaded), "nothing", "on_board")).toBeNull();
  });

  it("are in balance once each one on board is said to be somewhere", () => {
    const sheet = fresh();
    const day = [scan(sheet, 1, "load"), scan(sheet, 3, "load"), scan(sheet, 2, "collect"), scan(sheet, 1, "deliver")];
    const evening = believe(sheet, day);
    expect(balance(evening)).toEqual({ came: 3, delivered: 1, returned: 0, missing: 0, on_board: 2, holds: false });
    expect(onBoard(evening).map(({ one }) => one.barcode)).toEqual(["HS2", "HS3"]);
    const back = believe(evening, [scan(sheet, 2, "return"), scan(sheet, 3, "missing")]);
    expect(balance(back)).toEqual({ came: 3, delivered: 1, returned: 1, missing: 1, on_board: 0, holds: true });
  });
});
