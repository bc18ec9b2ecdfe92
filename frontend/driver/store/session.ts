// Who is signed in on this phone. The key of a driver comes of the server's share for that driver and this phone's salt:
// only the same driver's sign-in makes the same key again, so what one left sealed no other can read or send.
import type { Phone } from "../kinds";
import { Api } from "../sync/api";
import { deriveKey, newSalt, open, seal } from "./crypto";
import { type Database, strictly } from "./db";
import { lock, write } from "./kept";
import { type Owner, waiting, type Waiting } from "./outbox";

export interface Session {
  owner: Owner;
  api: Api;
}

const about = (driver_id: string): string => `token ${driver_id}`;

/** Turn a one-time code into a session, kept over restarts. Throws `Refused` (a wrong code) and `Unreachable`. */
export async function signIn(db: Database, code: string, ask?: typeof fetch): Promise<Session & { phone: Phone }> {
  const { token } = await Api.claim(code, ask);
  const api = new Api(token, ask);
  const { share, ...phone } = await api.phone();
  const known = await db.get("drivers", phone.driver_id);
  const salt = known?.salt ?? newSalt();
  const key = await deriveKey(share, salt);
  const sealed = await seal(key, about(phone.driver_id), token);
  for (const other of await db.getAll("drivers"))
    if (other.driver_id !== phone.driver_id && other.key) await lock(db, other.driver_id);
  const tx = strictly(db, ["drivers"]);
  await Promise.all([tx.objectStore("drivers").put({ driver_id: phone.driver_id, salt, key, token: sealed }), tx.done]);
  const owner = { driver_id: phone.driver_id, key };
  await write(db, owner, "phone", phone);
  return { owner, api, phone };
}

/** The session that was there when the app was last closed; needs no network. */
export async function resume(db: Database, ask?: typeof fetch): Promise<Session | null> {
  const row = (await db.getAll("drivers")).find((one) => one.key && one.token);
  if (!row?.key || !row.token) return null;
  const token = await open<string>(row.key, about(row.driver_id), row.token);
  return { owner: { driver_id: row.driver_id, key: row.key }, api: new Api(token, ask) };
}

/** Sign out: the key and all that is not outbox go at once, and what waits stays sealed. The server is told if it can. */
export async function signOut(db: Database, session: Session): Promise<void> {
  await lock(db, session.owner.driver_id);
  await session.api.signOut().catch(() => undefined);
}

/** What waits on this phone of drivers who are signed out: how much, not whose. */
export async function sealedHere(db: Database): Promise<Waiting> {
  const total: Waiting = { intents: 0, pictures: 0, bytes: 0 };
  for (const row of await db.getAll("drivers")) {
    if (row.key) continue;
    const found = await waiting(db, row.driver_id);
    total.intents += found.intents;
    total.pictures += found.pictures;
    total.bytes += found.bytes;
  }
  return total;
}
