// What waits, and what the server took otherwise: both versions, kept until the driver has read them.
import type { Conflict } from "../kinds";
import { conflicts, line, readConflict, refused, sync, taps, waits, zone } from "../state";
import { clock, t, word } from "../texts";
import { Button, Frame, Notice } from "./parts";
import { go } from "./router";

const SHOWN = 50;
const mega = (bytes: number): string => (bytes / 1e6).toFixed(1);

export function Outbox() {
  const { intents, pictures, bytes } = waits.value;
  const empty = intents + pictures === 0;
  return (
    <Frame
      title={t("out.title")}
      back={() => go({ name: "day" })}
      foot={
        <Button kind="main" icon="send" disabled={line.value === "busy"} onClick={sync}>
          {line.value === "busy" ? t("line.busy") : t("out.now")}
        </Button>
      }
    >
      {conflicts.value.map((one) => (
        <Card key={one.intent.id} conflict={one} />
      ))}
      {refused.value.map((row) => (
        <Notice key={row.sha256} kind="bad">
          {t("out.refused", { code: row.refused ?? "" })}
        </Notice>
      ))}
      {empty ? (
        <Notice kind="good">{t("out.none")}</Notice>
      ) : (
        <section class="van">
          <p class="row">
            <strong>{t("out.taps", { n: intents })}</strong>
            <strong>{t("out.pictures", { n: pictures, mb: mega(bytes) })}</strong>
          </p>
          <p class="soft">{t("out.how")}</p>
        </section>
      )}
      <ol class="waiting">
        {taps.value.slice(0, SHOWN).map((tap) => (
          <li key={tap.id}>
            <span>{word("tap", tap.kind)}</span>
            <span class="soft">{clock(tap.at, zone.value)}</span>
          </li>
        ))}
      </ol>
    </Frame>
  );
}

function Card({ conflict }: { conflict: Conflict }) {
  const { intent, outcome, refusal, theirs, label } = conflict;
  const why = refusal?.cause ?? "";
  const offer = intent.kind === "accept_offer";
  const mine = [word("tap", intent.kind), intent.body.reason ? word("why", String(intent.body.reason)) : ""];
  const has = theirs ? (STATES.includes(theirs) ? word("route", theirs) : word("state", theirs)) : t(offer ? "offer.gone" : "conflict.gone");
  return (
    <section class="conflict" data-conflict={intent.id}>
      <h2>{label || t("conflict.title")}</h2>
      <dl>
        <div>
          <dt>
            {t("conflict.mine")} · {clock(intent.at, zone.value)}
          </dt>
          <dd>{mine.filter(Boolean).join(": ")}</dd>
        </div>
        <div>
          <dt>{t("conflict.theirs")}</dt>
          <dd>{has}</dd>
        </div>
      </dl>
      <p>{offer ? t("offer.refused") : outcome === "late" ? t("conflict.late") : t("conflict.refused", { why })}</p>
      {refusal ? (
        <p class="soft" dir="ltr">
          {refusal.code}
        </p>
      ) : null}
      <Button name="read" onClick={() => void readConflict(intent.id)}>
        {t("conflict.ok")}
      </Button>
    </section>
  );
}

const STATES: readonly string[] = ["released", "accepted", "loading", "started", "finished", "rejected", "recalled"];
