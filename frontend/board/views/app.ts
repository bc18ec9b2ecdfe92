// What every view is handed: the store, the acts, and what the page was told.
import type { Basemap } from "../../shared/basemap";
import type { Acts } from "../store/acts";
import type { Runs } from "../store/runs";
import type { Live } from "../store/live";
import type { Store } from "../store/store";
import type { Drags } from "./drags";

export interface Config {
  day: string;
  today: string;
  basemap: Basemap | null;
  token: string;
  events: string[];
  may: { plan: boolean; release: boolean };
  links: { board: string; order: string; message: string };
}

export interface App {
  store: Store;
  acts: Acts;
  runs: Runs;
  drags: Drags;
  live: Live;
  config: Config;
}
