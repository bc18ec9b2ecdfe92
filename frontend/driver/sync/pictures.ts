// Pictures go apart from the taps, in pieces: a connection that breaks costs the piece that it broke.
import { type Database } from "../store/db";
import { bytesOf, dropPicture, type Owner, picturesOf, refusePicture } from "../store/outbox";
import { type Api, Refused } from "./api";

export const PIECE = 128 * 1024;

/** Send what waits, one picture after the other; returns how many the server has taken. Throws `Unreachable`. */
export async function sendPictures(db: Database, owner: Owner, api: Api): Promise<number> {
  let sent = 0;
  for (const row of await picturesOf(db, owner)) {
    try {
      await sendOne(api, row.sha256, await bytesOf(owner, row));
      await dropPicture(db, owner, row.sha256);
      sent += 1;
    } catch (error) {
      if (!(error instanceof Refused) || error.status === 401) throw error;
      if (error.refusal.code === "blob.erased") await dropPicture(db, owner, row.sha256);
      else await refusePicture(db, row, error.refusal.code);
    }
  }
  return sent;
}

async function sendOne(api: Api, sha256: string, bytes: ArrayBuffer): Promise<void> {
  if (bytes.byteLength <= PIECE) return api.whole(sha256, bytes);
  let { received, complete } = await api.standing(sha256);
  let again = 0;
  while (!complete) {
    const piece = bytes.slice(received, received + PIECE);
    try {
      ({ received, complete } = await api.piece(sha256, received, bytes.byteLength, piece));
    } catch (error) {
      // Another tab or an answer that was lost has moved the mark: go on from where the server stands.
      if (!(error instanceof Refused && error.refusal.code === "blob.offset_conflict") || ++again > 5) throw error;
      ({ received, complete } = await api.standing(sha256));
    }
  }
}
