// What the driver is offered, as it stands by the server's clock: an order that can't wait, until its deadline.
import type { Intent, Offered } from "../kinds";

export interface Standing extends Offered {
  left_s: number;
  /** What was tapped; it counts when it reaches the server. */
  answer: "accept_offer" | "decline_offer" | null;
}

/** The offers that can be answered, or whose yes is on its way. `now` and `ahead_ms` say what the server's clock shows. */
export function standing(
  offers: readonly Offered[],
  taps: readonly Intent[],
  now: number,
  ahead_ms: number,
): Standing[] {
  return offers
    .map((one) => {
      const tap = taps.find(({ kind, body }) => kind.endsWith("_offer") && body.offer_id === one.offer_id);
      const left_s = Math.max(0, Math.ceil((Date.parse(one.deadline) - now - ahead_ms) / 1000));
      return { ...one, left_s, answer: (tap?.kind as Standing["answer"]) ?? null };
    })
    .filter((one) => one.left_s > 0 && one.answer !== "decline_offer");
}
