// Two revisions side by side: what moved, what came, what was left out, and what each route pays for it.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { nameOf } from "../pure/model";
import type { Board } from "../pure/model";
import { clock, count, moreMoney, moreTime, moreWay } from "../pure/words";
import { changeOf } from "../store/changes";
import type { Hunk, Step } from "../wire";
import type { App } from "./app";
import { Sheet } from "./Side";

const MOST = 200;

export function ComparePanel({ app }: { app: App }) {
  const { store, runs } = app;
  const board = store.board.value!;
  const from = useSignal(0);
  const to = useSignal(0);
  const standing = board.plan?.revision ?? 0;
  useEffect(() => {
    void runs.history();
    return () => {
      runs.difference.value = null;
      store.compared.value = new Set();
    };
  }, [standing]);
  const list = runs.revisions.value ?? [];
  const [a, b] = [from.value || Math.max(1, standing - 1), to.value || standing];
  const found = runs.difference.value;
  const pick = (id: string, words: string, value: number, set: (n: number) => void) => (
    <div class="field">
      <label for={id}>{words}</label>
      <select id={id} value={value} onChange={(event) => set(Number(event.currentTarget.value))}>
        {[...Array(standing).keys()].map((n) => standing - n).map((number) => (
          <option key={number} value={number}>{titleOf(number, list.find((one) => one.revision === number), board.zone)}</option>
        ))}
      </select>
    </div>
  );
  return (
    <Sheet app={app} title="Compare revisions">
      {standing < 2 ? <p class="empty">There is only one revision so far.</p> : (
        <form class="form" onSubmit={(event) => { event.preventDefault(); void runs.compare(a, b); }}>
          {pick("b-from", "Before", a, (n) => void (from.value = n))}
          {pick("b-to", "After", b, (n) => void (to.value = n))}
          <p class="form-end"><button class="button" disabled={a === b}>Compare</button></p>
        </form>
      )}
      {found && (
        <section aria-live="polite">
          <h3>{count(found.hunks.length, "difference")}</h3>
          <table class="table b-small-table">
            <thead><tr><th scope="col">Route</th><th scope="col" class="num">Way</th><th scope="col" class="num">Time</th><th scope="col" class="num">Cost</th></tr></thead>
            <tbody>{changeOf(board, found).perRoute.map(({ shift, delta }) => (
              <tr key={shift}><th scope="row">{nameIn(board, shift)}</th><td class="num">{moreWay(delta.meters)}</td><td class="num">{moreTime(delta.seconds)}</td><td class="num">{moreMoney(delta.cost, board.currency)}</td></tr>
            ))}</tbody>
          </table>
          <ul class="b-hunks">
            {found.hunks.slice(0, MOST).map((hunk) => (
              <li key={hunk.visits.join()}><button type="button" class="b-hunk" onClick={() => show(app, hunk)}>
                <b>{hunkName(board, hunk)}</b><span>{hunkWords(board, hunk)}</span>
              </button></li>
            ))}
          </ul>
          {found.hunks.length > MOST && <p class="soft">and {found.hunks.length - MOST} more</p>}
        </section>
      )}
    </Sheet>
  );
}

const WHYS: Record<string, string> = { solved: "planned", edited: "changed", moved: "changed", undone: "taken back", redone: "made again" };

function titleOf(number: number, step: Step | undefined, zone: string): string {
  if (!step) return number === 1 ? "1: as planned" : `Revision ${number}`;
  return `${number}: ${[step.note || WHYS[step.why] || step.why, step.by, clock(Date.parse(step.at) / 1000, zone)].filter(Boolean).join(", ")}`;
}

function hunkName(board: Board, hunk: Hunk): string {
  const first = board.stops.get(hunk.visits[0] ?? "");
  if (hunk.visits.length > 1) return `${count(hunk.visits.length, "stop")} from ${first?.label || first?.address || "a stop"} on`;
  return first?.label || first?.address || "A stop";
}

const nameIn = (board: Board, shift: string): string => {
  const route = board.byShift.get(shift);
  return route ? nameOf(route) : "a route";
};

export function hunkWords(board: Board, hunk: Hunk): string {
  const at = (one: NonNullable<Hunk["from"]>): string => `${nameIn(board, one.shift_id)}, stop ${one.position + 1}`;
  if (hunk.from && hunk.to) return hunk.from.shift_id === hunk.to.shift_id ? `${at(hunk.from)} → stop ${hunk.to.position + 1}` : `${at(hunk.from)} → ${at(hunk.to)}`;
  if (hunk.to) return `new on ${at(hunk.to)}`;
  return hunk.from ? `taken off ${at(hunk.from)}` : "left out";
}

function show(app: App, hunk: Hunk): void {
  const { store } = app;
  const stop = store.stop(hunk.visits[0] ?? "");
  if (!stop) return;
  store.selection.value = { ids: new Set(hunk.visits), anchor: stop.id };
  store.hover.value = stop.id;
  store.route.value = stop.shift;
}
