// How sure a plan is before its release: its weakest stops, what hurts them, and what would help.
import { nameOf } from "../pure/model";
import type { Board } from "../pure/model";
import { only } from "../pure/selection";
import { helps, likely } from "../pure/sure";
import { count } from "../pure/words";
import type { Odds } from "../wire";
import type { App } from "./app";

const MOST = 5;

export function SureSection({ app, board, revision }: { app: App; board: Board; revision: number }) {
  const { runs } = app;
  const asked = runs.odds.value?.revision === revision ? runs.odds.value : null;
  return (
    <section aria-live="polite">
      <h3>How sure is it?</h3>
      {!asked && <p class="soft">Drives this plan many times over, as much slower and faster as days are. Nothing is changed.</p>}
      {asked?.answer ? <Answer app={app} board={board} odds={asked.answer} /> : (
        <p><button type="button" class="button quiet" disabled={asked !== null} onClick={() => void runs.weigh()}>{asked ? "Driving it…" : "Find out"}</button></p>
      )}
    </section>
  );
}

function Answer({ app, board, odds }: { app: App; board: Board; odds: Odds }) {
  const weak = odds.weakest.slice(0, MOST);
  const found = helps(odds);
  const route = (shift: string): string => {
    const known = board.byShift.get(shift);
    return known ? nameOf(known) : "a route";
  };
  const stop = (visit: string): string => board.stops.get(visit)?.label || board.stops.get(visit)?.address || "a stop";
  const show = (visit: string): void => {
    const known = app.store.stop(visit);
    if (!known) return;
    app.store.selection.value = only(known.id);
    app.store.route.value = known.shift;
  };
  return (
    <>
      <p><b>{odds.kept.toFixed(1)} of {count(odds.stops, "stop")}</b> are expected to be on time.{odds.model === 0 && <> <span class="soft">Nothing was learned of your days yet: the widths are the usual ones.</span></>}</p>
      {weak.length > 0 && <h4>Least sure</h4>}
      <ul class="b-hunks">
        {weak.map((one) => (
          <li key={one.visit}><button type="button" class="b-hunk" onClick={() => show(one.visit)}>
            <b>{stop(one.visit)}: {likely(one.on_time)}</b>
            <span>{route(one.shift)}{one.part && `, hurt most by the ${one.part === "way" ? "way to" : "service at"} ${stop(one.of)}`}</span>
          </button></li>
        ))}
      </ul>
      {found.length > 0 && <h4>What would help</h4>}
      <ul class="b-reasons">
        {found.map((one) => (
          <li key={one.shift + one.visit}>{one.minutes > 0 ? `${route(one.shift)} starts ${one.minutes} min earlier` : `${stop(one.visit)} leaves ${route(one.shift)}`}: <small>{one.gain.toFixed(1)} more on time</small></li>
        ))}
      </ul>
    </>
  );
}
