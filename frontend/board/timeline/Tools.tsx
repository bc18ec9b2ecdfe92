// Nearer, wider, all, now: each by a button too. And what the marks mean.
import type { App } from "../views/app";
import { Icon } from "../views/Icon";
import { panned, zoomed } from "./scale";

export function Tools({ app }: { app: App }) {
  const { store } = app;
  const zoom = (factor: number) => (): void => {
    const { from, to } = store.view.value;
    store.seen.value = zoomed({ from, to }, factor, (from + to) / 2, store.day.value);
  };
  const pan = (part: number) => (): void => {
    const { from, to } = store.view.value;
    store.seen.value = panned({ from, to }, part * (to - from), store.day.value);
  };
  const toNow = (): void => {
    const now = store.clock.value;
    store.seen.value = { from: now - 3600, to: now + 3 * 3600 };
  };
  return (
    <div class="b-tools" role="toolbar" aria-label="Timeline view">
      <h2 class="b-pane-title">Timeline</h2>
      <ul class="b-legend" aria-label="What the marks mean">
        <li><i class="b-key is-wait" />wait</li>
        <li><i class="b-key is-window" />window</li>
        <li><i class="b-key is-late" />late</li>
        <li><i class="b-key is-break" />break</li>
      </ul>
      <label class="b-check"><input type="checkbox" checked={store.windows.value} onChange={(event) => void (store.windows.value = event.currentTarget.checked)} />All windows</label>
      <span class="b-group">
        <Icon name="left" label="Earlier" onClick={pan(-0.5)} />
        <Icon name="right" label="Later" onClick={pan(0.5)} />
        <Icon name="minus" label="Zoom out" onClick={zoom(1.5)} />
        <Icon name="plus" label="Zoom in" onClick={zoom(0.66)} />
      </span>
      <button type="button" class="button small quiet" onClick={() => void (store.seen.value = null)}>Whole day</button>
      <button type="button" class="button small quiet" onClick={toNow}>Now</button>
    </div>
  );
}
