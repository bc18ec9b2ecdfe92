import { describe, expect, it } from "vitest";
import { anIntent, anOffer } from "../town";
import { conflictsIn } from "./conflicts";
import { standing } from "./offers";

const AT = Date.parse("2026-11-23T09:00:00Z");

describe("an offer", () => {
  it("stands until its deadline by the server's clock, whatever the phone's says", () => {
    const offer = anOffer({ deadline: "2026-11-23T09:00:45Z" });
    expect(standing([offer], [], AT, 0)[0]?.left_s).toBe(45);
    expect(standing([offer], [], AT - 3_600_000, 3_600_500)[0]?.left_s).toBe(45);
    expect(standing([offer], [], AT, 44_500)[0]?.left_s).toBe(1);
    expect(standing([offer], [], AT, 45_000)).toEqual([]);
  });

  it("shows a yes that is on its way, and goes with a no", () => {
    const offer = anOffer();
    const answered = (kind: "accept_offer" | "decline_offer") =>
      standing([offer], [anIntent(kind, { offer_id: offer.offer_id })], AT, 0);
    expect(answered("accept_offer")[0]?.answer).toBe("accept_offer");
    expect(answered("decline_offer")).toEqual([]);
    expect(standing([offer], [anIntent("accept_offer", { offer_id: "another" })], AT, 0)[0]?.answer).toBeNull();
  });

  it("that is refused must be seen by who said yes, and by nobody who said no", () => {
    const refusal = { code: "offer.over", cause: "the time to answer is up", remedy: "" };
    const refused = (kind: "accept_offer" | "decline_offer") => {
      const tap = anIntent(kind, { offer_id: "offer-1" });
      return conflictsIn([tap], [{ id: tap.id, outcome: "refused", refusal }], null);
    };
    expect(refused("accept_offer").map((one) => one.refusal?.code)).toEqual(["offer.over"]);
    expect(refused("decline_offer")).toEqual([]);
  });
});
