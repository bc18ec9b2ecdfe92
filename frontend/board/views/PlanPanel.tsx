// Ask for a plan: depots, how long to search. Or improve the one that stands, under its locks.
import { useSignal } from "@preact/signals";
import { isSearched } from "../pure/model";
import { count, money } from "../pure/words";
import type { App } from "./app";
import { Sheet } from "./Side";
import { SureSection } from "./SureSection";

const TIMES = [10, 20, 60, 180, 600];
const QUANTILES = [0, 70, 80, 90];
const sure = (percent: number): string => (percent ? `times that hold on ${percent} % of days` : "the usual times");
const words = (s: number): string => (s < 60 ? `${s} seconds` : count(s / 60, "minute"));

export function PlanPanel({ app }: { app: App }) {
  const { store, runs } = app;
  const board = store.board.value!;
  const seconds = useSignal(20);
  const quantile = useSignal(board.plan?.quantile ?? 0);
  const off = useSignal<ReadonlySet<string>>(new Set());
  const mine = useSignal(false);
  const { plan } = board;
  const searching = isSearching(app);
  const chosen = new Set([...store.selection.value.ids].flatMap((id) => board.stops.get(id)?.shift ?? []));
  const flip = (id: string, on: boolean): void => {
    const next = new Set(off.value);
    if (on) next.delete(id);
    else next.add(id);
    off.value = next;
  };
  return (
    <Sheet app={app} title="Plan this day">
      {searching && <Progress app={app} />}
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void runs.ask(off.value.size ? board.depots.map((one) => one.id).filter((id) => !off.value.has(id)) : [], seconds.value, quantile.value);
        }}
      >
        {board.depots.length > 1 && (
          <fieldset class="field">
            <legend>Depots</legend>
            {board.depots.map((depot) => (
              <label key={depot.id} class="check"><input type="checkbox" checked={!off.value.has(depot.id)} onChange={(event) => flip(depot.id, event.currentTarget.checked)} />{depot.name}</label>
            ))}
          </fieldset>
        )}
        <div class="field">
          <label for="b-seconds">Search for</label>
          <select id="b-seconds" value={seconds.value} onChange={(event) => void (seconds.value = Number(event.currentTarget.value))}>
            {TIMES.map((one) => <option key={one} value={one}>{words(one)}</option>)}
          </select>
          <span class="hint">The best plan so far can be seen and taken at any moment.</span>
        </div>
        <div class="field">
          <label for="b-quantile">Plan on</label>
          <select id="b-quantile" value={quantile.value} onChange={(event) => void (quantile.value = Number(event.currentTarget.value))}>
            {QUANTILES.map((one) => <option key={one} value={one}>{sure(one)}</option>)}
          </select>
          <span class="hint">Longer times keep more promises on slow days, and need more vans. From what your own days have taught.</span>
        </div>
        <p class="form-end"><button class="button" disabled={searching || store.busy.value || !app.config.may.plan}>{plan ? "Plan anew" : "Plan"}</button></p>
        {plan && <p class="soft">A new plan starts from nothing. What was changed by hand stays in the old one, which can be opened from here.</p>}
      </form>
      {plan?.state === "ready" && (
        <section>
          <h3>Improve what stands</h3>
          <p class="soft">Searches on from this revision, on {sure(plan.quantile)}. What is locked stays.</p>
          {chosen.size > 0 && <label class="check"><input type="checkbox" checked={mine.value} onChange={(event) => void (mine.value = event.currentTarget.checked)} />Only the {count(chosen.size, "route")} of the chosen stops</label>}
          <p><button type="button" class="button quiet" disabled={searching || store.busy.value} onClick={() => void runs.optimize(seconds.value, mine.value && chosen.size ? [...chosen] : null)}>Improve</button></p>
        </section>
      )}
      {plan?.state === "ready" && <SureSection app={app} board={board} revision={plan.revision} />}
      {board.plans.length > 1 && (
        <section>
          <h3>Plans of this day</h3>
          <ul class="bare">{board.plans.map((one) => <li key={one.id}><a href={`?plan=${one.id}`} aria-current={one.id === plan?.id ? "true" : undefined}>{one.state}, revision {one.revision}</a></li>)}</ul>
        </section>
      )}
    </Sheet>
  );
}

export const isSearching = (app: App): boolean => (app.store.board.value ? isSearched(app.store.board.value) : false);

export function Progress({ app }: { app: App }) {
  const board = app.store.board.value;
  const search = board?.plan?.search;
  if (!board || !search) return null;
  const told = search.progress;
  const at = Number(told["seconds"] ?? 0);
  return (
    <div class="b-progress" role="group" aria-label="Search">
      <label for="b-progress">{search.state === "waiting" ? "Waiting to begin…" : `Searching, ${Math.round(at)} of ${search.seconds} s`}</label>
      <progress id="b-progress" max={search.seconds} value={Math.min(at, search.seconds)} />
      <span class="soft">
        {"routes" in told && `${count(Number(told["routes"]), "route")} · `}
        {"unassigned" in told && `${told["unassigned"]} left out · `}
        {"cost" in told && money(Number(told["cost"]), board.currency)}
      </span>
      <button type="button" class="button small quiet" onClick={() => void app.runs.cancel()}>Stop and take the best</button>
    </div>
  );
}
