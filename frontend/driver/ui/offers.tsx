// An order that can't wait, above every screen: taken or not by one tap, before its seconds are over.
import { useEffect, useState } from "preact/hooks";
import { ring } from "../device/ring";
import { type Standing, standing } from "../model/offers";
import { line, offers, said, tap, taps, zone } from "../state";
import { clock, t, word } from "../texts";
import { Button } from "./parts";

const TICK_MS = 500;
const rung = new Set<string>();

export function Offers() {
  const [now, look] = useState(Date.now());
  const some = offers.value.length > 0;
  useEffect(() => {
    if (!some) return;
    look(Date.now());
    const timer = setInterval(() => look(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [some]);
  const shown = standing(offers.value, taps.value, now, said.value?.ahead_ms ?? 0);
  const names = shown.map((one) => one.offer_id).join(" ");
  useEffect(() => {
    const fresh = shown.filter((one) => !rung.has(one.offer_id));
    for (const one of fresh) rung.add(one.offer_id);
    if (fresh.length > 0) ring();
  }, [names]);
  if (shown.length === 0) return null;
  return (
    <div class="offers">
      {shown.map((one) => (
        <Card key={one.offer_id} offer={one} />
      ))}
    </div>
  );
}

function Card({ offer }: { offer: Standing }) {
  const { offer_id, places, left_s } = offer;
  return (
    <section class="offer" role="alert" aria-label={t("offer.title")} data-offer={offer_id}>
      <p class="row">
        <strong>{t("offer.title")}</strong>
        <span class="big" role="timer" aria-live="off" data-left={left_s}>
          {t("offer.left", { n: left_s })}
        </span>
      </p>
      {places.map((place) => (
        <p key={place.kind}>
          {word("kind", place.kind)}: <strong dir="auto">{place.label || place.address}</strong>
          {place.label ? (
            <span class="where" dir="auto">
              {place.address}
            </span>
          ) : null}
        </p>
      ))}
      <p class="soft">
        {t("offer.when", { time: clock(offer.arrive, zone.value), n: offer.position })} ·{" "}
        {t("offer.more", { minutes: offer.minutes, km: (offer.meters / 1000).toFixed(1) })} ·{" "}
        {t("offer.pieces", { n: offer.pieces })}
        {offer.later > 0 ? ` · ${t("offer.later", { n: offer.later })}` : ""}
      </p>
      {offer.answer ? (
        <p role="status">{t(line.value === "offline" ? "offer.offline" : "offer.sending")}</p>
      ) : (
        <div class="answers">
          <Button name="decline-offer" onClick={() => void tap("decline_offer", { offer_id })}>
            {t("offer.no")}
          </Button>
          <Button kind="main" name="accept-offer" icon="check" onClick={() => void tap("accept_offer", { offer_id })}>
            {t("offer.yes")}
          </Button>
        </div>
      )}
    </section>
  );
}
