// The route sheet and what else is read offline: sealed, replaced by each answer, gone at sign-out and shift end.
import type { Fix, Offered, Phone, Sheet } from "../kinds";
import { open, openBytes, seal, sealBytes } from "./crypto";
import { type Database, ofDriver, strictly } from "./db";
import type { Owner } from "./outbox";

/** What the server said last. `sheet` null: there is no live route. */
export interface Said {
  sheet: Sheet | null;
  tag: string | null;
  at: string;
  /** What may be answered still; what an older app has kept has none. */
  offers?: Offered[];
  again_s?: number | null;
  /** Milliseconds by which the server's clock is ahead of the phone's, at least. */
  ahead_ms?: number;
}

/** What stays to be seen of a shift that is over: numbers, no names. */
export interface Over {
  day: string;
  stops: number;
  completed: number;
  failed: number;
}

interface Names {
  said: Said;
  phone: Phone;
  over: Over;
}

const MOST_FIXES = 5_000; // some ten hours of driving without a network
const about = (owner: Owner, name: string): string => `kept ${owner.driver_id} ${name}`;

export async function write<Name extends keyof Names>(
  db: Database,
  owner: Owner,
  name: Name,
  value: Names[Name],
): Promise<void> {
  await db.put("kept", { driver_id: owner.driver_id, name, sealed: await seal(owner.key, about(owner, name), value) });
}

export async function read<Name extends keyof Names>(
  db: Database,
  owner: Owner,
  name: Name,
): Promise<Names[Name] | null> {
  const row = await db.get("kept", [owner.driver_id, name]);
  return row ? open<Names[Name]>(owner.key, about(owner, name), row.sealed) : null;
}

const DOOR = "door ";

/** A picture of a recipient's door, to be seen there without a network. */
export async function keepDoor(db: Database, owner: Owner, order_id: string, bytes: ArrayBuffer): Promise<void> {
  const name = DOOR + order_id;
  const sealed = await sealBytes(owner.key, about(owner, name), bytes);
  await db.put("kept", { driver_id: owner.driver_id, name, sealed });
}

export async function doorOf(db: Database, owner: Owner, order_id: string): Promise<ArrayBuffer | null> {
  const row = await db.get("kept", [owner.driver_id, DOOR + order_id]);
  return row ? openBytes(owner.key, about(owner, row.name), row.sealed) : null;
}

/** Orders whose door is kept. */
export async function doorsKept(db: Database, driver_id: string): Promise<Set<string>> {
  const keys = await db.getAllKeys("kept", ofDriver(driver_id));
  return new Set(keys.filter(([, name]) => name.startsWith(DOOR)).map(([, name]) => name.slice(DOOR.length)));
}

/** The shift is over: the sheet goes, its numbers stay. */
export async function wipeSheet(db: Database, owner: Owner, over: Over): Promise<void> {
  const sealed = await seal(owner.key, about(owner, "over"), over);
  const tx = strictly(db, ["kept"]);
  const kept = tx.objectStore("kept");
  const gone = kept.delete([owner.driver_id, "said"]);
  const doors = kept.delete(IDBKeyRange.bound([owner.driver_id, DOOR], [owner.driver_id, `${DOOR}\uffff`]));
  const there = kept.put({ driver_id: owner.driver_id, name: "over", sealed });
  await Promise.all([gone, doors, there, tx.done]);
}

/** Nothing of a driver can be read any more on this phone: what waits stays, sealed; all else and the key go. */
export async function lock(db: Database, driver_id: string): Promise<void> {
  const tx = strictly(db, ["drivers", "kept", "outbox", "pictures", "conflicts", "tracks"]);
  const drivers = tx.objectStore("drivers");
  const row = await drivers.get(driver_id);
  const writes: Promise<unknown>[] = [tx.objectStore("kept").delete(ofDriver(driver_id))];
  writes.push(tx.objectStore("tracks").clear());
  const range = IDBKeyRange.bound([driver_id, 0], [driver_id, Infinity]);
  const left =
    (await tx.objectStore("outbox").index("order").count(range)) +
    (await tx.objectStore("pictures").count(ofDriver(driver_id))) +
    (await tx.objectStore("conflicts").count(ofDriver(driver_id)));
  if (left === 0) writes.push(drivers.delete(driver_id));
  else if (row) writes.push(drivers.put({ driver_id, salt: row.salt }));
  await Promise.all([...writes, tx.done]);
}

/** A position, kept without the cost of a strict commit: one that is lost is followed by the next. */
export async function keepFix(db: Database, owner: Owner, fix: Fix): Promise<void> {
  const sealed = await seal(owner.key, about(owner, "fix"), fix);
  const tx = db.transaction("tracks", "readwrite", { durability: "relaxed" });
  if ((await tx.store.count()) >= MOST_FIXES) {
    const oldest = await tx.store.openCursor();
    await oldest?.delete();
  }
  await Promise.all([tx.store.add({ driver_id: owner.driver_id, sealed }), tx.done]);
}

/** The oldest positions that wait, with the keys to drop them by. */
export async function fixes(db: Database, owner: Owner, most: number): Promise<{ keys: number[]; fixes: Fix[] }> {
  const tx = db.transaction("tracks");
  const [keys, rows] = await Promise.all([tx.store.getAllKeys(null, most), tx.store.getAll(null, most)]);
  const mine = rows.map((row, i) => ({ row, key: keys[i]! })).filter(({ row }) => row.driver_id === owner.driver_id);
  const opened = mine.map(({ row }) => open<Fix>(owner.key, about(owner, "fix"), row.sealed));
  return { keys: mine.map(({ key }) => key), fixes: await Promise.all(opened) };
}

export async function dropFixes(db: Database, keys: number[]): Promise<void> {
  const tx = db.transaction("tracks", "readwrite", { durability: "relaxed" });
  await Promise.all([...keys.map((key) => tx.store.delete(key)), tx.done]);
}
