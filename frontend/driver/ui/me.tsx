// This phone: who, in which language, the position when the screen is off, a new version, and signing out.
import { useState } from "preact/hooks";
import { takeUpdate, waitingUpdate } from "../device/updates";
import { awake, day, leave, leaving, phone, positionOff, session, stayAwake, sync, waits } from "../state";
import type { Tracker } from "../sync/api";
import { t } from "../texts";
import { Icon } from "./icons";
import { Button, Frame, Notice, Panel } from "./parts";
import { go } from "./router";
import { Languages } from "./sign-in";

export function Me() {
  const [going, setGoing] = useState(false);
  const who = phone.value;
  return (
    <Frame
      title={t("me.title")}
      back={() => go({ name: "day" })}
      foot={
        <Button kind="bad" name="sign-out" onClick={() => setGoing(true)}>
          {t("me.out")}
        </Button>
      }
    >
      {waitingUpdate.value ? (
        <section class="van">
          <strong>{t("me.update")}</strong>
          <Button kind="main" onClick={takeUpdate}>
            {t("me.update_now")}
          </Button>
        </section>
      ) : null}
      {who ? (
        <section class="van">
          <span class="soft">{t("me.signed_in")}</span>
          <strong>{who.driver}</strong>
          <span>{who.organization}</span>
          {who.dispatcher_phone ? (
            <a class="button is-quiet" href={`tel:${who.dispatcher_phone}`}>
              <Icon name="call" />
              <span>{t("me.dispatcher")}</span>
            </a>
          ) : null}
        </section>
      ) : null}
      <section class="van">
        <Languages />
        <label class="tick">
          <input type="checkbox" checked={awake.value} onChange={(event) => stayAwake(event.currentTarget.checked)} />
          <span>{t("me.awake")}</span>
        </label>
      </section>
      <Track />
      <Install />
      {leaving.value ? <Notice kind="info">{t("me.leaving")}</Notice> : null}
      {going ? <Leaving close={() => setGoing(false)} /> : null}
    </Frame>
  );
}

/** A page in the background is told no position; an app beside it is. */
function Track() {
  const [found, setFound] = useState<Tracker | null>(null);
  const [wrong, setWrong] = useState(false);
  const ask = async (app: "traccar" | "owntracks"): Promise<void> => {
    setWrong(false);
    try {
      setFound((await session.value?.api.tracker(app)) ?? null);
    } catch {
      setWrong(true);
    }
  };
  return (
    <section class="van">
      <strong>{t("me.tracker")}</strong>
      {positionOff.value ? <Notice kind="warn">{t("me.position_off")}</Notice> : null}
      <p class="soft">{t("me.tracker_why")}</p>
      {wrong || !day.value ? <p class="soft">{t("me.tracker_need")}</p> : null}
      <div class="row">
        <Button name="traccar" disabled={!day.value} onClick={() => void ask("traccar")}>
          {t("me.tracker_traccar")}
        </Button>
        <Button name="owntracks" disabled={!day.value} onClick={() => void ask("owntracks")}>
          {t("me.tracker_owntracks")}
        </Button>
      </div>
      {found ? (
        <Panel title={t("me.tracker")} close={() => setFound(null)}>
          <div class="menu">
            <a class="button is-main" href={found.link}>
              {t("me.tracker_open")}
            </a>
            <p class="soft">{t("me.tracker_scan")}</p>
            <img class="qr" alt="QR" src={`data:image/svg+xml,${encodeURIComponent(found.qr)}`} />
          </div>
        </Panel>
      ) : null}
    </section>
  );
}

interface Installing extends Event {
  prompt(): Promise<void>;
}

let offered: Installing | null = null;

/** The browser offers it once, at a moment of its own. */
export function listenForInstall(): void {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    offered = event as Installing;
  });
}

function Install() {
  if (!offered) return null;
  return <Button onClick={() => void offered?.prompt()}>{t("me.install")}</Button>;
}

function Leaving({ close }: { close: () => void }) {
  const { intents, pictures } = waits.value;
  const empty = intents + pictures === 0;
  const later = (): void => {
    leaving.value = true;
    sync();
    close();
  };
  return (
    <Panel title={t("me.out")} close={close}>
      <div class="menu">
        {empty ? (
          <p>{t("me.out_empty")}</p>
        ) : (
          <>
            <Notice kind="warn">{t("me.out_waits", { taps: intents, pictures })}</Notice>
            <Button kind="main" name="send-then-out" onClick={later}>
              {t("me.out_send")}
            </Button>
            <p class="soft">{t("me.out_seal")}</p>
          </>
        )}
        <Button kind="bad" name="out-now" onClick={() => void leave()}>
          {t("me.out_now")}
        </Button>
        <Button onClick={close}>{t("me.stay")}</Button>
      </div>
    </Panel>
  );
}
