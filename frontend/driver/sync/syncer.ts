// One round with the server: taps out, answers in, the sheet, pictures, positions. Safe to stop at any line and to run
// again: what is not answered stays, and what the server knows already it answers as it did before.
import type { Answer, Intent, Outcome, Sheet } from "../kinds";
import { conflictsIn } from "../model/conflicts";
import type { Database } from "../store/db";
import { doorsKept, dropFixes, fixes, keepDoor, read, write } from "../store/kept";
import { type Owner, pending, settle, waiting } from "../store/outbox";
import { type Api, type Known, Refused } from "./api";
import { sendPictures } from "./pictures";

export const MOST_TAPS = 100;
const MOST_FIXES = 500;

export interface Round {
  /** Whether nothing waits any more. */
  empty: boolean;
  conflicts: number;
  answer: Answer;
}

/** Throws `Unreachable` (again later) and `Refused` with 401 (this phone was signed out by the office). */
export async function round(db: Database, owner: Owner, api: Api): Promise<Round> {
  let conflicts = 0;
  let answer: Answer;
  for (;;) {
    const all = await pending(db, owner);
    const taps = all.slice(0, MOST_TAPS);
    const said = await read(db, owner, "said");
    const known: Known = {
      route_id: said?.sheet?.route_id ?? null,
      version: said?.sheet?.version ?? null,
      tag: said?.tag ?? null,
    };
    const asked = Date.now();
    const told = await exchange(api, taps, known);
    answer = told.answer;
    const { offers, again_s, tag, now } = answer;
    const ahead_ms = Date.parse(now) - asked; // from when it was asked: a countdown ends rather too early
    const sheet = answer.sheet ?? (answer.route_id ? (said?.sheet ?? null) : null);
    const ended = all.slice(MOST_TAPS).some((one) => one.kind === "finish_route"); // it was wiped, and stays so
    const found = conflictsIn(taps, told.outcomes, sheet ?? said?.sheet ?? null);
    conflicts += found.length;
    // The sheet first: between the two writes a tap may count twice, which changes nothing; never is it missing.
    await write(db, owner, "said", { sheet: ended ? null : sheet, tag, at: now, offers, again_s, ahead_ms });
    if (taps.length > 0)
      await settle(
        db,
        owner,
        told.outcomes.map((one) => one.id),
        found,
      );
    if (taps.length < MOST_TAPS) break;
  }
  await sendPictures(db, owner, api);
  if (answer.sheet) await fetchDoors(db, owner, api, answer.sheet);
  await sendFixes(db, owner, api);
  const left = await waiting(db, owner.driver_id);
  return { empty: left.intents === 0 && left.pictures === 0, conflicts, answer };
}

interface Told {
  answer: Answer;
  outcomes: Outcome[];
}

/** A call that is refused as a whole is asked again tap by tap: the one that is at fault must not hold up the others. */
async function exchange(api: Api, taps: Intent[], known: Known): Promise<Told> {
  try {
    const answer = await api.sync(taps, known);
    return { answer, outcomes: answer.outcomes };
  } catch (error) {
    if (!(error instanceof Refused) || error.status === 401 || error.status === 403 || taps.length === 0) throw error;
    if (taps.length === 1) {
      const outcome: Outcome = { id: taps[0]!.id, outcome: "refused", refusal: error.refusal };
      return { answer: await api.sync([], known), outcomes: [outcome] };
    }
  }
  const half = Math.ceil(taps.length / 2);
  const first = await exchange(api, taps.slice(0, half), known);
  const second = await exchange(api, taps.slice(half), { route_id: null, version: null, tag: null });
  return { answer: second.answer, outcomes: [...first.outcomes, ...second.outcomes] };
}

/** Pictures of doors that are still to be gone to; one that is gone meanwhile is no matter. */
async function fetchDoors(db: Database, owner: Owner, api: Api, sheet: Sheet): Promise<void> {
  const kept = await doorsKept(db, owner.driver_id);
  for (const task of sheet.stops.flatMap((stop) => stop.tasks)) {
    if (!task.door?.photo || kept.has(task.order_id)) continue;
    try {
      await keepDoor(db, owner, task.order_id, await api.door(task.door.photo));
    } catch (error) {
      if (!(error instanceof Refused) || error.status === 401) throw error;
    }
  }
}

async function sendFixes(db: Database, owner: Owner, api: Api): Promise<void> {
  for (;;) {
    const waiting = await fixes(db, owner, MOST_FIXES);
    if (waiting.keys.length === 0) return;
    await api.positions(waiting.fixes);
    await dropFixes(db, waiting.keys);
  }
}
