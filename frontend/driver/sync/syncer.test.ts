import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, it } from "vitest";
import type { Offered } from "../kinds";
import { anOffer, aSheet, aStop, aTask } from "../town";
import { sha256 } from "../store/crypto";
import { type Database, openStore } from "../store/db";
import { doorOf, read, wipeSheet } from "../store/kept";
import { conflictsOf, keep, pending, waiting } from "../store/outbox";
import { resume, sealedHere, signIn, signOut, type Session } from "../store/session";
import { Refused, Unreachable } from "./api";
import { waitS } from "./backoff";
import { PIECE } from "./pictures";
import { round } from "./syncer";

/** A server in memory, as the doors behave; `cut` ends the connection after that many answers. */
class Server {
  sheet = aSheet();
  taken = new Map<string, string>();
  order: number[] = [];
  blobs = new Map<string, Uint8Array>();
  parts = new Map<string, Uint8Array>();
  cut = Infinity;
  loseAnswers = 0;
  poison = "";
  out = false;
  pieces = 0;
  offers: Offered[] = [];

  readonly ask = (async (address: string, options: RequestInit) => {
    if (this.cut-- <= 0) throw new TypeError("network");
    if (this.out) return this.say(401, { code: "auth.unauthenticated", detail: "", remedy: "" });
    const answer = await this.answer(new URL(address, "http://here"), options);
    if (this.loseAnswers-- > 0) throw new TypeError("the answer is lost");
    return answer;
  }) as typeof fetch;

  private async answer({ pathname, searchParams }: URL, { method, body }: RequestInit): Promise<Response> {
    if (pathname.endsWith("/claim")) {
      const { code } = JSON.parse(String(body)) as { code: string };
      if (code === "WRONG") return this.say(422, { code: "device.code_invalid", detail: "no", remedy: "" });
      return this.say(201, { token: `hsd_${code}` });
    }
    if (pathname.endsWith("/phone")) return this.say(200, this.phone());
    if (pathname.endsWith("/sync")) return this.sync(String(body));
    if (pathname.includes("/blobs/"))
      return this.blob(pathname.split("/").pop()!, method!, searchParams, body as ArrayBuffer);
    if (pathname.includes("/doors/")) {
      this.doors += 1;
      return new Response("a door");
    }
    return this.say(200, {});
  }

  doors = 0;
  driver = "driver-1";
  private phone() {
    const share = this.driver === "driver-1" ? "ab".repeat(32) : "cd".repeat(32);
    return {
      driver_id: this.driver,
      driver: "Mira",
      device_id: "d",
      organization: "Vans",
      dispatcher_phone: "",
      zone: "UTC",
      share,
    };
  }

  private sync(text: string): Response {
    const { intents } = JSON.parse(text) as { intents: { id: string; counter: number; kind: string }[] };
    if (intents.some((one) => one.id === this.poison))
      return this.say(422, { code: "request.invalid", detail: "no", remedy: "" });
    for (const one of intents) {
      if (!this.taken.has(one.id)) this.order.push(one.counter);
      this.taken.set(one.id, this.taken.get(one.id) ?? (one.kind === "skip" ? "late" : "applied"));
    }
    const outcomes = intents.map((one) => ({ id: one.id, outcome: this.taken.get(one.id), refusal: null }));
    const { route_id, version } = this.sheet;
    return this.say(200, {
      outcomes,
      now: "2026-11-23T10:00:00Z",
      route_id,
      route_version: version,
      sheet: this.sheet,
      tag: "t",
      offers: this.offers,
      again_s: this.offers.length > 0 ? 10 : null,
    });
  }

  private async blob(name: string, method: string, where: URLSearchParams, body: ArrayBuffer): Promise<Response> {
    const there = this.parts.get(name) ?? new Uint8Array();
    const whole = this.blobs.get(name);
    if (method === "GET")
      return this.say(200, { received: whole?.length ?? there.length, complete: whole !== undefined });
    if (method === "PUT") this.blobs.set(name, new Uint8Array(body));
    if (method === "PATCH") {
      this.pieces += 1;
      if (Number(where.get("start")) !== there.length)
        return this.say(409, { code: "blob.offset_conflict", detail: "", remedy: "" });
      const next = new Uint8Array([...there, ...new Uint8Array(body)]);
      this.parts.set(name, next);
      const complete = next.length === Number(where.get("total"));
      if (complete) this.blobs.set(name, next);
      return this.say(200, { received: next.length, complete });
    }
    return this.say(200, {});
  }

  private say(status: number, body: object): Response {
    const type = status >= 400 ? "application/problem+json" : "application/json";
    return new Response(JSON.stringify(body), { status, headers: { "Content-Type": type } });
  }
}

let db: Database;
let server: Server;
let session: Session;
const go = () => round(db, session.owner, session.api);
const note = (text: string) => ({ kind: "note" as const, body: { stop_id: "stop-1", text } });
const photo = async (size: number, fill = 7) => {
  const bytes = new Uint8Array(size).fill(fill).buffer;
  return { bytes, sha256: await sha256(bytes) };
};

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  db = await openStore();
  server = new Server();
  session = await signIn(db, "GOOD", server.ask);
});

describe("a round with the server", () => {
  it("keeps what the driver is offered, with how far ahead the server's clock is, and lets it go", async () => {
    server.offers = [anOffer()];
    const before = Date.now();
    await go();
    const said = await read(db, session.owner, "said");
    expect([said?.offers, said?.again_s]).toEqual([[anOffer()], 10]);
    expect(Date.parse("2026-11-23T10:00:00Z") - said!.ahead_ms!).toBeGreaterThanOrEqual(before);
    server.offers = [];
    await go();
    expect((await read(db, session.owner, "said"))?.offers).toEqual([]);
  });

  it("sends the taps in their order, in pages, and takes the sheet", async () => {
    for (let i = 0; i < 25; i++)
      await keep(
        db,
        session.owner,
        [1, 2, 3, 4, 5].map((n) => note(`${i} ${n}`)),
      );
    expect((await go()).empty).toBe(true);
    expect(server.order).toEqual(Array.from({ length: 125 }, (_, i) => i + 1));
    expect((await read(db, session.owner, "said"))?.sheet?.route_id).toBe("route-1");
  });

  it("loses nothing where the network breaks anywhere, and does nothing twice", async () => {
    const one = await photo(1000);
    await keep(db, session.owner, [note("a"), note("b")], [one]);
    for (let answers = 0; answers < 6; answers++) {
      server.cut = answers;
      await go().catch((error: unknown) => expect(error).toBeInstanceOf(Unreachable));
    }
    server.cut = Infinity;
    expect((await go()).empty).toBe(true);
    expect(server.order).toEqual([1, 2]);
    expect([...server.blobs.keys()]).toEqual([one.sha256]);
  });

  it("sends again what was taken when the answer was lost, and is answered as before", async () => {
    await keep(db, session.owner, [note("a")]);
    server.loseAnswers = 1;
    await expect(go()).rejects.toBeInstanceOf(Unreachable);
    expect((await waiting(db, "driver-1")).intents).toBe(1);
    await go();
    expect(server.order).toEqual([1]);
    expect((await waiting(db, "driver-1")).intents).toBe(0);
  });

  it("goes on with a large picture from the piece that arrived last", async () => {
    const large = await photo(PIECE * 3 + 5);
    await keep(db, session.owner, [note("a")], [large]);
    server.cut = 4; // sync, where it stands, two pieces
    await expect(go()).rejects.toBeInstanceOf(Unreachable);
    expect(server.pieces).toBe(2);
    server.cut = Infinity;
    expect((await go()).empty).toBe(true);
    expect(server.pieces).toBe(4);
    expect(await sha256(server.blobs.get(large.sha256)!.buffer as ArrayBuffer)).toBe(large.sha256);
  });

  it("does not let one tap that the server can't read hold up the others", async () => {
    const [, bad] = await keep(db, session.owner, [note("a"), note("bad"), note("c")]);
    server.poison = bad!.id;
    expect((await go()).conflicts).toBe(1);
    expect(server.order).toEqual([1, 3]);
    expect((await conflictsOf(db, session.owner))[0]).toMatchObject({
      outcome: "refused",
      refusal: { code: "request.invalid" },
    });
    expect(await pending(db, session.owner)).toEqual([]);
  });

  it("keeps what the server took otherwise until the driver has read it", async () => {
    server.sheet = aSheet([aStop(1, { state: "cancelled" })]);
    await keep(db, session.owner, [{ kind: "skip", body: { stop_id: "stop-1" } }]);
    await go();
    expect((await conflictsOf(db, session.owner))[0]).toMatchObject({ theirs: "cancelled", intent: { kind: "skip" } });
  });

  it("fetches the pictures of doors once, keeps them sealed, and lets them go with the shift", async () => {
    const door = { leave_with: "neighbor", leave_where: "", gate_code: "", photo: "/api/v1/driver/doors/order-1" };
    server.sheet = aSheet([aStop(1, { tasks: [aTask(1, { door })] })]);
    await go();
    await go();
    expect(server.doors).toBe(1);
    expect(new TextDecoder().decode((await doorOf(db, session.owner, "order-1"))!)).toBe("a door");
    await wipeSheet(db, session.owner, { day: "", stops: 1, completed: 1, failed: 0 });
    expect(await doorOf(db, session.owner, "order-1")).toBeNull();
  });

  it("says so when this phone was signed out by the office", async () => {
    server.out = true;
    await expect(go()).rejects.toSatisfy((error) => error instanceof Refused && error.status === 401);
  });
});

describe("a session", () => {
  it("goes on after a restart without a network", async () => {
    server.cut = 0;
    db.close();
    db = await openStore();
    expect((await resume(db, server.ask))?.owner.driver_id).toBe("driver-1");
  });

  it("keeps the token sealed", async () => {
    const row = (await db.getAll("drivers"))[0]!;
    expect(new TextDecoder("latin1").decode(row.token!.data)).not.toContain("hsd_");
  });

  it("does not begin with a wrong code", async () => {
    await expect(signIn(db, "WRONG", server.ask)).rejects.toBeInstanceOf(Refused);
  });

  it("leaves what waits sealed: another driver's sign-in can't send it, the same driver's does", async () => {
    await keep(db, session.owner, [note("mine")]);
    await signOut(db, session);
    expect(await resume(db, server.ask)).toBeNull();
    expect(await sealedHere(db)).toMatchObject({ intents: 1 });
    server.driver = "driver-2";
    session = await signIn(db, "OTHER", server.ask);
    await go();
    expect(server.order).toEqual([]);
    const theirs = { driver_id: "driver-1", key: session.owner.key };
    await expect(pending(db, theirs)).rejects.toThrow();
    await signOut(db, session);
    server.driver = "driver-1";
    session = await signIn(db, "AGAIN", server.ask);
    expect((await go()).empty).toBe(true);
    expect(server.order).toEqual([1]);
  });
});

describe("trying again", () => {
  it("waits twice as long each time, at most five minutes, and as long as the server asks", () => {
    expect([1, 2, 3, 12].map((failures) => waitS(failures, null, 1))).toEqual([2, 4, 8, 300]);
    expect(waitS(3, null, 0)).toBe(4);
    expect(waitS(1, 60, 0)).toBe(60);
  });
});
