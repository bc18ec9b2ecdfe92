// What was tapped and photographed, until the server has it. `keep` is the one way in, `settle` and `dropPicture` the
// ways out: nothing leaves before the server has answered for it.
import type { Conflict, Intent, Picture, Tap } from "../kinds";
import { uuid7 } from "../ids";
import { open, openBytes, seal, sealBytes } from "./crypto";
import { type Database, ofDriver, type PictureRow, strictly } from "./db";

/** Whose rows, and what they are sealed with. */
export interface Owner {
  driver_id: string;
  key: CryptoKey;
}

export interface Waiting {
  intents: number;
  pictures: number;
  bytes: number;
}

/** Rests with the intent in its sealed row; the counter stands beside it, for it is given inside the transaction. */
type Bare = Omit<Intent, "counter">;

const about = (kind: string, owner: Owner, name: string): string => `${kind} ${owner.driver_id} ${name}`;

/**
 * Keep taps, in their order, and their pictures, all or none. When this returns they are safe on this phone: the
 * transaction was asked to be strict, and has completed. Throws QuotaExceededError where there is no room.
 */
export async function keep(
  db: Database,
  owner: Owner,
  taps: Tap[],
  pictures: Picture[] = [],
  at: Date = new Date(),
): Promise<Intent[]> {
  const bare: Bare[] = taps.map((tap) => ({ ...tap, id: uuid7(at.getTime()), at: at.toISOString() }));
  const intents = await Promise.all(bare.map((one) => seal(owner.key, about("intent", owner, one.id), one)));
  const images = await Promise.all(
    pictures.map((one) => sealBytes(owner.key, about("picture", owner, one.sha256), one.bytes)),
  );
  const tx = strictly(db, ["device", "outbox", "pictures"]);
  const writes: Promise<unknown>[] = [];
  try {
    const device = tx.objectStore("device");
    let counter = ((await device.get("counter")) as number | undefined) ?? 0;
    const kept = bare.map((one) => ({ ...one, counter: ++counter }));
    const rows = kept.map(({ id, counter }, i) => ({ id, driver_id: owner.driver_id, counter, sealed: intents[i]! }));
    const shots = pictures.map(({ sha256, bytes }, i) => ({
      driver_id: owner.driver_id,
      sha256,
      size: bytes.byteLength,
      sealed: images[i]!,
    }));
    for (const row of rows) writes.push(tx.objectStore("outbox").add(row));
    for (const row of shots) writes.push(tx.objectStore("pictures").put(row));
    writes.push(device.put(counter, "counter"));
    await Promise.all([...writes, tx.done]);
    return kept;
  } catch (error) {
    abandon(tx, writes);
    throw error;
  }
}

/** What was written before something failed must not be there either. */
function abandon(tx: { abort(): void; done: Promise<void> }, writes: Promise<unknown>[]): void {
  for (const one of [...writes, tx.done]) one.catch(() => undefined);
  try {
    tx.abort();
  } catch {
    // it has ended by itself
  }
}

/** The driver's taps that wait, in their order, at most `most`. */
export async function pending(db: Database, owner: Owner, most = Infinity): Promise<Intent[]> {
  const range = IDBKeyRange.bound([owner.driver_id, 0], [owner.driver_id, Infinity]);
  const rows = await db.getAllFromIndex("outbox", "order", range, most === Infinity ? undefined : most);
  return Promise.all(
    rows.map(async (row) => {
      const bare = await open<Bare>(owner.key, about("intent", owner, row.id), row.sealed);
      return { ...bare, counter: row.counter };
    }),
  );
}

/** How much of a driver's waits; needs no key, so that it can be said of anybody's. */
export async function waiting(db: Database, driver_id: string): Promise<Waiting> {
  const range = IDBKeyRange.bound([driver_id, 0], [driver_id, Infinity]);
  const intents = await db.countFromIndex("outbox", "order", range);
  const rows = (await db.getAll("pictures", ofDriver(driver_id))).filter((row) => !row.refused);
  return { intents, pictures: rows.length, bytes: rows.reduce((sum, row) => sum + row.size, 0) };
}

/** The server has answered for these taps: they go, and what went another way stays as a conflict, in one step. */
export async function settle(db: Database, owner: Owner, ids: string[], conflicts: Conflict[]): Promise<void> {
  const sealed = await Promise.all(
    conflicts.map((one) => seal(owner.key, about("conflict", owner, one.intent.id), one)),
  );
  const tx = strictly(db, ["outbox", "conflicts"]);
  const writes: Promise<unknown>[] = ids.map((id) => tx.objectStore("outbox").delete(id));
  for (const [i, one] of conflicts.entries()) {
    const row = { driver_id: owner.driver_id, name: one.intent.id, sealed: sealed[i]! };
    writes.push(tx.objectStore("conflicts").put(row));
  }
  await Promise.all([...writes, tx.done]);
}

export async function conflictsOf(db: Database, owner: Owner): Promise<Conflict[]> {
  const rows = await db.getAll("conflicts", ofDriver(owner.driver_id));
  const found = rows.map((row) => open<Conflict>(owner.key, about("conflict", owner, row.name), row.sealed));
  return (await Promise.all(found)).sort((a, b) => a.intent.counter - b.intent.counter);
}

/** The driver has read it. */
export async function dismiss(db: Database, owner: Owner, id: string): Promise<void> {
  await db.delete("conflicts", [owner.driver_id, id]);
}

/** Names of the pictures that wait, those first that were kept first. */
export async function picturesOf(db: Database, owner: Owner): Promise<PictureRow[]> {
  return (await db.getAll("pictures", ofDriver(owner.driver_id))).filter((row) => !row.refused);
}

export const bytesOf = (owner: Owner, row: PictureRow): Promise<ArrayBuffer> =>
  openBytes(owner.key, about("picture", owner, row.sha256), row.sealed);

/** The server has the picture, whole and verified. */
export async function dropPicture(db: Database, owner: Owner, sha256: string): Promise<void> {
  await db.delete("pictures", [owner.driver_id, sha256]);
}

/** The server will never take it: it is not sent again, and stays until the driver has read why. */
export async function refusePicture(db: Database, row: PictureRow, code: string): Promise<void> {
  await db.put("pictures", { ...row, refused: code });
}

export async function refusedPictures(db: Database, driver_id: string): Promise<PictureRow[]> {
  return (await db.getAll("pictures", ofDriver(driver_id))).filter((row) => row.refused);
}
