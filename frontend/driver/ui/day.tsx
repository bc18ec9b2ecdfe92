// Today's route: what is next, large; all stops beneath; what to do with the route, below.
import { useState } from "preact/hooks";
import type { Sheet, Stop } from "../kinds";
import { counts, isOpen, nextStop } from "../model/belief";
import { act, conflicts, day, over, phone, positionOff, said, sync, tap, waits, zone } from "../state";
import { clock, dayName, t, word } from "../texts";
import { waitingUpdate } from "../device/updates";
import { Icon } from "./icons";
import { Button, Frame, Notice, Panel } from "./parts";
import { go } from "./router";
import { Changes } from "./changes";
import { Left } from "./left";
import { Messages } from "./told";

export function Day() {
  const sheet = day.value;
  if (!sheet) return <Nothing />;
  return <Route sheet={sheet} />;
}

/** No route yet, or the shift is over. */
function Nothing() {
  const left = over.value;
  const waiting = waits.value.intents + waits.value.pictures;
  return (
    <Frame
      title={t("day.title")}
      foot={
        <>
          <Me />
          <Button kind="main" onClick={sync}>
            {t("day.refresh")}
          </Button>
        </>
      }
    >
      <News />
      <section class="empty">
        <Icon name={left ? "check" : "box"} />
        <h2>{t(left ? "day.over" : "day.none")}</h2>
        <p>{left ? t("day.over_why", { completed: left.completed, all: left.stops }) : t("day.none_why")}</p>
        {waiting > 0 ? <Notice kind="warn">{t("day.over_waits", { n: waiting })}</Notice> : null}
        {said.value ? <p class="soft">{t("day.age", { time: clock(said.value.at, zone.value) })}</p> : null}
      </section>
    </Frame>
  );
}

const Me = () => (
  <Button icon="person" name="me" onClick={() => go({ name: "me" })}>
    {t("me.title")}
  </Button>
);

/** What must be read before anything else. */
function News() {
  return (
    <>
      {conflicts.value.length > 0 ? (
        <button class="notice is-bad asks" onClick={() => go({ name: "out" })} data-do="conflicts">
          <Icon name="warn" />
          <span>
            <strong>{t("conflict.title")}</strong> · {t("conflict.some", { n: conflicts.value.length })}
          </span>
        </button>
      ) : null}
      {positionOff.value ? <Notice kind="warn">{t("me.position_off")}</Notice> : null}
      {waitingUpdate.value ? <Notice kind="info">{t("me.update")}</Notice> : null}
    </>
  );
}

function Route({ sheet }: { sheet: Sheet }) {
  const started = sheet.state === "started";
  const { all, ended } = counts(sheet);
  const next = started ? nextStop(sheet) : null;
  return (
    <Frame title={dayName(sheet.day)} foot={<Acts sheet={sheet} />}>
      <News />
      <Changes sheet={sheet} />
      <Messages all={sheet.messages} />
      <Left sheet={sheet} />
      <section class="van">
        <div>
          <strong>{sheet.vehicle.name}</strong> <span class="plate">{sheet.vehicle.plate}</span>
        </div>
        <div class="soft">
          <bdi dir="ltr">
            {clock(sheet.planned_start, zone.value)}–{clock(sheet.planned_end, zone.value)}
          </bdi>{" "}
          · {word("route", sheet.state)}
        </div>
        <progress max={all} value={ended} aria-label={t("day.stops")} />
        <div class="row soft">
          <span>{t("day.done_of", { done: ended, all })}</span>
          <span>{t("day.left", { n: all - ended })}</span>
        </div>
      </section>
      {sheet.on_break ? <Notice kind="info">{t("day.break_on")}</Notice> : null}
      {started && !next ? <Notice kind="good">{t("day.all_done")}</Notice> : null}
      {next ? <Next sheet={sheet} stop={next} /> : null}
      <h2 class="over-list">{t("day.list")}</h2>
      <ol class="stops">
        {sheet.stops.map((stop, i) => (
          <Row key={stop.stop_id} stop={stop} number={i + 1} />
        ))}
      </ol>
    </Frame>
  );
}

/** Whether nothing is owed here to anybody: goods are taken over, from another vehicle or at a depot. */
export const isTakeOver = (stop: Stop): boolean => stop.tasks.length === 0;

export const nameOf = (stop: Stop): string =>
  isTakeOver(stop)
    ? t("kind.take_over")
    : [...new Set(stop.tasks.map((task) => task.recipient.name).filter(Boolean))].join(", ") ||
      stop.place.label ||
      stop.place.address;

export function windowOf(stop: Stop): string {
  const from = zone.value;
  if (stop.windows.length === 0) return t("stop.windows_none");
  return stop.windows
    .map(({ start, end }) => t("stop.window", { from: clock(start, from), to: clock(end, from) }))
    .join(" · ");
}

function Next({ sheet, stop }: { sheet: Sheet; stop: Stop }) {
  const number = sheet.stops.indexOf(stop) + 1;
  return (
    <button class="next" onClick={() => go({ name: "stop", id: stop.stop_id, act: "look" })} data-do="next">
      <span class="soft">
        {t("day.next")} · {word("state", stop.state)}
      </span>
      <span class="head">
        <span class="big">{number}</span>
        <span>
          <strong>{nameOf(stop)}</strong>
          <span class="where">{stop.place.address}</span>
        </span>
      </span>
      <span class="row">
        <span>{windowOf(stop)}</span>
        <span class="soft">{t("stop.planned", { time: clock(stop.planned_arrive, zone.value) })}</span>
      </span>
    </button>
  );
}

const MARKS = { completed: "✓", partial: "½", failed: "✕", cancelled: "–", skipped: "↻" } as const;

function Row({ stop, number }: { stop: Stop; number: number }) {
  const mark = MARKS[stop.state as keyof typeof MARKS];
  return (
    <li class={`is-${stop.state}`} data-stop={stop.stop_id} data-state={stop.state}>
      <button onClick={() => go({ name: "stop", id: stop.stop_id, act: "look" })}>
        <span class="number">{number}</span>
        <span class="what">
          <strong>{nameOf(stop)}</strong>
          <span class="where">{stop.place.address}</span>
        </span>
        <span class="end">
          <span>{clock(stop.planned_arrive, zone.value)}</span>
          <span class="state">
            {mark ? <span aria-hidden="true">{mark} </span> : null}
            {isOpen(stop) && stop.state === "planned" ? "" : word("state", stop.state)}
          </span>
        </span>
      </button>
    </li>
  );
}

function Acts({ sheet }: { sheet: Sheet }) {
  const [more, setMore] = useState(false);
  const route_id = sheet.route_id;
  const next = nextStop(sheet);
  const rest = (
    <button class="button is-quiet square" onClick={() => setMore(true)} aria-label={t("app.more")} data-do="more">
      <Icon name="more" />
    </button>
  );
  const panel = more ? <More sheet={sheet} close={() => setMore(false)} /> : null;
  const load = (): void => {
    if (sheet.state !== "loading") void tap("start_loading", { route_id });
    go({ name: "load" });
  };
  if (sheet.state === "released")
    return (
      <>
        {panel}
        {rest}
        <Button kind="main" name="accept" icon="check" onClick={() => void tap("accept_route", { route_id, version: sheet.version })}>
          {t("day.accept")}
        </Button>
      </>
    );
  if (sheet.state !== "started")
    return (
      <>
        {panel}
        {rest}
        <Button name="load" icon="box" onClick={load}>
          {t("day.load")}
        </Button>
        <Button kind="main" name="start" onClick={() => void tap("start_route", { route_id })}>
          {t("day.go")}
        </Button>
      </>
    );
  return (
    <>
      {panel}
      {rest}
      {sheet.on_break ? (
        <Button kind="main" name="break-end" onClick={() => void tap("break_end", { route_id })}>
          {t("day.break_end")}
        </Button>
      ) : next ? (
        <Button
          kind="main"
          name="open-next"
          icon="way"
          onClick={() => go({ name: "stop", id: next.stop_id, act: "look" })}
        >
          {t("day.next")}
        </Button>
      ) : (
        <Button kind="main" name="end" onClick={() => go({ name: "end" })}>
          {t("day.end_check")}
        </Button>
      )}
    </>
  );
}

const REJECTS = ["vehicle_breakdown", "driver_unavailable", "out_of_time", "other"];

function More({ sheet, close }: { sheet: Sheet; close: () => void }) {
  const [giving, setGiving] = useState(false);
  const route_id = sheet.route_id;
  const then = (what: () => unknown) => (): void => {
    close();
    void what();
  };
  const started = sheet.state === "started";
  if (giving)
    return (
      <Panel title={t("day.reject_why")} close={close}>
        <div class="menu">
          {REJECTS.map((reason) => (
            <Button
              key={reason}
              kind="bad"
              onClick={then(() => act([{ kind: "reject_route", body: { route_id, reason } }]))}
            >
              {t("day.reject_sure")}: {word("why", reason)}
            </Button>
          ))}
        </div>
      </Panel>
    );
  return (
    <Panel title={t("app.more")} close={close}>
      <div class="menu">
        {started && !sheet.on_break ? (
          <Button icon="pause" name="break" onClick={then(() => tap("break_start", { route_id }))}>
            {t("day.break")}
          </Button>
        ) : null}
        {started ? (
          <Button icon="box" name="end" onClick={then(() => go({ name: "end" }))}>
            {t("day.end_check")}
          </Button>
        ) : (
          <Button icon="cross" kind="bad" onClick={() => setGiving(true)}>
            {t("day.reject")}
          </Button>
        )}
        {phone.value?.dispatcher_phone ? (
          <a class="button is-quiet" href={`tel:${phone.value.dispatcher_phone}`}>
            <Icon name="call" />
            <span>{t("me.dispatcher")}</span>
          </a>
        ) : null}
        <Button icon="person" name="me" onClick={then(() => go({ name: "me" }))}>
          {t("me.title")}
        </Button>
      </div>
    </Panel>
  );
}
