// Tells the others that this board is open and what is chosen on it; quiet while the page is hidden.
import { effect } from "@preact/signals";
import type { Server } from "./server";
import type { Store } from "./store";

const SOON_MS = 250;
const BEAT_MS = 8000;
const MOST = 200;

export function presence(store: Store, server: Server, day: string): () => void {
  let waiting = 0;
  const tell = (): void => {
    waiting = 0;
    if (document.hidden) return;
    server.here(day, [...store.selection.peek().ids].slice(0, MOST)).then(
      (people) => void (store.people.value = people.filter((one) => !one.me)),
      () => undefined, // it is said again with the next beat
    );
  };
  const soon = (): void => void (waiting ||= window.setTimeout(tell, SOON_MS));
  const end = effect(() => {
    void store.selection.value;
    soon();
  });
  const beat = setInterval(tell, BEAT_MS);
  document.addEventListener("visibilitychange", soon);
  const gone = (): void => server.gone();
  addEventListener("pagehide", gone);
  return () => {
    end();
    clearInterval(beat);
    clearTimeout(waiting);
    document.removeEventListener("visibilitychange", soon);
    removeEventListener("pagehide", gone);
  };
}
