// The dispatcher's board: reads what the page was told, puts the parts together, and begins.
import { render } from "preact";
import "./board.css";
import "./panels.css";
import { Acts } from "./store/acts";
import { Crew } from "./store/crew";
import { asker } from "./store/http";
import { Live } from "./store/live";
import { Notices } from "./store/notices";
import { Reader } from "./store/reader";
import { remote, wholeDay } from "./store/remote";
import { Runs } from "./store/runs";
import { Store } from "./store/store";
import type { App, Config } from "./views/app";
import { Drags } from "./views/drags";
import { globalKeys } from "./views/keys";
import { presence } from "./store/presence";
import { Shell } from "./views/Shell";

declare global {
  interface Window {
    homestretchBoard?: App;
  }
}

function begin(root: HTMLElement): void {
  const config = JSON.parse(document.getElementById("board-config")!.textContent!) as Config;
  const store = new Store();
  const server = remote(asker(config.token));
  const wanted = new URLSearchParams(location.search).get("plan") ?? undefined;
  const worker = new Worker(new URL("store/worker.ts", import.meta.url), { type: "module" });
  const live = new Live(store, server, config.day, config.events, wanted, new Reader(worker, wholeDay(config.day, wanted)));
  const notices = new Notices(store);
  const acts = new Acts(store, server, notices, live.refetch);
  live.onOthers = () => acts.reprice();
  const runs = new Runs(store, server, notices, live.refetch);
  const crew = new Crew(store, server, runs);
  crew.follow();
  const drags = new Drags(store, acts);
  const app: App = { store, acts, runs, crew, drags, live, config };
  window.homestretchBoard = app; // for whoever looks into the page's console
  root.replaceChildren();
  render(<Shell app={app} />, root);
  addEventListener("keydown", globalKeys(app));
  void live.start((cursor) => new EventSource(`/live/events?after=${encodeURIComponent(cursor)}`)).then(() => presence(store, server, config.day));
}

const root = document.getElementById("board");
if (root) begin(root);
