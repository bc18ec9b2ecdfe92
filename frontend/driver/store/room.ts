// Is there room for a proof? It is asked, and said, before the parcel is handed over.
import type { Database } from "./db";

export type Room = "enough" | "low" | "full";

const LOW = 100_000_000;
const PROBE = 1_000_000; // more than the pictures of one stop

/** What the browser estimates, and where that is little or not told, what a trial of writing says. */
export async function room(db: Database, storage: StorageManager | undefined = navigator.storage): Promise<Room> {
  const told = await storage?.estimate?.().catch(() => undefined);
  const free = told?.quota === undefined ? null : told.quota - (told.usage ?? 0);
  if (free !== null && free < PROBE * 2) return "full";
  if (!(await takes(db))) return "full";
  return free !== null && free < LOW ? "low" : "enough";
}

async function takes(db: Database): Promise<boolean> {
  try {
    const tx = db.transaction("device", "readwrite", { durability: "relaxed" });
    await tx.store.put(new Uint8Array(PROBE), "probe");
    await tx.store.delete("probe");
    await tx.done;
    return true;
  } catch {
    return false;
  }
}

/** Ask the browser not to clear our data by itself when space runs short. */
export async function askToStay(storage: StorageManager | undefined = navigator.storage): Promise<boolean> {
  return (await storage?.persisted?.()) || (await storage?.persist?.().catch(() => false)) || false;
}

export const isFull = (error: unknown): boolean =>
  error instanceof DOMException && (error.name === "QuotaExceededError" || error.name === "AbortError");
