// What a change would change, before it is kept: beside the pointer while it is carried, as a bar otherwise.
import { deltaWords } from "../pure/edits";
import { nameOf } from "../pure/model";
import { moreMoney, moreTime, moreWay } from "../pure/words";
import type { Draft } from "../store/store";
import type { App } from "./app";

const MOST = 3;

export function DraftWords({ app, draft }: { app: App; draft: Draft }) {
  const board = app.store.board.value;
  if (draft.state === "failed") return <p class="bad">{draft.failure}</p>;
  const { change } = draft;
  if (!change || !board) return <p class="soft">Counting what it changes…</p>;
  const { delta } = change;
  const tone = (n: number, least: number): string => (n > least ? "is-more" : n < -least ? "is-less" : "");
  return (
    <div class={draft.state === "asking" ? "b-delta is-old" : "b-delta"}>
      <ul class="b-figures" aria-label={deltaWords(delta).join(", ")}>
        <li class={tone(delta.meters, 50)}>{moreWay(delta.meters)}</li>
        <li class={tone(delta.seconds, 30)}>{moreTime(delta.seconds)}</li>
        {draft.road && draft.state === "asking" ? <li class="soft">an estimate</li> : <li class={tone(delta.cost, 0)}>{moreMoney(delta.cost, board.currency)}</li>}
        {Math.abs(delta.late) >= 30 && <li class={tone(delta.late, 30)}>lateness {moreTime(delta.late)}</li>}
      </ul>
      {change.perRoute.length > 1 && (
        <p class="b-per">{change.perRoute.slice(0, MOST).map(({ shift, delta: one }) => {
          const route = board.byShift.get(shift);
          return <span key={shift}><span class="b-dot" data-hue={route?.hue ?? 11} />{route ? nameOf(route) : ""} {moreTime(one.seconds)}</span>;
        })}</p>
      )}
      {delta.breaches.length > 0 && (
        <ul class="b-breaches">
          {delta.breaches.slice(0, MOST).map((text, n) => <li key={n}>{text}</li>)}
          {delta.breaches.length > MOST && <li>and {delta.breaches.length - MOST} more</li>}
        </ul>
      )}
    </div>
  );
}

/** Beside the pointer while stops are carried. */
export function Carried({ app }: { app: App }) {
  const drag = app.store.drag.value;
  const draft = app.store.draft.value;
  if (!drag) return null;
  const [x, y] = [Math.min(drag.x + 18, innerWidth - 290), Math.min(drag.y + 18, innerHeight - 150)];
  return (
    <div class="b-carried" style={{ transform: `translate(${x}px, ${y}px)` }} aria-hidden="true">
      <b>{draft ? draft.words : `${drag.ids.length} stop${drag.ids.length === 1 ? "" : "s"}: drop onto a route`}</b>
      {draft && <DraftWords app={app} draft={draft} />}
    </div>
  );
}

/** A draft made by keys, by a menu, or dropped where it breaks a rule: it waits for a yes. */
export function DraftBar({ app }: { app: App }) {
  const { store, acts } = app;
  const draft = store.draft.value;
  if (!draft || draft.by === "drag" || store.panel.value?.kind === "move") return null;
  const worse = (draft.change?.delta.breaches.length ?? 0) > 0;
  return (
    <div class={`b-draft${worse ? " is-worse" : ""}`} role="group" aria-label="A change that is not kept yet">
      <div><b>{draft.words}</b><DraftWords app={app} draft={draft} /></div>
      <span class="b-group">
        <button type="button" class={`button small${worse ? " danger" : ""}`} aria-keyshortcuts="Enter" disabled={draft.state !== "shown"} onClick={() => void acts.keep()}>{worse ? "Keep anyway" : "Keep"}</button>
        <button type="button" class="button small quiet" aria-keyshortcuts="Escape" onClick={() => acts.discard()}>Take back</button>
      </span>
    </div>
  );
}
