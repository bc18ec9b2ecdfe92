// What the screens show and what they may do. All of it is derived from the phone's database, which is the truth here.
import { batch, computed, signal } from "@preact/signals";
import { keepAwake } from "./device/wake";
import { watchPosition } from "./device/positions";
import { capturing, takeUpdate } from "./device/updates";
import type { Conflict, Fix, Intent, Phone, Picture, Sheet, Tap } from "./kinds";
import { believe, counts } from "./model/belief";
import { askToStay, room, type Room } from "./store/room";
import { type Database, openStore } from "./store/db";
import { doorOf, keepFix, lock, type Over, read, type Said, wipeSheet } from "./store/kept";
import {
  conflictsOf,
  dismiss,
  keep,
  pending,
  refusedPictures,
  type Owner,
  type Waiting,
  waiting,
} from "./store/outbox";
import { resume, sealedHere, type Session, signIn, signOut } from "./store/session";
import type { PictureRow } from "./store/db";
import { type Line, Loop } from "./sync/loop";
import { round } from "./sync/syncer";

const NONE: Waiting = { intents: 0, pictures: 0, bytes: 0 };
const OUTCOMES: readonly Tap["kind"][] = ["complete", "partial", "fail", "note", "finish_route"];
const HEARD = "homestretch-drive-heard";
const STILL = "homestretch-drive-still";
const AWAKE = "homestretch-drive-awake";

export const ready = signal<"no" | "yes" | "broken">("no");
export const session = signal<Session | null>(null);
export const phone = signal<Phone | null>(null);
export const said = signal<Said | null>(null);
export const over = signal<Over | null>(null);
export const taps = signal<Intent[]>([]);
export const waits = signal<Waiting>(NONE);
export const sealed = signal<Waiting>(NONE);
export const conflicts = signal<Conflict[]>([]);
export const refused = signal<PictureRow[]>([]);
export const line = signal<Line>("idle");
export const signedOutByOffice = signal(false);
export const leaving = signal(false);
export const roomLeft = signal<Room>("enough");
export const here = signal<Fix | null>(null);
export const positionOff = signal(false);
/** Ids of what the office wrote and the driver has not read yet. */
export const unheard = signal<string[]>([]);
/** Ids of stops that the driver said to be not done with, though positions say that they were left. */
export const still = signal<string[]>([]);
export const awake = signal(true);
/** What was kept last, for the word "safe on this phone": ids of taps and hashes of pictures. */
export const safe = signal<{ names: string[]; at: number } | null>(null);

export const day = computed<Sheet | null>(() => {
  const sheet = said.value?.sheet;
  return sheet ? believe(sheet, taps.value) : null;
});
export const offers = computed(() => said.value?.offers ?? []);
export const driving = computed(() => day.value?.state === "started");
export const zone = computed(() => day.value?.start_depot.zone ?? phone.value?.zone);

let db: Database;
let loop: Loop | undefined;
const tabs = "BroadcastChannel" in globalThis ? new BroadcastChannel("homestretch-drive") : null;

/** Open the store and go on where the app was closed; needs no network. */
export async function start(): Promise<void> {
  awake.value = localStorage.getItem(AWAKE) !== "no";
  still.value = JSON.parse(localStorage.getItem(STILL) ?? "[]") as string[];
  tabs?.addEventListener("message", () => void reload());
  try {
    db = await openStore();
    const found = await resume(db);
    if (found) await begin(found);
    else sealed.value = await sealedHere(db);
    ready.value = "yes";
  } catch {
    ready.value = "broken";
  }
}

export async function enter(code: string): Promise<void> {
  const found = await signIn(db, code);
  signedOutByOffice.value = false;
  void askToStay();
  await begin(found);
}

async function begin(found: Session): Promise<void> {
  session.value = found;
  await reload();
  loop = new Loop({ round: once, say: (to) => (line.value = to), out: thrownOut, every });
  loop.now();
}

/** Seconds between rounds when all is well. */
const every = (): number =>
  Math.min(
    document.visibilityState === "hidden" ? 120 : driving.value ? 30 : 60,
    (day.value && said.value?.again_s) || Infinity,
  );

async function once(): Promise<boolean> {
  const who = session.value;
  if (!who) return true;
  const { empty } = await round(db, who.owner, who.api);
  await reload();
  tabs?.postMessage("changed");
  if (empty && leaving.value) await leave();
  else if (!capturing.value && document.visibilityState === "hidden") takeUpdate();
  return empty;
}

let reading: Promise<void> = Promise.resolve();

/** Read again what the database has; other tabs and the syncer write there too. One after the other: a reading that
 * was begun earlier must not overwrite a later one. */
export function reload(): Promise<void> {
  reading = reading.then(readAgain, readAgain);
  return reading;
}

async function readAgain(): Promise<void> {
  const who = session.value;
  if (!who) return;
  if (!(await db.get("drivers", who.owner.driver_id))?.key) return forget();
  const { owner } = who;
  const left = await pending(db, owner); // before the sheet, as the syncer writes the sheet before it lets taps go
  const found = await Promise.all([
    read(db, owner, "said"),
    waiting(db, owner.driver_id),
    conflictsOf(db, owner),
    read(db, owner, "phone"),
    read(db, owner, "over"),
    refusedPictures(db, owner.driver_id),
  ]);
  batch(() => {
    taps.value = left;
    [said.value, waits.value, conflicts.value, phone.value, over.value, refused.value] = found;
  });
  const before = heardBefore();
  unheard.value = (day.value?.messages ?? []).map((one) => one.id).filter((id) => !before.includes(id));
  if (day.value?.state === "finished") await wipe(owner, day.value);
  follow();
}

/** Keep taps and pictures; when it returns they are safe. Throws where the phone has no room. */
export async function act(all: Tap[], pictures: Picture[] = []): Promise<void> {
  const who = session.value;
  if (!who) throw new Error("nobody is signed in");
  const kept = await keep(db, who.owner, all, pictures);
  if (kept.some((one) => OUTCOMES.includes(one.kind)))
    safe.value = { names: [...kept.map((one) => one.id), ...pictures.map((one) => one.sha256)], at: Date.now() };
  await reload().catch(() => undefined); // it is kept, whatever reading it again may say
  tabs?.postMessage("changed");
  loop?.now();
}

export const tap = (kind: Tap["kind"], body: Tap["body"]): Promise<void> => act([{ kind, body }]);

/** The shift is over, by a tap that is kept: names and addresses go now, and not only when it is sent. */
async function wipe(owner: Owner, sheet: Sheet): Promise<void> {
  const { all, completed, failed } = counts(sheet);
  const left: Over = { day: sheet.day, stops: all, completed, failed };
  await wipeSheet(db, owner, left);
  over.value = left;
  said.value = null;
}

export const sync = (): void => loop?.anew();

export async function readConflict(id: string): Promise<void> {
  if (session.value) await dismiss(db, session.value.owner, id);
  await reload();
}

export async function leave(): Promise<void> {
  const who = session.value;
  if (!who) return;
  loop?.stop();
  await signOut(db, who);
  tabs?.postMessage("changed");
  await forget();
}

/** Nothing of a driver stays in memory either. */
async function forget(): Promise<void> {
  loop?.stop();
  session.value = phone.value = said.value = over.value = here.value = safe.value = null;
  taps.value = [];
  conflicts.value = [];
  refused.value = [];
  leaving.value = false;
  follow();
  sealed.value = await sealedHere(db);
}

async function thrownOut(): Promise<void> {
  if (session.value) await lock(db, session.value.owner.driver_id);
  signedOutByOffice.value = true;
  await forget();
}

export async function doorPicture(order_id: string): Promise<Blob | null> {
  const bytes = session.value && (await doorOf(db, session.value.owner, order_id));
  return bytes ? new Blob([bytes]) : null;
}

/** The driver has read what the office wrote. Ids alone are kept of it. */
export function heard(id: string): void {
  unheard.value = unheard.value.filter((one) => one !== id);
  localStorage.setItem(HEARD, JSON.stringify([...heardBefore(), id].slice(-200)));
}

const heardBefore = (): string[] => JSON.parse(localStorage.getItem(HEARD) ?? "[]") as string[];

/** The driver is not done with a stop: it is not asked again. */
export function notLeft(id: string): void {
  still.value = [...still.value, id].slice(-100);
  localStorage.setItem(STILL, JSON.stringify(still.value));
}

export async function look(): Promise<void> {
  roomLeft.value = await room(db);
}

export function stayAwake(on: boolean): void {
  awake.value = on;
  localStorage.setItem(AWAKE, on ? "yes" : "no");
  follow();
}

/** The screen and the position follow the route: on while it runs, off else. */
function follow(): void {
  keepAwake(driving.value && awake.value);
  watchPosition(driving.value, {
    seen: (fix) => (here.value = fix),
    keep: (fix) => {
      const who = session.value;
      if (who) void keepFix(db, who.owner, fix).catch(() => undefined);
    },
    refused: () => (positionOff.value = true),
  });
}
