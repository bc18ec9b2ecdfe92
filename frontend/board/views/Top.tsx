// The head of the board: the day, its plan, undo and redo, who else is here, and what to do next.
import { count } from "../pure/words";
import type { App } from "./app";
import { Icon } from "./Icon";
import { Progress, isSearching } from "./PlanPanel";

const LINES = { connecting: "Connecting…", live: "Live", lost: "No connection. Trying again…" };
const STATES: Record<string, [string, string]> = {
  asked: ["waiting", "is-quiet"], solving: ["searching", "is-quiet"], ready: ["draft", ""], released: ["released", "is-good"], superseded: ["superseded", "is-quiet"],
};

export function Top({ app }: { app: App }) {
  const { store, acts, config } = app;
  const board = store.board.value!;
  const { plan } = board;
  const draft = plan?.state === "ready";
  const [word, tone] = STATES[plan?.state ?? ""] ?? (store.live.value ? ["on the road", "is-good"] : ["no plan yet", "is-quiet"]);
  return (
    <header class="b-top">
      <div class="b-day">
        <DayLink config={config} by={-1} label="Day before" name="left" />
        <h1>{dayWords(config.day)}</h1>
        <DayLink config={config} by={1} label="Day after" name="right" />
      </div>
      <span class="b-state"><span class={`chip ${tone}`}>{word}{plan && plan.revision > 0 && ` · revision ${plan.revision}`}</span>
        {store.late.value > 0 && <button type="button" class="chip is-bad b-chip-button" onClick={() => void (store.sort.value = "late")}>{count(store.late.value, "late stop")}</button>}
        {board.breaches.length > 0 && <span class="chip is-warn">{count(board.breaches.length, "breach", "breaches")}</span>}
      </span>
      {isSearching(app) && <Progress app={app} />}
      <span class="b-push" />
      <People app={app} />
      <span class={`b-line is-${store.line.value}`}>{LINES[store.line.value]}</span>
      <span class="b-group">
        <Icon name="undo" label="Undo" keys="Control+Z" disabled={!draft || !plan.undo || store.busy.value} onClick={() => void acts.undo()} />
        <Icon name="redo" label="Redo" keys="Control+Shift+Z" disabled={!draft || !plan.redo || store.busy.value} onClick={() => void acts.redo()} />
        <Icon name="help" label="Keys and help" keys="?" onClick={() => void (store.panel.value = { kind: "help" })} />
      </span>
      {plan && plan.revision > 1 && <button type="button" class="button small quiet" onClick={() => void (store.panel.value = { kind: "compare" })}>Compare</button>}
      {store.live.value && <button type="button" class="button small quiet" onClick={() => void (store.panel.value = { kind: "order" })}>Add order…</button>}
      {config.may.plan && <button type="button" class={`button small${draft ? " quiet" : ""}`} onClick={() => void (store.panel.value = { kind: "plan" })}>Plan…</button>}
      {draft && plan.revision > 0 && config.may.release && <button type="button" class="button small" onClick={() => void (store.panel.value = { kind: "release" })}>Release…</button>}
    </header>
  );
}

function DayLink({ config, by, label, name }: { config: App["config"]; by: number; label: string; name: string }) {
  const next = new Date(Date.parse(`${config.day}T12:00:00Z`) + by * 86_400_000).toISOString().slice(0, 10);
  return <a class="b-icon-button" href={config.links.board.replace("DAY", next)} aria-label={label} title={label}><svg class="b-icon" viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><path d={name === "left" ? "M14 6l-6 6 6 6" : "M10 6l6 6-6 6"} /></svg></a>;
}

export function dayWords(day: string): string {
  return new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }).format(new Date(`${day}T12:00:00Z`));
}

/** Who else has the board open. */
function People({ app }: { app: App }) {
  const people = app.store.people.value;
  if (people.length === 0) return null;
  const names = people.map((one) => one.name).join(", ");
  return (
    <ul class="b-people" aria-label={`Also here: ${names}`}>
      {people.slice(0, 4).map((one, n) => <li key={one.tab} data-hue={n + 2} title={`${one.name}${one.selected.length ? `, holds ${count(one.selected.length, "stop")}` : ""}`}>{initials(one.name)}</li>)}
      {people.length > 4 && <li>+{people.length - 4}</li>}
    </ul>
  );
}

const initials = (name: string): string => name.split(/[\s@.]+/).slice(0, 2).map((word) => word[0]?.toUpperCase() ?? "").join("");
