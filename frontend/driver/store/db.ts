// The phone's database. Rows name their driver by id alone; all else in them is sealed.
import { type DBSchema, type IDBPDatabase, openDB, type StoreNames } from "idb";
import type { Sealed } from "./crypto";

export interface DriverRow {
  driver_id: string;
  salt: Uint8Array<ArrayBuffer>;
  /** There while the driver is signed in; without it nothing of theirs on this phone can be read. */
  key?: CryptoKey;
  token?: Sealed;
}

export interface OutboxRow {
  id: string;
  driver_id: string;
  counter: number;
  sealed: Sealed;
}

export interface PictureRow {
  driver_id: string;
  sha256: string;
  size: number;
  /** The code of the refusal where the server will never take it. */
  refused?: string;
  sealed: Sealed;
}

export interface Row {
  driver_id: string;
  name: string;
  sealed: Sealed;
}

export interface Store extends DBSchema {
  device: { key: string; value: unknown };
  drivers: { key: string; value: DriverRow };
  kept: { key: [string, string]; value: Row };
  outbox: { key: string; value: OutboxRow; indexes: { order: [string, number] } };
  pictures: { key: [string, string]; value: PictureRow };
  conflicts: { key: [string, string]; value: Row };
  tracks: { key: number; value: { driver_id: string; sealed: Sealed } };
}

export type Database = IDBPDatabase<Store>;
export const NAME = "homestretch-drive";

export function openStore(name: string = NAME): Promise<Database> {
  return openDB<Store>(name, 1, {
    upgrade(db) {
      db.createObjectStore("device");
      db.createObjectStore("drivers", { keyPath: "driver_id" });
      db.createObjectStore("kept", { keyPath: ["driver_id", "name"] });
      db.createObjectStore("outbox", { keyPath: "id" }).createIndex("order", ["driver_id", "counter"]);
      db.createObjectStore("pictures", { keyPath: ["driver_id", "sha256"] });
      db.createObjectStore("conflicts", { keyPath: ["driver_id", "name"] });
      db.createObjectStore("tracks", { autoIncrement: true });
    },
    // Another tab brings a newer app: this one lets go, and says so by failing at its next write.
    blocking(_from, _to, event) {
      (event.target as IDBDatabase).close();
    },
  });
}

/** A transaction that is on the disk, not only in its cache, when it completes. */
export const strictly = <Names extends StoreNames<Store>[]>(db: Database, stores: Names) =>
  db.transaction(stores, "readwrite", { durability: "strict" });

/** All keys and rows of one driver in a store whose key begins with the driver. */
export const ofDriver = (driver_id: string): IDBKeyRange => IDBKeyRange.bound([driver_id], [driver_id, []]);
