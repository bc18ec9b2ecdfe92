// One stop: whom, where, what; the way there; and what became of it.
import { useEffect, useState } from "preact/hooks";
import type { Sheet, Stop } from "../kinds";
import { isOpen, numberOf } from "../model/belief";
import { isThere } from "../model/geo";
import { callTo, isApple, target, textTo, ways } from "../model/links";
import { openTasks } from "../model/needs";
import { act, day, here, look, roomLeft, tap, zone } from "../state";
import { clock, t, word } from "../texts";
import { isTakeOver, nameOf, windowOf } from "./day";
import { Capture } from "./capture";
import { Icon } from "./icons";
import { Button, Frame, Notice, Panel } from "./parts";
import { go, instead, type View } from "./router";
import { Asks, Messages, Notes, TaskCard } from "./told";

type Shown = Extract<View, { name: "stop" }>;

export function StopView({ view }: { view: Shown }) {
  const sheet = day.value;
  const stop = sheet?.stops.find((one) => one.stop_id === view.id);
  if (!sheet || !stop)
    return (
      <Frame title={t("stop.title", { n: "" })} back={() => go({ name: "day" })}>
        <Notice kind="warn">{t("conflict.gone")}</Notice>
      </Frame>
    );
  if (view.act !== "look" && isOpen(stop) && sheet.state === "started")
    return <Capture key={`${stop.stop_id} ${view.act}`} sheet={sheet} stop={stop} act={view.act} />;
  return <Look sheet={sheet} stop={stop} />;
}

function Look({ sheet, stop }: { sheet: Sheet; stop: Stop }) {
  useEffect(() => void look(), [stop.stop_id]);
  const number = numberOf(sheet, stop);
  return (
    <Frame
      title={t("stop.title", { n: number })}
      back={() => go({ name: "day" })}
      foot={<Acts sheet={sheet} stop={stop} />}
    >
      {roomLeft.value === "full" ? <Notice kind="bad">{t("stop.full")}</Notice> : null}
      {roomLeft.value === "low" ? <Notice kind="warn">{t("stop.low")}</Notice> : null}
      <section class="stop-head">
        <div class="head">
          <span class="big">{number}</span>
          <div>
            <h2>{nameOf(stop)}</h2>
            <p class="where">{stop.place.address}</p>
            {stop.place.label && stop.place.label !== stop.place.address && !isTakeOver(stop) ? (
              <p class="soft">{stop.place.label}</p>
            ) : null}
          </div>
        </div>
        <dl class="facts">
          <div>
            <dt>{word("kind", openTasks(stop)[0]?.kind ?? stop.tasks[0]?.kind ?? "take_over")}</dt>
            <dd>{windowOf(stop)}</dd>
          </div>
          <div>
            <dt>{word("state", stop.state)}</dt>
            <dd>{t("stop.planned", { time: clock(stop.planned_arrive, zone.value) })}</dd>
          </div>
        </dl>
      </section>
      <Reach sheet={sheet} stop={stop} />
      <Messages all={sheet.messages} stop_id={stop.stop_id} />
      <Asks stop={stop} />
      <Notes place={stop.place} />
      {stop.tasks.map((task) => (
        <TaskCard key={task.task_id} task={task} />
      ))}
      {isOpen(stop) ? null : <Notice kind="info">{t("stop.ended")}</Notice>}
    </Frame>
  );
}

/** The way there, a call, a message. Whoever asks for the way sets out. */
function Reach({ sheet, stop }: { sheet: Sheet; stop: Stop }) {
  const [open, setOpen] = useState(false);
  const phone = stop.tasks.find((task) => task.recipient.phone)?.recipient.phone ?? "";
  const point = target(stop.place);
  const driving = sheet.state === "started" && (stop.state === "planned" || stop.state === "skipped");
  const setOut = (): void => {
    setOpen(true);
    if (driving) void tap("set_out", { stop_id: stop.stop_id });
  };
  return (
    <nav class="reach">
      <button class="tile is-main" onClick={setOut} data-do="navigate">
        <Icon name="way" />
        {t("stop.navigate")}
      </button>
      {phone ? (
        <>
          <a class="tile" href={callTo(phone)}>
            <Icon name="call" />
            {t("stop.call")}
          </a>
          <a class="tile" href={textTo(phone, t("stop.text"))}>
            <Icon name="message" />
            {t("stop.message")}
          </a>
        </>
      ) : (
        <span class="tile is-off">{t("stop.nobody")}</span>
      )}
      {open ? (
        <Panel title={t("stop.navigate")} close={() => setOpen(false)}>
          <div class="menu">
            {point ? null : <Notice kind="warn">{t("day.map_none")}</Notice>}
            {ways(stop.place, isApple()).map(({ name, href }) => (
              <a
                key={name}
                class="button is-quiet"
                href={href}
                target="_blank"
                rel="noreferrer"
                onClick={() => setOpen(false)}
              >
                {name === "geo" ? t("stop.geo") : WAYS[name]}
              </a>
            ))}
          </div>
        </Panel>
      ) : null}
    </nav>
  );
}

const WAYS = { google: "Google Maps", apple: "Apple Maps", waze: "Waze" } as const;

export function doneWord(stop: Stop): string {
  if (isTakeOver(stop)) return t("do.take_over");
  const kinds = new Set(openTasks(stop).map((task) => task.kind));
  return kinds.size === 1 ? word("do", [...kinds][0]!) : t("do.mixed");
}

function Acts({ sheet, stop }: { sheet: Sheet; stop: Stop }) {
  const [more, setMore] = useState(false);
  const point = target(stop.place);
  const near = here.value !== null && point !== null && isThere(here.value, point);
  if (sheet.state !== "started") return <p class="soft">{t("stop.before")}</p>;
  if (!isOpen(stop))
    return (
      <Button kind="main" onClick={() => go({ name: "day" })}>
        {t("day.list")}
      </Button>
    );
  const stop_id = stop.stop_id;
  return (
    <>
      {stop.state !== "arrived" ? (
        <div class={near ? "arrive is-near" : "arrive"}>
          {near ? <span>{t("stop.near")}</span> : null}
          {!near && stop.state !== "en_route" ? (
            <Button name="set-out" onClick={() => void tap("set_out", { stop_id })}>
              {t("stop.set_out")}
            </Button>
          ) : null}
          <Button
            kind={near ? "main" : "quiet"}
            name="arrive"
            icon="check"
            onClick={() => void tap("arrive", { stop_id })}
          >
            {t("stop.arrived")}
          </Button>
        </div>
      ) : null}
      <button class="button is-quiet square" onClick={() => setMore(true)} aria-label={t("app.more")} data-do="more">
        <Icon name="more" />
      </button>
      <Button kind="bad" name="fail" onClick={() => go({ name: "stop", id: stop_id, act: "fail" })}>
        {t("do.fail")}
      </Button>
      <Button kind="good" name="done" onClick={() => go({ name: "stop", id: stop_id, act: "done" })}>
        {doneWord(stop)}
      </Button>
      {more ? <More stop={stop} close={() => setMore(false)} /> : null}
    </>
  );
}

function More({ stop, close }: { stop: Stop; close: () => void }) {
  const [note, setNote] = useState<string | null>(null);
  const stop_id = stop.stop_id;
  const skip = async (): Promise<void> => {
    close();
    await tap("skip", { stop_id });
    instead({ name: "stop", id: stop_id, act: "look" }, { name: "day" });
  };
  const write = async (): Promise<void> => {
    close();
    if (note?.trim()) await act([{ kind: "note", body: { stop_id, text: note.trim() } }]);
  };
  return (
    <Panel title={t("app.more")} close={close}>
      <div class="menu">
        {note === null ? (
          <>
            <Button name="skip" onClick={() => void skip()}>
              {t("stop.skip")}
            </Button>
            <Button name="note" onClick={() => setNote("")}>
              {t("stop.note")}
            </Button>
          </>
        ) : (
          <>
            <label class="field">
              <span>{t("done.note")}</span>
              <textarea value={note} onInput={(event) => setNote(event.currentTarget.value)} maxLength={500} rows={4} />
            </label>
            <Button kind="main" onClick={() => void write()}>
              {t("app.save")}
            </Button>
          </>
        )}
      </div>
    </Panel>
  );
}
