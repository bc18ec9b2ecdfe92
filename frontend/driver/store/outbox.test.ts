import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { aSheet } from "../town";
import { deriveKey, newSalt, open, seal, sha256 } from "./crypto";
import { type Database, openStore } from "./db";
import { dropFixes, fixes, keepFix, lock, read, wipeSheet, write } from "./kept";
import { bytesOf, conflictsOf, dismiss, keep, type Owner, pending, picturesOf, settle, waiting } from "./outbox";

const SHARE = "ab".repeat(32);
let db: Database;
let owner: Owner;

const anOwner = async (driver_id: string, share = SHARE): Promise<Owner> => ({
  driver_id,
  key: await deriveKey(share, newSalt()),
});
const picture = async (text: string) => {
  const bytes = new TextEncoder().encode(text).buffer as ArrayBuffer;
  return { bytes, sha256: await sha256(bytes) };
};
const tap = (n: number) => ({ kind: "note" as const, body: { stop_id: "stop-1", text: `secret ${n}` } });

/** All that lies in the database, as whoever holds the phone could read it. */
async function dump(): Promise<string> {
  const found: unknown[] = [];
  for (const name of db.objectStoreNames) found.push(...(await db.getAll(name)));
  const text = (value: unknown): string => {
    if (value instanceof ArrayBuffer) return new TextDecoder("latin1").decode(value);
    if (ArrayBuffer.isView(value)) return "";
    if (value && typeof value === "object") return Object.values(value).map(text).join(" ");
    return String(value);
  };
  return found.map(text).join("\n");
}

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  db = await openStore();
  owner = await anOwner("driver-1");
});

describe("the seal", () => {
  it("opens what it closed, and nothing that was put in another's place", async () => {
    const sealed = await seal(owner.key, "kept driver-1 said", { name: "Rosa" });
    expect(await open(owner.key, "kept driver-1 said", sealed)).toEqual({ name: "Rosa" });
    await expect(open(owner.key, "kept driver-1 phone", sealed)).rejects.toThrow();
  });

  it("has a key that no script can read out", async () => {
    await expect(crypto.subtle.exportKey("raw", owner.key)).rejects.toThrow();
    expect(owner.key.extractable).toBe(false);
  });

  it("is another one for another driver, and the same for the same one", async () => {
    const salt = newSalt();
    const [mine, again, other] = await Promise.all(
      [SHARE, SHARE, "cd".repeat(32)].map((share) => deriveKey(share, salt)),
    );
    const sealed = await seal(mine!, "x", "mine");
    expect(await open(again!, "x", sealed)).toBe("mine");
    await expect(open(other!, "x", sealed)).rejects.toThrow();
  });
});

describe("the outbox", () => {
  it("keeps taps in a strict transaction, and is done only when that has completed", async () => {
    const begun = vi.spyOn(IDBDatabase.prototype, "transaction");
    await keep(db, owner, [tap(1)]);
    const writes = begun.mock.calls.filter(([, mode]) => mode === "readwrite");
    expect(writes).toHaveLength(1);
    expect(writes[0]![2]).toEqual({ durability: "strict" });
    expect((await waiting(db, "driver-1")).intents).toBe(1);
    begun.mockRestore();
  });

  it("counts on for each tap, also over a restart and among drivers", async () => {
    await keep(db, owner, [tap(1), tap(2)]);
    db.close();
    db = await openStore();
    await keep(db, await anOwner("driver-2"), [tap(3)]);
    await keep(db, owner, [tap(4)]);
    expect((await pending(db, owner)).map((one) => one.counter)).toEqual([1, 2, 4]);
    expect((await pending(db, owner)).map((one) => one.body.text)).toEqual(["secret 1", "secret 2", "secret 4"]);
  });

  it("gives each tap a UUIDv7 of its own and the device's time", async () => {
    const at = new Date("2026-11-23T09:00:00Z");
    const kept = await keep(db, owner, [tap(1), tap(2)], [], at);
    expect(new Set(kept.map((one) => one.id)).size).toBe(2);
    for (const one of kept) {
      expect(one.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(parseInt(one.id.replaceAll("-", "").slice(0, 12), 16)).toBe(at.getTime());
      expect(one.at).toBe("2026-11-23T09:00:00.000Z");
    }
  });

  it("keeps all or nothing: where a picture finds no room the taps are not there either", async () => {
    const put = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
      throw new DOMException("full", "QuotaExceededError");
    });
    await expect(keep(db, owner, [tap(1)], [await picture("photo")])).rejects.toThrow("full");
    put.mockRestore();
    expect(await waiting(db, "driver-1")).toEqual({ intents: 0, pictures: 0, bytes: 0 });
  });

  it("holds nothing that can be read without the key", async () => {
    await keep(db, owner, [tap(1)], [await picture("a face")]);
    await write(db, owner, "said", { sheet: aSheet(), tag: "t", at: "" });
    await keepFix(db, owner, { lat: 49.61234, lon: 6.1, at: "", accuracy_m: 1, speed_mh: 1, bearing_deg: 1 });
    const lying = await dump();
    for (const word of ["secret", "a face", "Rosa", "Mill Lane", "49.61234"]) expect(lying).not.toContain(word);
  });

  it("gives a picture back as it was kept", async () => {
    const photo = await picture("a face");
    await keep(db, owner, [tap(1)], [photo]);
    const [row] = await picturesOf(db, owner);
    expect(await sha256(await bytesOf(owner, row!))).toBe(photo.sha256);
  });

  it("lets go of what was answered and keeps the conflict, in one step", async () => {
    const [first, second] = await keep(db, owner, [tap(1), tap(2)]);
    const conflict = { intent: first!, outcome: "late" as const, refusal: null, label: "1", theirs: null };
    await settle(db, owner, [first!.id], [conflict]);
    expect((await pending(db, owner)).map((one) => one.id)).toEqual([second!.id]);
    expect(await conflictsOf(db, owner)).toEqual([conflict]);
    await dismiss(db, owner, first!.id);
    expect(await conflictsOf(db, owner)).toEqual([]);
  });
});

describe("what is wiped", () => {
  it("is all but the outbox and the salt when a driver signs out with something waiting", async () => {
    await db.put("drivers", { driver_id: "driver-1", salt: newSalt(), key: owner.key });
    await keep(db, owner, [tap(1)], [await picture("a face")]);
    await write(db, owner, "said", { sheet: aSheet(), tag: "t", at: "" });
    await lock(db, "driver-1");
    expect(await db.getAll("kept")).toEqual([]);
    expect(Object.keys((await db.get("drivers", "driver-1"))!).sort()).toEqual(["driver_id", "salt"]);
    expect(await waiting(db, "driver-1")).toMatchObject({ intents: 1, pictures: 1 });
  });

  it("is everything when nothing waits", async () => {
    await db.put("drivers", { driver_id: "driver-1", salt: newSalt(), key: owner.key });
    await write(db, owner, "said", { sheet: aSheet(), tag: "t", at: "" });
    await lock(db, "driver-1");
    for (const name of ["drivers", "kept", "outbox", "pictures", "conflicts", "tracks"] as const)
      expect([name, await db.count(name)]).toEqual([name, 0]);
  });

  it("is the sheet at the end of the shift; its numbers stay", async () => {
    await write(db, owner, "said", { sheet: aSheet(), tag: "t", at: "" });
    await wipeSheet(db, owner, { day: "2026-11-23", stops: 3, completed: 2, failed: 1 });
    expect(await read(db, owner, "said")).toBeNull();
    expect((await read(db, owner, "over"))?.completed).toBe(2);
  });
});

describe("the way driven", () => {
  it("waits in order and goes when it was sent", async () => {
    for (let i = 0; i < 3; i++)
      await keepFix(db, owner, { lat: i, lon: 6, at: `${i}`, accuracy_m: null, speed_mh: null, bearing_deg: null });
    const first = await fixes(db, owner, 2);
    expect(first.fixes.map((fix) => fix.lat)).toEqual([0, 1]);
    await dropFixes(db, first.keys);
    expect((await fixes(db, owner, 2)).fixes.map((fix) => fix.lat)).toEqual([2]);
  });
});
